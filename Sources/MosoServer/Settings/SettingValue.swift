public import MosoFormats

/// What a setting is set to, before it is known whether it may be.
public enum SettingValue: Sendable, Hashable {
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// Any number.
  case number(Double)
  /// On or off.
  case flag(Bool)
  /// Texts in order.
  case list([String])
}

extension SettingValue {
  /// The value as JSON.
  public var json: JSONValue {
    switch self {
    case .text(let value): .string(value)
    case .integer(let value): .integer(value)
    case .number(let value): Int(exactly: value).map { .integer($0) } ?? .number(value)
    case .flag(let value): .bool(value)
    case .list(let values): .array(values.map { .string($0) })
    }
  }
}

/// What values a setting takes.
public enum SettingKind: Sendable, Hashable {
  /// A text of some form.
  case text(form: String)
  /// A whole number.
  case integer(ClosedRange<Int>)
  /// A number of seconds.
  case seconds(ClosedRange<Double>)
  /// A number of bytes, perhaps with a unit: `kB`, `MB`, `GB`, `TB`, or `KiB`, `MiB`, `GiB`, `TiB`.
  case bytes(ClosedRange<Int>)
  /// On or off.
  case flag
  /// One of some words.
  case choice([String])
  /// Texts of some form.
  case list(form: String)

  /// What is expected, for errors and help.
  public var expectation: String {
    switch self {
    case .text(let form): form
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seconds(let range):
      "a number of seconds from \(SettingKind.plain(range.lowerBound)) to \(SettingKind.plain(range.upperBound))"
    case .bytes(let range): "a size such as 8GB or 512MiB, from \(range.lowerBound) to \(range.upperBound) bytes"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .list(let form): "a list of \(form)"
    }
  }

  private static func plain(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
}

/// Sizes as people write them.
enum ByteSize {
  private static let units: [(String, Int)] = [
    ("tib", 1 << 40), ("gib", 1 << 30), ("mib", 1 << 20), ("kib", 1 << 10),
    ("tb", 1_000_000_000_000), ("gb", 1_000_000_000), ("mb", 1_000_000), ("kb", 1_000), ("b", 1), ("", 1),
  ]

  /// Reads a number, which may have a fraction, and perhaps a unit; `nil` for anything else.
  static func parse(_ text: String) -> Int? {
    let text = text.lowercased()
    guard text.utf8.count <= 32, let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
    var digits = text.dropLast(unit.count)
    while digits.last == " " { digits.removeLast() }
    let isNumber = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    guard isNumber, digits.first != ".", digits.last != "." else { return nil }
    if let whole = Int(digits) {
      let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
      return overflow ? nil : bytes
    }
    guard let number = Double(digits) else { return nil }
    return Int(exactly: (number * Double(factor)).rounded())
  }
}
