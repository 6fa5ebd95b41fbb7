/// Expressions, from the loosest binding to the tightest.
extension Parser {
  mutating func expression(withConditional: Bool = true) throws(TemplateError) -> Expression {
    try nested { (parser) throws(TemplateError) in
      withConditional ? try parser.conditionalExpression() : try parser.disjunction()
    }
  }

  /// An expression, or a tuple when commas follow.
  mutating func tuple(
    withConditional: Bool = true, endingAt end: String? = nil, inParentheses: Bool = false
  ) throws(TemplateError) -> Expression {
    let offset = token.offset
    var items: [Expression] = []
    var isTuple = false
    while !isTupleEnd(end) {
      items.append(try expression(withConditional: withConditional))
      guard skip(.comma) else { break }
      isTuple = true
    }
    if !isTuple, let only = items.first { return only }
    guard isTuple || inParentheses else { throw unexpected("an expression") }
    return Expression(offset: offset, kind: .tuple(items))
  }

  private func isTupleEnd(_ end: String?) -> Bool {
    switch token.kind {
    case .printEnd, .blockEnd, .symbol(.rightParenthesis): true
    case .name(let name): name == end
    default: false
    }
  }

  /// `a if b else c if d else e`: the branches are kept in a list, in the order they are tried.
  private mutating func conditionalExpression(
    startingWith first: Expression? = nil
  ) throws(TemplateError) -> Expression {
    let offset = token.offset
    var branches: [Expression.ConditionalBranch] = []
    var value = if let first { first } else { try disjunction() }
    while skip(name: "if") {
      let condition = try disjunction()
      branches.append(.init(condition: condition, value: value))
      guard skip(name: "else") else {
        value = Expression(offset: offset, kind: .conditional(branches, otherwise: nil))
        // Without `else` the whole may be the value of a further `if`; this is the one chain that nests.
        guard isName("if") else { return value }
        return try nested { (parser) throws(TemplateError) in
          try parser.conditionalExpression(startingWith: value)
        }
      }
      value = try disjunction()
    }
    guard !branches.isEmpty else { return value }
    return Expression(offset: offset, kind: .conditional(branches, otherwise: value))
  }

  private mutating func disjunction() throws(TemplateError) -> Expression {
    let offset = token.offset
    var operands = [try conjunction()]
    while skip(name: "or") { operands.append(try conjunction()) }
    return operands.count == 1 ? operands[0] : Expression(offset: offset, kind: .or(operands))
  }

  private mutating func conjunction() throws(TemplateError) -> Expression {
    let offset = token.offset
    var operands = [try negation()]
    while skip(name: "and") { operands.append(try negation()) }
    return operands.count == 1 ? operands[0] : Expression(offset: offset, kind: .and(operands))
  }

  private mutating func negation() throws(TemplateError) -> Expression {
    let offset = token.offset
    guard skip(name: "not") else { return try comparison() }
    let operand = try nested { (parser) throws(TemplateError) in try parser.negation() }
    return Expression(offset: offset, kind: .not(operand))
  }

  private mutating func comparison() throws(TemplateError) -> Expression {
    let offset = token.offset
    let first = try sum()
    var steps: [Expression.ComparisonStep] = []
    while true {
      let operatorOffset = token.offset
      guard let operation = comparisonOperator() else { break }
      steps.append(.init(operation: operation, operand: try sum(), offset: operatorOffset))
    }
    return steps.isEmpty ? first : Expression(offset: offset, kind: .comparison(first, steps))
  }

  private mutating func comparisonOperator() -> ComparisonOperator? {
    switch token.kind {
    case .name("in"):
      advance()
      return .isIn
    case .name("not") where next.kind == .name("in"):
      advance()
      advance()
      return .isNotIn
    case .symbol(let symbol):
      guard let operation = ComparisonOperator(rawValue: symbol.rawValue) else { return nil }
      advance()
      return operation
    default: return nil
    }
  }

  private mutating func sum() throws(TemplateError) -> Expression {
    try arithmetic([.add, .subtract]) { (parser) throws(TemplateError) in try parser.concatenation() }
  }

  private mutating func concatenation() throws(TemplateError) -> Expression {
    let offset = token.offset
    var operands = [try product()]
    while skip(.tilde) { operands.append(try product()) }
    return operands.count == 1 ? operands[0] : Expression(offset: offset, kind: .concatenation(operands))
  }

  private mutating func product() throws(TemplateError) -> Expression {
    try arithmetic([.multiply, .divide, .floorDivide, .modulo]) { (parser) throws(TemplateError) in
      try parser.power()
    }
  }

  private mutating func power() throws(TemplateError) -> Expression {
    try arithmetic([.power]) { (parser) throws(TemplateError) in try parser.unary() }
  }

  private mutating func arithmetic(
    _ operators: [ArithmeticOperator], _ operand: (inout Parser) throws(TemplateError) -> Expression
  ) throws(TemplateError) -> Expression {
    let offset = token.offset
    let first = try operand(&self)
    var steps: [Expression.ArithmeticStep] = []
    while case .symbol(let symbol) = token.kind, let operation = ArithmeticOperator(rawValue: symbol.rawValue),
      operators.contains(operation)
    {
      let operatorOffset = advance().offset
      steps.append(.init(operation: operation, operand: try operand(&self), offset: operatorOffset))
    }
    return steps.isEmpty ? first : Expression(offset: offset, kind: .arithmetic(first, steps))
  }

  /// A sign, then a value with its suffixes. Filters and tests bind looser than the sign: `-x|abs` is `(-x)|abs`.
  private mutating func unary(withFilters: Bool = true) throws(TemplateError) -> Expression {
    let offset = token.offset
    var value: Expression
    if skip(.minus) {
      value = try nested { (parser) throws(TemplateError) in try parser.unary(withFilters: false) }
      value = Expression(offset: offset, kind: .negate(value))
    } else if skip(.plus) {
      value = try nested { (parser) throws(TemplateError) in try parser.unary(withFilters: false) }
      value = Expression(offset: offset, kind: .plus(value))
    } else {
      value = try primary()
    }
    var suffixes = try accesses()
    if withFilters { suffixes += try filtersAndTests() }
    return suffixes.isEmpty ? value : Expression(offset: offset, kind: .postfix(value, suffixes))
  }
}

// MARK: - Values

extension Parser {
  mutating func primary() throws(TemplateError) -> Expression {
    let offset = token.offset
    switch token.kind {
    case .name("true"), .name("True"): return literal(.bool(true))
    case .name("false"), .name("False"): return literal(.bool(false))
    case .name("none"), .name("None"): return literal(.none)
    case .name(let name):
      if let special = MacroDefinition.SpecialVariable(rawValue: name) { mentions.insert(special) }
      return Expression(offset: offset, kind: .name(names.id(of: try expectName("a value"))))
    case .integer(let value): return literal(.integer(value))
    case .float(let value): return literal(.float(value))
    case .string:
      var text = ""
      while case .string(let part) = token.kind {
        text += part
        advance()
      }
      return Expression(offset: offset, kind: .text(MarkedText(text)))
    case .symbol(.leftParenthesis):
      advance()
      let inner = try tuple(inParentheses: true)
      try expect(.rightParenthesis)
      return inner
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace): return try dictionary()
    default: throw unexpected("a value")
    }
  }

  private mutating func literal(_ kind: Expression.Kind) -> Expression {
    Expression(offset: advance().offset, kind: kind)
  }

  private mutating func list() throws(TemplateError) -> Expression {
    let offset = advance().offset
    var items: [Expression] = []
    while !isSymbol(.rightBracket) {
      items.append(try expression())
      guard skip(.comma) else { break }
    }
    try expect(.rightBracket)
    return Expression(offset: offset, kind: .list(items))
  }

  private mutating func dictionary() throws(TemplateError) -> Expression {
    let offset = advance().offset
    var pairs: [Expression.Pair] = []
    while !isSymbol(.rightBrace) {
      let key = try expression()
      try expect(.colon)
      pairs.append(.init(key: key, value: try expression()))
      guard skip(.comma) else { break }
    }
    try expect(.rightBrace)
    return Expression(offset: offset, kind: .dictionary(pairs))
  }
}
