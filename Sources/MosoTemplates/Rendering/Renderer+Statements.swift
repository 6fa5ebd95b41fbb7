/// How a run of statements ended.
enum Flow { case normal, leaveLoop, continueLoop }

extension Renderer {
  func execute(_ statements: [Statement]) throws(TemplateError) -> Flow {
    try enter()
    for statement in statements {
      let flow = try execute(statement)
      guard flow == .normal else {
        leave()
        return flow
      }
    }
    leave()
    return .normal
  }

  private func execute(_ statement: Statement) throws(TemplateError) -> Flow {
    try spend()
    switch statement {
    case .text(let text): try write(text)
    case .print(let expression): try write(try text(of: try evaluate(expression)))
    case .conditional(let branches, let otherwise): return try conditional(branches, otherwise)
    case .loop(let loop): try run(loop)
    case .assign(let target, let expression): try assign(try evaluate(expression), to: target)
    case .capture(let target, let filters, let body): try capture(into: target, filters, body)
    case .macro(let definition): try define(definition)
    case .call(let call, let caller): try callBlock(call, caller: caller)
    case .filter(let filters, let body): try write(try text(of: try filtered(body, filters)))
    case .with(let values, let body): return try with(values, body)
    case .generation(let body): _ = try inScope { () throws(TemplateError) in try execute(body) }
    case .leaveLoop: return .leaveLoop
    case .continueLoop: return .continueLoop
    }
    return .normal
  }

  private func conditional(
    _ branches: [Statement.Branch], _ otherwise: [Statement]
  ) throws(TemplateError) -> Flow {
    for branch in branches where isTrue(try evaluate(branch.condition)) { return try execute(branch.body) }
    return try execute(otherwise)
  }

  /// Runs `body` with variables of its own.
  func inScope<Result>(_ body: () throws(TemplateError) -> Result) throws(TemplateError) -> Result {
    let outer = scope
    scope = Scope(parent: outer)
    let result = try body()
    scope = outer
    return result
  }

  private func filtered(_ body: [Statement], _ filters: [FilterCall]) throws(TemplateError) -> Value {
    let captured = try capture { () throws(TemplateError) in
      _ = try inScope { () throws(TemplateError) in try execute(body) }
    }
    var value = Value.text(captured)
    for filter in filters { value = try apply(filter, to: value) }
    return value
  }

  private func capture(
    into target: Target, _ filters: [FilterCall], _ body: [Statement]
  ) throws(TemplateError) {
    try assign(try filtered(body, filters), to: target)
  }

  private func with(
    _ values: [(target: Target, value: Expression)], _ body: [Statement]
  ) throws(TemplateError) -> Flow {
    // The values are computed outside the new block.
    var computed: [Value] = []
    for entry in values { computed.append(try evaluate(entry.value)) }
    return try inScope { () throws(TemplateError) in
      for (entry, value) in zip(values, computed) { try assign(value, to: entry.target) }
      return try execute(body)
    }
  }

  func assign(_ value: Value, to target: Target) throws(TemplateError) {
    switch target {
    case .name(let id):
      try spend(scope.variables.count >> 4)
      scope.set(id, to: value)
    case .tuple(let targets, let position):
      offset = position
      let values = try elements(of: value, for: "unpacking into \(targets.count) variables")
      guard values.count == targets.count else {
        throw invalid(
          "unpacking into \(targets.count) variables", "\(values.count) values",
          expected: "as many as there are variables")
      }
      for (target, value) in zip(targets, values) { try assign(value, to: target) }
    case .attribute(let id, let name, let position):
      offset = position
      let object = try lookUp(id)
      guard case .namespace(let namespace) = object else {
        throw wrongType("setting the attribute '\(name)'", object, expected: "a namespace")
      }
      guard !name.hasPrefix("_") else {
        throw invalid("setting an attribute", "the name '\(name)'", expected: "a name that does not start with '_'")
      }
      guard name.utf8.count <= TemplateLimits.attributeNameBytes else {
        throw invalid(
          "setting an attribute", "a name of \(name.utf8.count) bytes",
          expected: "at most \(TemplateLimits.attributeNameBytes)")
      }
      try spend(searching: namespace)
      namespace[name] = value
    }
  }
}
