extension Parser {
  /// One block tag, without its `{%` and `%}`; a list because `{% print a, b %}` is several.
  mutating func statement() throws(TemplateError) -> [Statement] {
    let keyword = token
    let name = try expectName("a statement such as 'if', 'for' or 'set'")
    switch name {
    case "if": return [try conditional(keyword)]
    case "for": return [try loop(keyword)]
    case "set": return [try assignment(keyword)]
    case "macro": return [try macro(keyword)]
    case "call": return [try callBlock(keyword)]
    case "filter": return [try filterBlock(keyword)]
    case "with": return [try with(keyword)]
    case "generation":
      let body = try outsideLoops { (parser) throws(TemplateError) in
        try parser.block(until: "endgeneration", opened: keyword)
      }
      advance()
      return [.generation(body)]
    case "print": return try printed()
    case "break", "continue":
      guard loopDepth > 0 else {
        throw source.error(.syntax(found: "'\(name)' outside a loop", expected: "a loop around it"), at: keyword.offset)
      }
      return [name == "break" ? .leaveLoop : .continueLoop]
    case "include", "import", "from", "extends", "block", "autoescape", "do", "trans", "debug":
      throw source.error(.unsupported("the statement '\(name)'"), at: keyword.offset)
    default:
      throw source.error(
        .syntax(found: "the unknown tag '\(name)'", expected: "a statement such as 'if', 'for' or 'set'"),
        at: keyword.offset)
    }
  }

  /// Runs `body` where `break` and `continue` cannot reach a loop outside it.
  private mutating func outsideLoops<Result>(
    _ body: (inout Parser) throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    let outer = loopDepth
    loopDepth = 0
    let result = try body(&self)
    loopDepth = outer
    return result
  }

  private mutating func printed() throws(TemplateError) -> [Statement] {
    var printed: [Statement] = []
    while token.kind != .blockEnd {
      if !printed.isEmpty { try expect(.comma) }
      printed.append(.print(try expression()))
    }
    return printed
  }

  private mutating func conditional(_ keyword: Token) throws(TemplateError) -> Statement {
    var branches: [Statement.Branch] = []
    while true {
      let condition = try tuple(withConditional: false)
      let body = try block(until: "elif", "else", "endif", opened: keyword)
      branches.append(Statement.Branch(condition: condition, body: body))
      if skip(name: "elif") { continue }
      var otherwise: [Statement] = []
      if skip(name: "else") { otherwise = try block(until: "endif", opened: keyword) }
      advance()
      return .conditional(branches, otherwise: otherwise)
    }
  }

  private mutating func loop(_ keyword: Token) throws(TemplateError) -> Statement {
    let target = try target(endingAt: "in")
    guard skip(name: "in") else { throw unexpected("'in'") }
    let sequence = try tuple(withConditional: false, endingAt: "recursive")
    let condition = skip(name: "if") ? try expression() : nil
    let isRecursive = skip(name: "recursive")
    loopDepth += 1
    let body = try block(until: "endfor", "else", opened: keyword)
    loopDepth -= 1
    var otherwise: [Statement] = []
    if skip(name: "else") { otherwise = try block(until: "endfor", opened: keyword) }
    advance()
    return .loop(
      Loop(
        offset: keyword.offset, target: target, sequence: sequence, condition: condition, isRecursive: isRecursive,
        body: body, otherwise: otherwise))
  }

  private mutating func assignment(_ keyword: Token) throws(TemplateError) -> Statement {
    let target = try target(endingAt: nil, allowsAttribute: true)
    if skip(.assign) { return .assign(target, try tuple()) }
    let filters = try filters()
    let body = try block(until: "endset", opened: keyword)
    advance()
    return .capture(target, filters: filters, body: body)
  }

  private mutating func filters() throws(TemplateError) -> [FilterCall] {
    var filters: [FilterCall] = []
    while skip(.pipe) { filters.append(try filterCall()) }
    return filters
  }

  private mutating func filterBlock(_ keyword: Token) throws(TemplateError) -> Statement {
    let filters = [try filterCall()] + (try filters())
    let body = try block(until: "endfilter", opened: keyword)
    advance()
    return .filter(filters, body: body)
  }

  private mutating func with(_ keyword: Token) throws(TemplateError) -> Statement {
    var values: [(target: Target, value: Expression)] = []
    while token.kind != .blockEnd {
      if !values.isEmpty { try expect(.comma) }
      let target = try target(endingAt: nil)
      try expect(.assign)
      values.append((target: target, value: try expression()))
    }
    let body = try block(until: "endwith", opened: keyword)
    advance()
    return .with(values, body: body)
  }
}

// MARK: - Macros

extension Parser {
  private mutating func macro(_ keyword: Token) throws(TemplateError) -> Statement {
    let name = try expectName("the macro's name")
    let parameters = try signature()
    return .macro(try macroBody(name, parameters, until: "endmacro", keyword))
  }

  private mutating func callBlock(_ keyword: Token) throws(TemplateError) -> Statement {
    let parameters = isSymbol(.leftParenthesis) ? try signature() : []
    let call = try expression()
    guard case .postfix(_, let suffixes) = call.kind, case .call = suffixes.last?.kind else {
      throw source.error(.syntax(found: "another expression", expected: "a call of a macro"), at: call.offset)
    }
    return .call(call, caller: try macroBody("caller", parameters, until: "endcall", keyword))
  }

  private mutating func macroBody(
    _ name: String, _ parameters: [MacroDefinition.Parameter], until end: String, _ keyword: Token
  ) throws(TemplateError) -> MacroDefinition {
    let outer = mentions
    mentions = []
    let body = try outsideLoops { (parser) throws(TemplateError) in
      try parser.block(until: end, opened: keyword)
    }
    advance()
    let definition = MacroDefinition(
      offset: keyword.offset, name: name, nameID: names.id(of: name), parameters: parameters, body: body,
      mentions: mentions)
    mentions.formUnion(outer)
    return definition
  }

  private mutating func signature() throws(TemplateError) -> [MacroDefinition.Parameter] {
    try expect(.leftParenthesis)
    var parameters: [MacroDefinition.Parameter] = []
    while !isSymbol(.rightParenthesis) {
      if !parameters.isEmpty { try expect(.comma) }
      let offset = token.offset
      let name = try expectName("a parameter's name")
      let defaultValue = skip(.assign) ? try expression() : nil
      if defaultValue == nil, parameters.last?.defaultValue != nil {
        throw source.error(
          .syntax(found: "the parameter '\(name)' without a default", expected: "a default, as before it"), at: offset)
      }
      parameters.append(.init(name: name, nameID: names.id(of: name), defaultValue: defaultValue))
    }
    try expect(.rightParenthesis)
    return parameters
  }
}

// MARK: - Targets

extension Parser {
  /// What is assigned to: a name, several names, or an attribute of a namespace.
  mutating func target(
    endingAt end: String?, allowsAttribute: Bool = false
  ) throws(TemplateError) -> Target {
    let offset = token.offset
    var targets: [Target] = []
    var isTuple = false
    while true {
      if isTargetEnd(end) { break }
      targets.append(try singleTarget(allowsAttribute: allowsAttribute))
      guard skip(.comma) else { break }
      isTuple = true
    }
    if isTuple { return .tuple(targets, offset: offset) }
    guard let target = targets.first else { throw unexpected("the name of a variable") }
    return target
  }

  private func isTargetEnd(_ end: String?) -> Bool {
    switch token.kind {
    case .blockEnd, .symbol(.rightParenthesis), .symbol(.assign): true
    case .name(let name): name == end
    default: false
    }
  }

  private mutating func singleTarget(allowsAttribute: Bool) throws(TemplateError) -> Target {
    let offset = token.offset
    if skip(.leftParenthesis) {
      let inner = try nested { (parser) throws(TemplateError) in
        try parser.target(endingAt: nil, allowsAttribute: allowsAttribute)
      }
      try expect(.rightParenthesis)
      return inner
    }
    let name = try expectName("the name of a variable")
    guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
      throw source.error(.syntax(found: "'\(name)'", expected: "the name of a variable"), at: offset)
    }
    if allowsAttribute, skip(.dot) {
      return .attribute(of: names.id(of: name), try expectName("an attribute's name"), offset: offset)
    }
    return .name(names.id(of: name))
  }
}
