extension Renderer {
  func applyToNumber(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch filter {
    case .int: return try wholeNumber(value, arguments)
    case .float:
      let fallback = try bind("float", arguments, ["default"])[0] ?? .float(0)
      return try floatingNumber(value).map { .float($0) } ?? fallback
    case .round: return try round(value, arguments)
    default:
      _ = try bind("abs", arguments, [])
      if let number = integer(value) { return number < 0 ? try negate(value) : .integer(number) }
      guard case .float(let number) = value else { throw wrongType("'abs'", value, expected: "a number") }
      return .float(number.magnitude)
    }
  }

  /// A number, or a text that spells one; `nil` for anything else.
  private func floatingNumber(_ value: Value) throws(TemplateError) -> Double? {
    switch value {
    case .undefined: throw wrongType("a conversion to a number", value, expected: "a value")
    case .text(let text):
      try spend(mapping: text)
      return PythonNumber.parse(text)
    default: return number(value)
    }
  }

  private func wholeNumber(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("int", arguments, ["default", "base"])
    let base = try integer(values[1], for: "the base of 'int'", default: 10)
    guard base == 0 || (2...36).contains(base) else {
      throw invalid("'int'", "the base \(base)", expected: "0 or from 2 to 36")
    }
    if let number = integer(value) { return .integer(number) }
    if case .text(let text) = value {
      try spend(mapping: text)
      if let number = PythonNumber.parseInteger(text, base: base) { return .integer(number) }
    }
    guard let number = try floatingNumber(value), number.isFinite else { return values[0] ?? .integer(0) }
    guard let whole = Int(exactly: number.rounded(.towardZero)) else {
      throw invalid("'int'", value.kindName, expected: "small enough for 64 bits")
    }
    return .integer(whole)
  }

  private func round(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("round", arguments, ["precision", "method"])
    let precision = try integer(values[0], for: "the precision of 'round'", default: 0)
    let method = try text(values[1], for: "the method of 'round'", default: "common").string
    guard let number = number(value) else { throw wrongType("'round'", value, expected: "a number") }
    // Exact decimals cost more than other steps.
    try spend(exactDecimalSteps)
    switch method {
    case "common":
      if let whole = integer(value), precision >= 0 { return .integer(whole) }
      let rounded = PythonNumber.rounded(number, places: precision)
      guard integer(value) != nil else { return .float(rounded) }
      guard let whole = Int(exactly: rounded) else {
        throw invalid("'round'", value.kindName, expected: "small enough for 64 bits")
      }
      return .integer(whole)
    case "ceil", "floor":
      let scale = FloatingPower.power(10, Double(precision))
      return .float((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
    default: throw invalid("'round'", "the method '\(method)'", expected: "'common', 'ceil' or 'floor'")
    }
  }
}
