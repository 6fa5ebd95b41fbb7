/// JSON in the layout of Python's `json.dumps`, which is what Hugging Face's `tojson` gives.
struct JSONLayout {
  /// What one level is indented by; without it everything is on one line.
  var indent: String?
  var itemSeparator = ", "
  var keySeparator = ": "
  var escapesNonASCII = false
  var sortsKeys = false
}

extension SerialWriter {
  mutating func writeJSON(_ value: Value, _ layout: JSONLayout, level: Int = 0) throws(TemplateError) {
    try renderer.spend()
    switch value {
    case .none: try write("null")
    case .bool(let flag): try write(flag ? "true" : "false")
    case .integer(let number): try write(String(number))
    case .float(let number): try write(Self.json(number))
    case .text(let text):
      try renderer.spend(reading: text)
      try write(text, Self.json(text, escapesNonASCII: layout.escapesNonASCII))
    case .list(let list) where list.kind == .list || list.kind == .tuple:
      try writeMembers(list.elements, "[", "]", layout, level) { (writer, element) throws(TemplateError) in
        try writer.writeJSON(element, layout, level: level + 1)
      }
    case .dictionary(let dictionary):
      let members = try sortedMembers(dictionary, layout)
      try writeMembers(members, "{", "}", layout, level) { (writer, member) throws(TemplateError) in
        try writer.renderer.spend(reading: member.key)
        try writer.write(member.key, Self.json(member.key, escapesNonASCII: layout.escapesNonASCII))
        try writer.write(layout.keySeparator)
        try writer.writeJSON(member.value, layout, level: level + 1)
      }
    default: throw renderer.wrongType("'tojson'", value, expected: "a value that JSON can hold")
    }
  }

  private mutating func writeMembers<Member>(
    _ members: [Member], _ open: String, _ close: String, _ layout: JSONLayout, _ level: Int,
    _ body: (inout SerialWriter, Member) throws(TemplateError) -> Void
  ) throws(TemplateError) {
    try write(open)
    for (index, member) in members.enumerated() {
      if index > 0 { try write(layout.itemSeparator) }
      try newLine(layout, level + 1)
      try body(&self, member)
    }
    if !members.isEmpty { try newLine(layout, level) }
    try write(close)
  }

  private mutating func newLine(_ layout: JSONLayout, _ level: Int) throws(TemplateError) {
    guard let indent = layout.indent else { return }
    try renderer.spend(level)
    try write("\n")
    for _ in 0..<level { try write(indent) }
  }

  private func sortedMembers(
    _ dictionary: DictionaryValue, _ layout: JSONLayout
  ) throws(TemplateError) -> [(key: MarkedText, value: Value)] {
    var pairs = Array(zip(dictionary.keys, dictionary.values))
    if layout.sortsKeys {
      let order = try renderer.sortedIndices(of: pairs.map { [$0.0] }, for: "'tojson'", reverse: false)
      pairs = order.map { pairs[$0] }
    }
    var members: [(key: MarkedText, value: Value)] = []
    for (key, value) in pairs { members.append((key: try memberName(key), value: value)) }
    return members
  }

  private func memberName(_ key: Value) throws(TemplateError) -> MarkedText {
    switch key {
    case .text(let text): return text
    case .none: return MarkedText("null")
    case .bool(let flag): return MarkedText(flag ? "true" : "false")
    case .integer(let number): return MarkedText(String(number))
    case .float(let number): return MarkedText(Self.json(number))
    default: throw renderer.wrongType("'tojson'", key, expected: "keys that are strings or numbers")
    }
  }

  private static func json(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return PythonNumber.text(number)
  }

  private static func json(_ text: MarkedText, escapesNonASCII: Bool) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    result.reserveCapacity(text.bytes.count + 2)
    for (range, scalar) in text.scalarRanges() {
      switch scalar {
      case "\"", "\\": result += [UInt8(ascii: "\\"), UInt8(scalar.value)]
      case "\n": result += "\\n".utf8
      case "\r": result += "\\r".utf8
      case "\t": result += "\\t".utf8
      case "\u{8}": result += "\\b".utf8
      case "\u{C}": result += "\\f".utf8
      case _ where scalar.value < 0x20 || (escapesNonASCII && scalar.value > 0x7E):
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          result += ("\\u" + hexadecimal(UInt32(unit), digits: 4)).utf8
        }
      default: result += text.bytes[range]
      }
    }
    result.append(UInt8(ascii: "\""))
    return String(decoding: result, as: UTF8.self)
  }
}
