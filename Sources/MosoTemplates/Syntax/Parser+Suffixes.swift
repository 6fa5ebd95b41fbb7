/// What may follow a value: attributes, subscripts, calls, filters and tests.
extension Parser {
  /// Attributes, subscripts and calls.
  mutating func accesses() throws(TemplateError) -> [Suffix] {
    var suffixes: [Suffix] = []
    while true {
      let offset = token.offset
      switch token.kind {
      case .symbol(.dot):
        advance()
        suffixes.append(Suffix(offset: offset, kind: try attribute()))
      case .symbol(.leftBracket):
        advance()
        suffixes.append(Suffix(offset: offset, kind: try subscripted()))
      case .symbol(.leftParenthesis):
        suffixes.append(Suffix(offset: offset, kind: .call(try callArguments())))
      default: return suffixes
      }
    }
  }

  /// Filters and tests, and calls of their results.
  mutating func filtersAndTests() throws(TemplateError) -> [Suffix] {
    var suffixes: [Suffix] = []
    while true {
      let offset = token.offset
      switch token.kind {
      case .symbol(.pipe):
        advance()
        suffixes.append(Suffix(offset: offset, kind: .filter(try filterCall())))
      case .name("is"):
        advance()
        suffixes.append(Suffix(offset: offset, kind: try test()))
      case .symbol(.leftParenthesis):
        suffixes.append(Suffix(offset: offset, kind: .call(try callArguments())))
      default: return suffixes
      }
    }
  }

  private mutating func attribute() throws(TemplateError) -> Suffix.Kind {
    let offset = token.offset
    switch token.kind {
    case .name(let name):
      advance()
      return .attribute(AttributeName(name))
    case .integer(let index):
      advance()
      return .subscripted(Expression(offset: offset, kind: .integer(index)))
    default: throw unexpected("an attribute's name or an index")
    }
  }

  private mutating func subscripted() throws(TemplateError) -> Suffix.Kind {
    let offset = token.offset
    var parts: [Expression?] = [nil]
    if !isSymbol(.colon) {
      if isSymbol(.rightBracket) { throw unexpected("an index or a key") }
      let first = try expression()
      if isSymbol(.comma) {
        var items = [first]
        while skip(.comma), !isSymbol(.rightBracket) { items.append(try expression()) }
        try expect(.rightBracket)
        return .subscripted(Expression(offset: offset, kind: .tuple(items)))
      }
      if skip(.rightBracket) { return .subscripted(first) }
      parts = [first]
    }
    while parts.count < 3, skip(.colon) {
      parts.append(isSymbol(.colon) || isSymbol(.rightBracket) ? nil : try expression())
    }
    try expect(.rightBracket)
    return .slice(from: parts[0], to: parts.count > 1 ? parts[1] : nil, step: parts.count > 2 ? parts[2] : nil)
  }

  mutating func filterCall() throws(TemplateError) -> FilterCall {
    let offset = token.offset
    var name = try expectName("a filter's name")
    while skip(.dot) { name += "." + (try expectName("a filter's name")) }
    let arguments = isSymbol(.leftParenthesis) ? try callArguments() : CallArguments()
    return FilterCall(offset: offset, name: name, filter: Filter(name: name), arguments: arguments)
  }

  private mutating func test() throws(TemplateError) -> Suffix.Kind {
    let negated = skip(name: "not")
    let start = token.offset
    var name = try expectName("a test's name")
    while skip(.dot) { name += "." + (try expectName("a test's name")) }
    var arguments = CallArguments()
    switch token.kind {
    case .symbol(.leftParenthesis): arguments = try callArguments()
    case .name("else"), .name("or"), .name("and"): break
    case .name("is"):
      throw source.error(.syntax(found: "a second test with 'is'", expected: "'and' between tests"), at: token.offset)
    case .name, .string, .integer, .float, .symbol(.leftBracket), .symbol(.leftBrace):
      // `x is divisibleby 3`: one argument without parentheses.
      let offset = token.offset
      let value = try nested { (parser) throws(TemplateError) in try parser.primary() }
      let suffixes = try accesses()
      arguments.positional = [
        suffixes.isEmpty ? value : Expression(offset: offset, kind: .postfix(value, suffixes))
      ]
    default: break
    }
    return .test(
      TestCall(offset: start, name: name, test: Test(name: name), arguments: arguments, negated: negated))
  }

  mutating func callArguments() throws(TemplateError) -> CallArguments {
    try expect(.leftParenthesis)
    var arguments = CallArguments()
    while !isSymbol(.rightParenthesis) {
      try callArgument(into: &arguments)
      guard skip(.comma) else { break }
    }
    try expect(.rightParenthesis)
    return arguments
  }

  private mutating func callArgument(into arguments: inout CallArguments) throws(TemplateError) {
    if isSymbol(.multiply), arguments.spread == nil, arguments.keywordSpread == nil {
      advance()
      arguments.spread = try expression()
    } else if isSymbol(.power), arguments.keywordSpread == nil {
      advance()
      arguments.keywordSpread = try expression()
    } else if case .name(let name) = token.kind, next.kind == .symbol(.assign) {
      guard arguments.keywordSpread == nil else { throw unexpected("')'") }
      advance()
      advance()
      arguments.keywords.append(.init(name: name, value: try expression()))
    } else {
      guard arguments.keywords.isEmpty, arguments.spread == nil, arguments.keywordSpread == nil else {
        throw unexpected("a named argument after the named ones before it")
      }
      arguments.positional.append(try expression())
    }
  }
}
