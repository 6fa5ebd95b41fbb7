extension Renderer {
  /// What the exact decimals of a floating-point number cost, of which there may be a thousand.
  var exactDecimalSteps: Int { 100 }

  /// A text with the fill and the alignment of a field.
  func laidOut(_ text: MarkedText, _ layout: FieldLayout) throws(TemplateError) -> MarkedText {
    let fill = MarkedText(String(layout.fill))
    switch layout.alignment ?? .left {
    case .left: return try padded(text, width: layout.width, side: .right, fill: fill)
    case .right, .afterSign: return try padded(text, width: layout.width, side: .left, fill: fill)
    case .center:
      let missing = max(layout.width - text.count, 0)
      let left = try padded(text, width: text.count + missing / 2, side: .left, fill: fill)
      return try padded(left, width: layout.width, side: .right, fill: fill)
    }
  }

  /// A number with the sign, the precision and the type of a field.
  func numberField(
    _ value: Value, _ layout: FieldLayout, _ origin: MarkedText.Origin
  ) throws(TemplateError) -> MarkedText {
    // Exact decimals cost more than other steps.
    try spend(exactDecimalSteps)
    if let precision = layout.precision, precision > 400 {
      throw invalid("a format", "the precision \(precision)", expected: "at most 400")
    }
    var (body, isNegative) = try digits(of: value, layout)
    if let separator = layout.groupSeparator { body = grouped(body, separator, layout.type) }
    let sign = isNegative ? "-" : layout.sign
    guard layout.alignment == .afterSign else {
      var layout = layout
      layout.alignment = layout.alignment ?? .right
      return try laidOut(MarkedText(sign + body, origin: origin), layout)
    }
    let fill = MarkedText(String(layout.fill))
    var result = MarkedText(sign, origin: origin)
    result.append(
      try padded(MarkedText(body, origin: origin), width: layout.width - sign.count, side: .left, fill: fill))
    return result
  }

  private func digits(of value: Value, _ layout: FieldLayout) throws(TemplateError) -> (text: String, isNegative: Bool)
  {
    if let number = integer(value), let text = whole(number.magnitude, layout) { return (text, number < 0) }
    guard let number = number(value) else { throw wrongType("a format", value, expected: "a number") }
    guard let text = floating(number.magnitude, layout) else {
      throw invalid("a format", "the type '\(layout.type.map(String.init) ?? "")'", expected: "a type for numbers")
    }
    return (text, number.sign == .minus && !number.isNaN)
  }

  private func whole(_ magnitude: UInt, _ layout: FieldLayout) -> String? {
    var text: String
    var prefix = ""
    switch layout.type {
    case nil, "d", "n": text = String(magnitude)
    case "x": (text, prefix) = (String(magnitude, radix: 16), "0x")
    case "X": (text, prefix) = (String(magnitude, radix: 16, uppercase: true), "0X")
    case "o": (text, prefix) = (String(magnitude, radix: 8), "0o")
    case "b": (text, prefix) = (String(magnitude, radix: 2), "0b")
    default: return nil
    }
    // Only `%` directives have a precision here: the fewest digits.
    let missing = (layout.precision ?? 0) - text.count
    if missing > 0 { text = String(repeating: "0", count: missing) + text }
    return (layout.isAlternate ? prefix : "") + text
  }

  private func floating(_ magnitude: Double, _ layout: FieldLayout) -> String? {
    let type = layout.type ?? "r"
    let isUpper = ["E", "F", "G"].contains(type)
    guard magnitude.isFinite else {
      return isUpper ? PythonNumber.text(magnitude).uppercased() : PythonNumber.text(magnitude)
    }
    let precision = layout.precision ?? 6
    switch type {
    case "f", "F": return fixed(magnitude, precision)
    case "%": return fixed(magnitude * 100, precision) + "%"
    case "e", "E": return scientific(magnitude, digits: precision + 1, letter: isUpper ? "E" : "e")
    case "g", "G", "n": return general(magnitude, max(precision, 1), layout, letter: isUpper ? "E" : "e")
    case "r":
      guard layout.precision != nil else { return PythonNumber.text(magnitude) }
      let text = general(magnitude, max(precision, 1), layout, letter: "e")
      return text.contains(".") || text.contains("e") ? text : text + ".0"
    default: return nil
    }
  }

  private func fixed(_ magnitude: Double, _ places: Int) -> String {
    let exact = ExactDecimal(magnitude).rounded(toPlaces: places)
    return PythonNumber.plain(exact.digits, point: exact.point, places: places)
  }

  private func scientific(_ magnitude: Double, digits count: Int, letter: Character) -> String {
    let exact = ExactDecimal(magnitude).rounded(toDigits: count)
    let digits = exact.digits + Array(repeating: 0, count: max(count - exact.digits.count, 0))
    return PythonNumber.scientific(Array(digits.prefix(count)), point: exact.point, letter: letter)
  }

  /// Whichever of the two layouts is shorter, without zeros at the end.
  private func general(_ magnitude: Double, _ digits: Int, _ layout: FieldLayout, letter: Character) -> String {
    var exact = ExactDecimal(magnitude).rounded(toDigits: digits)
    if !layout.isAlternate {
      while exact.digits.last == 0 { exact.digits.removeLast() }
    }
    let exponent = magnitude == 0 ? 0 : exact.point - 1
    if exponent < -4 || exponent >= digits {
      return PythonNumber.scientific(exact.digits, point: exact.point, letter: letter)
    }
    let places = max(exact.digits.count - exact.point, 0)
    return PythonNumber.plain(
      exact.digits, point: magnitude == 0 ? 1 : exact.point, places: magnitude == 0 ? 0 : places)
  }

  private func grouped(_ body: String, _ separator: Character, _ type: Unicode.Scalar?) -> String {
    let integerEnd = body.firstIndex { !($0.isHexDigit) || $0 == "e" } ?? body.endIndex
    let size = ["x", "X", "o", "b"].contains(type) ? 4 : 3
    var grouped = ""
    for (index, digit) in body[..<integerEnd].reversed().enumerated() {
      if index > 0, index % size == 0 { grouped.append(separator) }
      grouped.append(digit)
    }
    return String(grouped.reversed()) + body[integerEnd...]
  }
}
