/// Reads arguments that are elements of their own, byte by byte, and makes a JSON object of them.
struct ElementScanner: Sendable {
  /// What a byte did.
  enum Outcome: Sendable, Hashable { case goesOn, ended, broken }

  /// What the next byte belongs to.
  private enum Part { case between, key, beforeValue, value }

  private let syntax: ElementSyntax
  private let kinds: [String: ArgumentKind]
  private var part = Part.between
  /// The bytes of the part so far; of a value those that are not told yet.
  private var bytes: [UInt8] = []
  /// Bytes that may be the end of a value.
  private var held: [UInt8] = []
  /// Whether a byte of the value came.
  private var hasBegun = false
  private var key = ""
  private var keys: Set<String> = []
  /// The object's JSON that was not taken yet.
  private var json: [UInt8] = [UInt8(ascii: "{")]
  private let valueEnds: [[UInt8]]

  /// A scanner of a tool's arguments.
  init(_ syntax: ElementSyntax, kinds: [String: ArgumentKind]) {
    self.syntax = syntax
    self.kinds = kinds
    let end = Array(syntax.valueClosing.utf8)
    valueEnds = syntax.padsValues ? [Array(syntax.padding.utf8) + end, end] : [end]
  }

  /// The JSON that became known since the last time.
  mutating func takeJSON() -> [UInt8] {
    defer { json = [] }
    return json
  }

  /// Takes the next byte.
  mutating func take(_ byte: UInt8) -> Outcome {
    switch part {
    case .between:
      if bytes.isEmpty && byte.isJSONSpace { return .goesOn }
      bytes.append(byte)
      if bytes.elementsEqual(syntax.ending.utf8) {
        json.append(UInt8(ascii: "}"))
        return .ended
      }
      if syntax.ending.utf8.starts(with: bytes) { return .goesOn }
      return begin(.key, after: syntax.keyOpening)
    case .key:
      bytes.append(byte)
      guard bytes.count < Self.longestKey else { return .broken }
      let end = syntax.keyClosing.utf8
      guard bytes.suffix(end.count).elementsEqual(end) else { return .goesOn }
      key = String(decoding: bytes.dropLast(end.count), as: UTF8.self)
      // A second value of the same argument has no place in an object.
      guard !key.isEmpty, keys.insert(key).inserted else { return .broken }
      json += Array((keys.count > 1 ? ", " : "").utf8) + Array("\(quoted(key)): ".utf8)
      begin(syntax.valueOpening.isEmpty ? .value : .beforeValue)
      return .goesOn
    case .beforeValue:
      if bytes.isEmpty && byte.isJSONSpace { return .goesOn }
      bytes.append(byte)
      return begin(.value, after: syntax.valueOpening)
    case .value:
      held.append(byte)
      while !held.isEmpty {
        if valueEnds.contains(held) {
          endValue()
          return .goesOn
        }
        if valueEnds.contains(where: { $0.starts(with: held) }) { return .goesOn }
        takeInValue(held.removeFirst())
      }
      return .goesOn
    }
  }

  private static let longestKey = 1_024

  /// Goes on to a part once the text before it is whole.
  private mutating func begin(_ part: Part, after text: String) -> Outcome {
    guard text.utf8.starts(with: bytes) else { return .broken }
    if bytes.count == text.utf8.count { begin(part) }
    return .goesOn
  }

  private mutating func begin(_ part: Part) {
    self.part = part
    bytes = []
    hasBegun = false
    if part == .value, isText { json.append(UInt8(ascii: "\"")) }
  }

  /// Whether the value is a text, which can be told as it comes.
  private var isText: Bool {
    switch kinds[key] {
    case .text, .words: true
    case .json, nil: false
    }
  }

  private mutating func takeInValue(_ byte: UInt8) {
    defer { hasBegun = true }
    if !hasBegun && syntax.padsValues && byte == UInt8(ascii: "\n") { return }
    if isText {
      // A byte of a longer character stands for itself.
      if byte < 0x80 {
        json += quoted(String(UnicodeScalar(byte))).utf8.dropFirst().dropLast()
      } else {
        json.append(byte)
      }
    } else {
      bytes.append(byte)
    }
  }

  private mutating func endValue() {
    if isText {
      json.append(UInt8(ascii: "\""))
    } else {
      json += (kinds[key] ?? .json(isText: false)).value(of: bytes)
    }
    held = []
    begin(.between)
  }
}
