extension JSONValue {
  /// The value as JSON text.
  ///
  /// Numbers are written with as many digits as reading them back needs. What JSON cannot say (NaN and the infinities)
  /// is written as `null`, as JavaScript does.
  ///
  /// - Parameters:
  ///   - sortedKeys: Whether the members of each object are ordered by the bytes of their keys instead of as they stand.
  ///   - indentation: How many spaces each level is indented by, one member a line; `nil` writes everything in one line
  ///     without spaces.
  /// - Returns: The text, without a line break at its end.
  public func serialized(sortedKeys: Bool = false, indentation: Int? = nil) -> String {
    String(decoding: serializedBytes(sortedKeys: sortedKeys, indentation: indentation), as: UTF8.self)
  }

  /// The value as JSON text in UTF-8; see `serialized`.
  public func serializedBytes(sortedKeys: Bool = false, indentation: Int? = nil) -> [UInt8] {
    var writer = JSONWriter(sortedKeys: sortedKeys, indentation: indentation)
    writer.write(self)
    return writer.text
  }
}

/// Writes JSON values as text.
private struct JSONWriter {
  let sortedKeys: Bool
  let indentation: Int?
  var text: [UInt8] = []
  private var depth = 0

  init(sortedKeys: Bool, indentation: Int?) {
    self.sortedKeys = sortedKeys
    self.indentation = indentation
  }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .number(let value): append(value.isFinite ? value.description : "null")
    case .string(let value): writeString(value)
    case .array(let elements):
      writeList(elements, open: "[", close: "]") { writer, element in writer.write(element) }
    case .object(let object):
      let order = sortedKeys ? object.indices.sorted { Self.precedes(object.keys[$0], object.keys[$1]) } : nil
      writeList(order ?? Array(object.indices), open: "{", close: "}") { writer, position in
        writer.writeString(object.keys[position])
        writer.append(writer.indentation == nil ? ":" : ": ")
        writer.write(object.values[position])
      }
    }
  }

  private mutating func writeList<Element>(
    _ elements: [Element], open: String, close: String, _ writeElement: (inout JSONWriter, Element) -> Void
  ) {
    append(open)
    depth += 1
    for (position, element) in elements.enumerated() {
      if position > 0 { append(",") }
      startLine()
      writeElement(&self, element)
    }
    depth -= 1
    if !elements.isEmpty { startLine() }
    append(close)
  }

  private mutating func startLine() {
    guard let indentation else { return }
    append("\n")
    text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * depth))
  }

  private mutating func writeString(_ string: String) {
    append("\"")
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x08: append("\\b")
      case 0x0C: append("\\f")
      case 0..<0x20:
        append(byte < 0x10 ? "\\u000" : "\\u00")
        append(String(byte, radix: 16))
      default: text.append(byte)
      }
    }
    append("\"")
  }

  private mutating func append(_ string: String) { text.append(contentsOf: string.utf8) }

  private static func precedes(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }
}
