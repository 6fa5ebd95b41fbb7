extension Renderer {
  func arithmetic(
    _ first: Expression, _ steps: [Expression.ArithmeticStep]
  ) throws(TemplateError) -> Value {
    var left = try evaluate(first)
    for step in steps {
      let right = try evaluate(step.operand)
      offset = step.offset
      left = try compute(left, step.operation, right)
    }
    return left
  }

  func compute(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) throws(TemplateError) -> Value {
    if let left = integer(left), let right = integer(right) { return try compute(left, operation, right) }
    if let left = number(left), let right = number(right) { return .float(try compute(left, operation, right)) }
    switch (left, operation, right) {
    case (.text(let left), .add, .text(let right)):
      try claim(copying: left)
      var sum = left
      try append(right, to: &sum)
      return .text(sum)
    case (.list(let left), .add, .list(let right)) where isPlain(left) && left.kind == right.kind:
      try claim(elements: left.elements.count + right.elements.count)
      return .list(ListValue(left.elements + right.elements, kind: left.kind))
    case (.text(let text), .modulo, _): return .text(try percentFormat(text, right))
    case (.text, .multiply, _), (.list, .multiply, _):
      if let count = integer(right) { return try repeated(left, count) }
    case (_, .multiply, .text), (_, .multiply, .list):
      if let count = integer(left) { return try repeated(right, count) }
    default: break
    }
    throw unsuitable(left, operation, right)
  }

  private func unsuitable(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) -> TemplateError {
    let name = "'\(operation.rawValue)'"
    if case .undefined = left { return wrongType(name, left, expected: "a value") }
    if case .undefined = right { return wrongType(name, right, expected: "a value") }
    return fail(
      .wrongType(
        operation: name, found: "\(left.kindName) and \(right.kindName)", expected: "two values that it can combine"))
  }

  private func isPlain(_ list: ListValue) -> Bool { list.kind == .list || list.kind == .tuple }

  private func repeated(_ value: Value, _ count: Int) throws(TemplateError) -> Value {
    let count = max(count, 0)
    switch value {
    case .text(let text):
      let (bytes, overflow) = text.bytes.count.multipliedReportingOverflow(by: count)
      try claim(textBytes: overflow ? .max : bytes)
      let (marks, tooMany) = text.markBytes.multipliedReportingOverflow(by: count)
      try claim(bytes: tooMany ? .max : marks)
      return .text(text.repeated(count))
    case .list(let list) where isPlain(list):
      let (total, overflow) = list.elements.count.multipliedReportingOverflow(by: count)
      try claim(elements: overflow ? .max : total)
      guard !list.elements.isEmpty else { return value }
      try spend(total >> 3)
      let elements = (0..<count).flatMap { _ in list.elements }
      return .list(ListValue(elements, kind: list.kind))
    default: throw wrongType("'*'", value, expected: "a string or a list")
    }
  }
}

// MARK: - Numbers

extension Renderer {
  /// A whole number; truth values count as 0 and 1, as in Python.
  func integer(_ value: Value) -> Int? {
    switch value {
    case .integer(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  func number(_ value: Value) -> Double? {
    if case .float(let number) = value { return number }
    return integer(value).map(Double.init)
  }

  func negate(_ value: Value) throws(TemplateError) -> Value {
    if let number = integer(value) { return try exact(0.subtractingReportingOverflow(number), "'-'") }
    guard case .float(let number) = value else { throw wrongType("'-'", value, expected: "a number") }
    return .float(-number)
  }

  func plus(_ value: Value) throws(TemplateError) -> Value {
    if let number = integer(value) { return .integer(number) }
    guard case .float = value else { throw wrongType("'+'", value, expected: "a number") }
    return value
  }

  private func exact(
    _ result: (partialValue: Int, overflow: Bool), _ operation: String
  ) throws(TemplateError) -> Value {
    guard !result.overflow else {
      throw invalid(operation, "numbers whose result is too large", expected: "small enough for 64 bits")
    }
    return .integer(result.partialValue)
  }

  private func compute(_ left: Int, _ operation: ArithmeticOperator, _ right: Int) throws(TemplateError) -> Value {
    let name = "'\(operation.rawValue)'"
    switch operation {
    case .add: return try exact(left.addingReportingOverflow(right), name)
    case .subtract: return try exact(left.subtractingReportingOverflow(right), name)
    case .multiply: return try exact(left.multipliedReportingOverflow(by: right), name)
    case .divide: return .float(try compute(Double(left), .divide, Double(right)))
    case .floorDivide, .modulo:
      guard right != 0 else { throw invalid(name, "a division by zero", expected: "another divisor") }
      // The smallest integer divided by -1 is the one quotient that does not fit.
      let (quotient, overflow) = left.dividedReportingOverflow(by: right)
      if overflow { return try exact((operation == .modulo ? 0 : quotient, operation != .modulo), name) }
      let remainder = left % right
      let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
      if operation == .modulo { return .integer(isBelow ? remainder + right : remainder) }
      return .integer(isBelow ? quotient - 1 : quotient)
    case .power:
      guard right >= 0 else { return .float(try compute(Double(left), .power, Double(right))) }
      return try power(left, right)
    }
  }

  private func power(_ base: Int, _ exponent: Int) throws(TemplateError) -> Value {
    if base == 0 || base == 1 || exponent == 0 { return .integer(exponent == 0 ? 1 : base) }
    if base == -1 { return .integer(exponent % 2 == 0 ? 1 : -1) }
    var result = (partialValue: 1, overflow: exponent > 64)
    var remaining = exponent
    while remaining > 0, !result.overflow {
      result = result.partialValue.multipliedReportingOverflow(by: base)
      remaining -= 1
    }
    return try exact(result, "'**'")
  }

  private func compute(_ left: Double, _ operation: ArithmeticOperator, _ right: Double) throws(TemplateError) -> Double
  {
    let name = "'\(operation.rawValue)'"
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide, .floorDivide, .modulo:
      guard right != 0 else { throw invalid(name, "a division by zero", expected: "another divisor") }
      if operation == .divide { return left / right }
      var remainder = left.truncatingRemainder(dividingBy: right)
      var quotient = (left - remainder) / right
      if remainder != 0, (remainder < 0) != (right < 0) {
        remainder += right
        quotient -= 1
      }
      if operation == .modulo { return remainder == 0 ? Double(signOf: right, magnitudeOf: 0) : remainder }
      if quotient == 0 { return Double(signOf: left / right, magnitudeOf: 0) }
      let floor = quotient.rounded(.down)
      return quotient - floor > 0.5 ? floor + 1 : floor
    case .power:
      guard left != 0 || right >= 0 else { throw invalid(name, "zero to a negative power", expected: "another base") }
      let result = FloatingPower.power(left, right)
      guard !result.isNaN || left.isNaN || right.isNaN else {
        throw invalid(name, "a negative base and a fraction", expected: "a power that is a real number")
      }
      guard result.isFinite || !left.isFinite || !right.isFinite else {
        throw invalid(name, "numbers whose result is too large", expected: "small enough for a floating-point number")
      }
      return result
    }
  }
}
