/// `str.format`: texts with `{}` fields.
extension Renderer {
  func formatFields(_ text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    var result = MarkedText()
    var offset = 0
    var automatic = 0
    let bytes = text.bytes
    try spend(mapping: text)
    while offset < bytes.count {
      try spend(1 + arguments.keywords.count >> 2)
      let open = bytes[offset...].firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") } ?? bytes.count
      try append(text[offset..<open], to: &result)
      guard open < bytes.count else { break }
      if open + 1 < bytes.count, bytes[open + 1] == bytes[open] {
        result.append(text[open..<open + 1])
        offset = open + 2
        continue
      }
      guard bytes[open] == UInt8(ascii: "{"), let close = bytes[open...].firstIndex(of: UInt8(ascii: "}")) else {
        throw invalid("'format'", "a brace without its partner", expected: "'{{' and '}}' for braces")
      }
      let field = text[open + 1..<close]
      try append(try formatted(field, arguments, &automatic, text.origin(at: open)), to: &result)
      offset = close + 1
    }
    return result
  }

  /// One field: `name!conversion:layout`, each part optional.
  private func formatted(
    _ field: MarkedText, _ arguments: Arguments, _ automatic: inout Int, _ origin: MarkedText.Origin
  ) throws(TemplateError) -> MarkedText {
    let colon = field.firstOffset(of: MarkedText(":"))
    var name = field[0..<(colon ?? field.bytes.count)]
    let written = colon.map { field[$0 + 1..<field.bytes.count].string } ?? ""
    var conversion = ""
    if let mark = name.firstOffset(of: MarkedText("!")) {
      conversion = name[mark + 1..<name.bytes.count].string
      name = name[0..<mark]
    }
    var value = try argument(name, arguments, &automatic)
    switch conversion {
    case "": break
    case "s": value = .text(try text(of: value))
    case "r": value = .text(try description(of: value))
    default: throw invalid("'format'", "the conversion '\(conversion)'", expected: "'r' or 's'")
    }
    guard let layout = FieldLayout(written) else {
      throw invalid("'format'", "the layout '\(written)'", expected: "like '>10' or '.2f'")
    }
    return try laidOut(value, layout, written, origin)
  }

  private func laidOut(
    _ value: Value, _ layout: FieldLayout, _ written: String, _ origin: MarkedText.Origin
  ) throws(TemplateError) -> MarkedText {
    switch value {
    case .integer, .float: return try numberField(value, layout, origin)
    case .bool where !written.isEmpty: return try numberField(value, layout, origin)
    case .text(var text):
      guard layout.type == nil || layout.type == "s", layout.sign.isEmpty else {
        throw invalid("'format'", "the layout '\(written)' for a string", expected: "one without a number's type")
      }
      if let precision = layout.precision { text = text.scalars(0, min(precision, text.count)) }
      return try laidOut(text, layout)
    default:
      guard written.isEmpty else { throw wrongType("'format' with a layout", value, expected: "a string or a number") }
      return try text(of: value)
    }
  }

  /// The value a field names: a number, a name or nothing, then attributes and subscripts.
  private func argument(
    _ name: MarkedText, _ arguments: Arguments, _ automatic: inout Int
  ) throws(TemplateError) -> Value {
    let text = name.string
    let head = text.prefix { $0 != "." && $0 != "[" }
    var value: Value
    if head.isEmpty || head.allSatisfy({ "0"..."9" ~= $0 }) {
      let index = head.isEmpty ? automatic : Int(head) ?? .max
      if head.isEmpty { automatic += 1 }
      guard arguments.positional.indices.contains(index) else {
        throw invalid("'format'", "no value for field \(index)", expected: "given")
      }
      value = arguments.positional[index]
    } else {
      guard let keyword = arguments.keywords.first(where: { $0.name == head }) else {
        throw invalid("'format'", "no value for '\(head)'", expected: "given")
      }
      value = keyword.value
    }
    var rest = text.dropFirst(head.count)
    while let first = rest.first {
      rest.removeFirst()
      let isSubscript = first == "["
      let part = String(rest.prefix { isSubscript ? $0 != "]" : $0 != "." && $0 != "[" })
      rest = rest.dropFirst(part.count + (isSubscript ? 1 : 0))
      if isSubscript {
        value = try item(Int(part).map { .integer($0) } ?? .text(part), of: value, at: offset)
      } else {
        value = try attribute(AttributeName(part), of: value)
      }
    }
    return value
  }
}

extension FieldLayout {
  /// Reads `[[fill]align][sign][#][0][width][,][.precision][type]`.
  fileprivate init?(_ text: String) {
    var rest = Array(text.unicodeScalars)[...]
    func alignment(_ scalar: Unicode.Scalar?) -> Alignment? {
      switch scalar {
      case "<": .left
      case ">": .right
      case "^": .center
      case "=": .afterSign
      default: nil
      }
    }
    var hasFill = false
    if let found = alignment(rest.dropFirst().first), let fill = rest.first {
      (self.alignment, self.fill, hasFill) = (found, fill, true)
      rest = rest.dropFirst(2)
    } else if let found = alignment(rest.first) {
      self.alignment = found
      rest = rest.dropFirst()
    }
    if let sign = rest.first, ["+", "-", " "].contains(sign) {
      self.sign = sign == "-" ? "" : String(sign)
      rest = rest.dropFirst()
    }
    if rest.first == "#" {
      isAlternate = true
      rest = rest.dropFirst()
    }
    if rest.first == "0" {
      if !hasFill { fill = "0" }
      if self.alignment == nil { self.alignment = .afterSign }
      rest = rest.dropFirst()
    }
    func number() -> Int? {
      let digits = rest.prefix { "0"..."9" ~= $0 }
      rest = rest.dropFirst(digits.count)
      guard digits.count < 10 else { return nil }
      return digits.isEmpty ? 0 : digits.reduce(0) { $0 * 10 + Int($1.value - 48) }
    }
    guard let width = number() else { return nil }
    self.width = width
    if let separator = rest.first, separator == "," || separator == "_" {
      groupSeparator = Character(separator)
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      guard rest.first.map({ "0"..."9" ~= $0 }) == true, let precision = number() else { return nil }
      self.precision = precision
    }
    type = rest.popFirst()
    guard rest.isEmpty else { return nil }
  }
}
