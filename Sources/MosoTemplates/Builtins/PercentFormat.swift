/// What a `%` directive or a `{}` field says about the layout of one value.
struct FieldLayout {
  enum Alignment: Sendable { case left, right, center, afterSign }

  var fill: Unicode.Scalar = " "
  var alignment: Alignment?
  /// What stands before a number that is not negative: nothing, `+` or a space.
  var sign = ""
  var isAlternate = false
  var groupSeparator: Character?
  var width = 0
  var precision: Int?
  var type: Unicode.Scalar?
}

extension Renderer {
  /// The filter `format`: like `%` with its arguments.
  func format(_ text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    guard arguments.keywords.isEmpty || arguments.positional.isEmpty else {
      throw invalid("'format'", "positional and named arguments", expected: "only one of the two")
    }
    let values =
      arguments.keywords.isEmpty ? Value.tuple(arguments.positional) : try dictionary(arguments.keywords)
    return try percentFormat(text, values)
  }

  /// `text % values`.
  func percentFormat(_ text: MarkedText, _ values: Value) throws(TemplateError) -> MarkedText {
    var positional: ArraySlice<Value> = [values]
    if case .list(let list) = values, list.kind == .tuple { positional = list.elements[...] }
    var result = MarkedText()
    try spend(reading: text)
    var reader = DirectiveReader(text)
    while let literal = reader.literal() {
      try spend()
      try append(literal, to: &result)
      guard reader.startsDirective() else { continue }
      let origin = text.origin(at: max(reader.offset - 1, 0))
      var value: Value?
      if let name = reader.name() {
        guard case .dictionary(let dictionary) = values else {
          throw wrongType("'%' with a name", values, expected: "a dictionary")
        }
        guard let named = dictionary[name] else {
          throw invalid("'%'", "no value for '\(name)'", expected: "given")
        }
        value = named
        positional = []
      }
      guard let layout = reader.layout() else {
        throw invalid("'%'", "an incomplete directive", expected: "like %s or %.2f")
      }
      if layout.type == "%" {
        result.append("%", origin: origin)
        continue
      }
      guard let argument = value ?? positional.popFirst() else {
        throw invalid("'%'", "too few values", expected: "one for each directive")
      }
      try append(try percentField(argument, layout, origin), to: &result)
    }
    if !positional.isEmpty, !hasSubscript(values) {
      throw invalid("'%'", "too many values", expected: "one for each directive")
    }
    return result
  }

  /// Whether values are left over without complaint: Python takes them for a dictionary.
  private func hasSubscript(_ value: Value) -> Bool {
    switch value {
    case .dictionary, .undefined: true
    case .list(let list): list.kind != .tuple
    default: false
    }
  }

  /// Makes a text longer by another, within the limits.
  func append(_ part: MarkedText, to result: inout MarkedText) throws(TemplateError) {
    try claim(copying: part)
    guard part.bytes.count <= limits.textBytes - result.bytes.count else {
      throw fail(.limit(.textBytes, allowed: limits.textBytes))
    }
    result.append(part)
  }

  private func percentField(
    _ value: Value, _ layout: FieldLayout, _ origin: MarkedText.Origin
  ) throws(TemplateError) -> MarkedText {
    var layout = layout
    switch layout.type {
    case "s", "r", "a":
      var text = layout.type == "s" ? try text(of: value) : try description(of: value)
      if let precision = layout.precision { text = text.scalars(0, min(max(precision, 0), text.count)) }
      layout.alignment = layout.alignment ?? .right
      if layout.alignment == .afterSign { layout.alignment = .right }
      layout.fill = " "
      return try laidOut(text, layout)
    case "c":
      if case .text(let text) = value, text.count == 1 { return try laidOut(text, layout) }
      guard let number = integer(value), let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
        throw wrongType("'%c'", value, expected: "one character")
      }
      return try laidOut(MarkedText(String(scalar), origin: origin), layout)
    case "d", "i", "u", "x", "X", "o":
      let isDecimal = ["d", "i", "u"].contains(layout.type)
      if case .float(let number) = value, isDecimal {
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
          throw wrongType("'%d'", value, expected: "a whole number")
        }
        layout.type = "d"
        return try numberField(.integer(whole), layout, origin)
      }
      if isDecimal { layout.type = "d" }
      guard let whole = integer(value) else { throw wrongType("'%d'", value, expected: "a whole number") }
      return try numberField(.integer(whole), layout, origin)
    case "e", "E", "f", "F", "g", "G":
      guard let number = number(value) else { throw wrongType("'%f'", value, expected: "a number") }
      return try numberField(.float(number), layout, origin)
    default: throw invalid("'%'", "an unknown directive", expected: "one of %s %r %d %x %o %c %e %f %g")
    }
  }
}

/// Reads the directives out of a text with `%`.
private struct DirectiveReader {
  let text: MarkedText
  var offset = 0
  private var isFinished = false

  init(_ text: MarkedText) { self.text = text }

  /// The text before the next directive, or `nil` after the end.
  mutating func literal() -> MarkedText? {
    guard !isFinished else { return nil }
    let start = offset
    while offset < text.bytes.count, text.bytes[offset] != UInt8(ascii: "%") { offset += 1 }
    isFinished = offset == text.bytes.count
    return text[start..<offset]
  }

  mutating func startsDirective() -> Bool {
    guard !isFinished else { return false }
    offset += 1
    return true
  }

  /// The name in `%(name)s`.
  mutating func name() -> String? {
    guard byte == UInt8(ascii: "("), let end = text.bytes[offset...].firstIndex(of: UInt8(ascii: ")")) else {
      return nil
    }
    defer { offset = end + 1 }
    return text[offset + 1..<end].string
  }

  private var byte: UInt8? { offset < text.bytes.count ? text.bytes[offset] : nil }

  mutating func layout() -> FieldLayout? {
    var layout = FieldLayout()
    flags: while let flag = byte {
      switch flag {
      case UInt8(ascii: "-"): layout.alignment = .left
      case UInt8(ascii: "0"):
        if layout.alignment != .left { (layout.fill, layout.alignment) = ("0", .afterSign) }
      case UInt8(ascii: "+"): layout.sign = "+"
      case UInt8(ascii: " "): layout.sign = layout.sign.isEmpty ? " " : layout.sign
      case UInt8(ascii: "#"): layout.isAlternate = true
      default: break flags
      }
      offset += 1
    }
    if layout.alignment == .left { layout.fill = " " }
    guard let width = number() else { return nil }
    layout.width = width
    if byte == UInt8(ascii: ".") {
      offset += 1
      layout.precision = number()
    }
    guard let type = byte else { return nil }
    layout.type = Unicode.Scalar(type)
    offset += 1
    return layout
  }

  /// Digits as a number; `nil` when it is absurdly large.
  private mutating func number() -> Int? {
    var value = 0
    while let digit = byte, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit {
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
      if value > 1_000_000_000 { return nil }
      offset += 1
    }
    return value
  }
}
