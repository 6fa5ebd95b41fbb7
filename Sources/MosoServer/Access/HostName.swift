/// A host as the authority of a URL names it, in the one form in which equal hosts compare equal.
///
/// Names are in lower case and without the dot at their end; an IPv6 address is the same however its zeros were written.
public struct HostName: Sendable, Hashable {
  private enum Form: Sendable, Hashable {
    case name(String)
    case address4(UInt32)
    case address6([UInt16])
  }

  private let form: Form

  /// The name that every system gives itself.
  public static let localhost = HostName(form: .name("localhost"))
  /// The address 127.0.0.1.
  public static let loopback4 = HostName(form: .address4(0x7F00_0001))
  /// The address ::1.
  public static let loopback6 = HostName(form: .address6([0, 0, 0, 0, 0, 0, 0, 1]))

  private init(form: Form) { self.form = form }

  /// Reads a name, an IPv4 address in four decimal numbers, or an IPv6 address in brackets.
  ///
  /// `nil` for anything else, and that is: other letters than ASCII, user information, zones of an IPv6 address, and the
  /// shortened, octal and hexadecimal forms of IPv4 addresses, which programs read differently.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    if bytes.first == UInt8(ascii: "[") {
      guard bytes.last == UInt8(ascii: "]"), let groups = Self.address6(bytes.dropFirst().dropLast()) else {
        return nil
      }
      form = .address6(groups)
    } else if let address = Self.address4(bytes[...]) {
      form = .address4(address)
    } else if let name = Self.name(bytes) {
      form = .name(name)
    } else {
      return nil
    }
  }

  /// Reads what a person calls a host: as `init(_:)`, and IPv6 addresses without brackets too.
  public init?(unbracketed text: some StringProtocol) {
    if let host = HostName(text) {
      self = host
    } else if let groups = Self.address6(Array(text.utf8)[...]) {
      form = .address6(groups)
    } else {
      return nil
    }
  }

  /// Whether only this machine answers under it: `localhost`, 127.0.0.0/8 and ::1, also as mapped into IPv6.
  public var isLoopback: Bool {
    switch form {
    case .name(let name): name == "localhost"
    case .address4(let address): address >> 24 == 127
    case .address6(let groups):
      self == .loopback6 || groups[..<5].allSatisfy { $0 == 0 } && groups[5] == 0xFFFF && groups[6] >> 8 == 127
    }
  }
}

// MARK: Reading

extension HostName {
  /// A name of at most 253 letters, digits, hyphens and underscores in labels of at most 63.
  private static func name(_ bytes: [UInt8]) -> String? {
    let bytes = bytes.last == UInt8(ascii: ".") ? bytes.dropLast() : bytes[...]
    guard !bytes.isEmpty, bytes.count <= 253 else { return nil }
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isNameByte) }) else { return nil }
    // What ends in a number is an address for browsers, or an attempt at one: 127.1, 0x7f.1, 2130706433.
    guard let last = labels.last, !isNumber(last) else { return nil }
    return String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
    if label.starts(with: "0x".utf8) || label.starts(with: "0X".utf8) {
      return label.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    }
    return label.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Four decimal numbers below 256 without leading zeros.
  private static func address4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      guard part.count == 1 || part.first != 0x30 else { return nil }
      let value = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
      guard value < 256 else { return nil }
      address = address << 8 | value
    }
    return address
  }

  /// Eight groups of up to four hexadecimal digits, of which `::` stands for one or more zeros (RFC 4291, 2.2).
  private static func address6(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    guard (2...45).contains(bytes.count) else { return nil }
    let colon = UInt8(ascii: ":")
    let gap = bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
    guard let gap else {
      let groups = groups(bytes)
      return groups?.count == 8 ? groups : nil
    }
    guard let head = groups(bytes[..<gap]), let tail = groups(bytes[(gap + 2)...]) else { return nil }
    guard head.count + tail.count <= 7 else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    if bytes.isEmpty { return [] }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (position, part) in parts.enumerated() {
      if position == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let address = address4(part) else { return nil }
        groups += [UInt16(address >> 16), UInt16(address & 0xFFFF)]
        continue
      }
      // `UInt16` would read a sign too.
      guard (1...4).contains(part.count), part.first != UInt8(ascii: "+"), part.first != UInt8(ascii: "-"),
        let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}

extension HostName: CustomStringConvertible {
  /// The host as a URL writes it; an IPv6 address with all its groups.
  public var description: String {
    switch form {
    case .name(let name): name
    case .address4(let address): (0..<4).map { "\(address >> (24 - 8 * $0) & 0xFF)" }.joined(separator: ".")
    case .address6(let groups): "[" + groups.map { String($0, radix: 16) }.joined(separator: ":") + "]"
    }
  }
}
