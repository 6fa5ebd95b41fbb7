/// Reads tokens into statements: recursive descent, with the grammar and the precedences of Jinja.
struct Parser {
  let source: Source
  let tokens: [Token]
  var index = 0
  var names = NameTable()
  private var depth = 0
  /// Loops around the current statement that `break` and `continue` may leave.
  var loopDepth = 0
  /// The special variables mentioned in the macro that is being read.
  var mentions: Set<MacroDefinition.SpecialVariable> = []

  init(_ source: Source) throws(TemplateError) {
    self.source = source
    tokens = try Lexer.tokens(of: source)
  }

  /// The statements of a whole template and the names in it.
  static func parse(_ source: Source) throws(TemplateError) -> (body: [Statement], names: NameTable) {
    var parser = try Parser(source)
    let body = try parser.statements(until: [], opened: nil)
    return (body, parser.names)
  }

  // MARK: Tokens

  var token: Token { tokens[index] }
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  @discardableResult
  mutating func advance() -> Token {
    defer { if index < tokens.count - 1 { index += 1 } }
    return tokens[index]
  }

  func isSymbol(_ symbol: Symbol) -> Bool { token.kind == .symbol(symbol) }
  func isName(_ name: String) -> Bool { token.kind == .name(name) }

  mutating func skip(_ symbol: Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func skip(name: String) -> Bool {
    guard isName(name) else { return false }
    advance()
    return true
  }

  func unexpected(_ expected: String) -> TemplateError {
    source.error(.syntax(found: "\(token.kind)", expected: expected), at: token.offset)
  }

  mutating func expect(_ kind: Token.Kind) throws(TemplateError) {
    guard token.kind == kind else { throw unexpected("\(kind)") }
    advance()
  }

  mutating func expect(_ symbol: Symbol) throws(TemplateError) { try expect(.symbol(symbol)) }

  mutating func expectName(_ what: String) throws(TemplateError) -> String {
    guard case .name(let name) = token.kind else { throw unexpected(what) }
    // A word that starts with a digit never is a name.
    guard let first = name.unicodeScalars.first, first.properties.numericType == nil else { throw unexpected(what) }
    advance()
    return name
  }

  /// Runs `body` one level deeper; the source may not nest without bound, since this parser and the renderer recurse.
  mutating func nested<Result>(
    _ body: (inout Parser) throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    depth += 1
    guard depth <= TemplateLimits.sourceDepth else {
      throw source.error(.limit(.sourceDepth, allowed: TemplateLimits.sourceDepth), at: token.offset)
    }
    let result = try body(&self)
    depth -= 1
    return result
  }
}

// MARK: - Bodies

extension Parser {
  /// Statements up to a tag named in `ends`, which stays the current token, or up to the end of the template.
  mutating func statements(until ends: [String], opened: Token?) throws(TemplateError) -> [Statement] {
    var body: [Statement] = []
    while true {
      switch token.kind {
      case .text(let text):
        advance()
        body.append(.text(MarkedText(text)))
      case .printBegin:
        advance()
        body.append(.print(try tuple()))
        try expect(.printEnd)
      case .blockBegin:
        advance()
        if case .name(let name) = token.kind, ends.contains(name) { return body }
        body.append(contentsOf: try nested { (parser) throws(TemplateError) in try parser.statement() })
        try expect(.blockEnd)
      case .end:
        guard let opened else { return body }
        let expected = ends.map { "'{% \($0) %}'" }.joined(separator: " or ")
        throw source.error(
          .syntax(found: "the end of the template", expected: "\(expected) to end the block"), at: opened.offset)
      default:
        throw unexpected("text or a tag")
      }
    }
  }

  /// The end of a tag and the statements after it, up to a tag named in `ends`.
  mutating func block(until ends: String..., opened: Token) throws(TemplateError) -> [Statement] {
    _ = skip(.colon)
    try expect(.blockEnd)
    return try statements(until: ends, opened: opened)
  }
}
