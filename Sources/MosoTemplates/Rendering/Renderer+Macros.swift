extension Renderer {
  func define(_ definition: MacroDefinition) throws(TemplateError) {
    try retain(scope)
    scope.set(definition.nameID, to: .macro(MacroValue(definition, scope: scope)))
  }

  /// `{% call %}`: calls a macro that can have the block's body written with `caller()`.
  func callBlock(_ call: Expression, caller: MacroDefinition) throws(TemplateError) {
    guard case .postfix(let base, let suffixes) = call.kind, let last = suffixes.last,
      case .call(let written) = last.kind
    else { return }
    try retain(scope)
    let body = Value.macro(MacroValue(caller, scope: scope))
    let called = try follow(try evaluate(base), suffixes.dropLast())
    var arguments = try evaluate(written)
    arguments.keywords.append((name: "caller", value: body))
    offset = last.offset
    try write(try text(of: try self.call(called, arguments)))
  }

  /// Calls a macro and gives what it wrote.
  func call(_ macro: MacroValue, _ arguments: Arguments) throws(TemplateError) -> Value {
    try enter()
    let definition = macro.definition
    let inner = Scope(parent: macro.scope)
    let remaining = try bind(definition, arguments, in: inner)
    try bindExtras(remaining, definition, in: inner)
    let outer = scope
    scope = inner
    // A default is computed when it is needed and can see the parameters before it.
    for parameter in definition.parameters where !hasValue(parameter, in: inner) {
      guard let defaultValue = parameter.defaultValue else {
        inner.set(parameter.nameID, to: .undefined(Undefined(name: "the parameter '\(parameter.name)'")))
        continue
      }
      inner.set(parameter.nameID, to: try evaluate(defaultValue))
    }
    let written = try capture { () throws(TemplateError) in _ = try execute(definition.body) }
    scope = outer
    leave()
    return .text(written)
  }

  private func hasValue(_ parameter: MacroDefinition.Parameter, in scope: Scope) -> Bool {
    scope.variables.contains { $0.id == parameter.nameID }
  }

  /// Sets the parameters that arguments were given for; gives the arguments that are left.
  private func bind(
    _ definition: MacroDefinition, _ arguments: Arguments, in scope: Scope
  ) throws(TemplateError) -> Arguments {
    // Parameters are few, so they are looked for one by one; a hostile macro's are not.
    let names = definition.parameters.count + arguments.keywords.count
    try spend(names * (definition.parameters.count >> 4))
    for (parameter, value) in zip(definition.parameters, arguments.positional) {
      scope.set(parameter.nameID, to: value)
    }
    var rest = Arguments(positional: Array(arguments.positional.dropFirst(definition.parameters.count)))
    for keyword in arguments.keywords {
      guard let index = definition.parameters.firstIndex(where: { $0.name == keyword.name }) else {
        rest.keywords.append(keyword)
        continue
      }
      guard index >= arguments.positional.count else {
        throw invalid(
          "calling the macro '\(definition.name)'", "two values for '\(keyword.name)'",
          expected: "one for each parameter")
      }
      scope.set(definition.parameters[index].nameID, to: keyword.value)
    }
    return rest
  }

  /// Sets `caller`, `varargs` and `kwargs`, for a macro whose body mentions them.
  private func bindExtras(
    _ rest: Arguments, _ definition: MacroDefinition, in scope: Scope
  ) throws(TemplateError) {
    var keywords = rest.keywords
    let mentions = definition.mentions
    if mentions.contains(.caller), let id = names.existingID(of: "caller"),
      !definition.parameters.contains(where: { $0.nameID == id })
    {
      let index = keywords.firstIndex { $0.name == "caller" }
      let caller = index.map { keywords.remove(at: $0).value }
      scope.set(id, to: caller ?? .undefined(Undefined(name: "'caller'")))
    }
    if mentions.contains(.keywords), let id = names.existingID(of: "kwargs") {
      scope.set(id, to: try dictionary(keywords))
    } else if let extra = keywords.first {
      throw invalid(
        "calling the macro '\(definition.name)'", "an argument named '\(extra.name)'", expected: "one of its parameters"
      )
    }
    if mentions.contains(.extraArguments), let id = names.existingID(of: "varargs") {
      try claim(elements: rest.positional.count)
      scope.set(id, to: try checked(.tuple(rest.positional)))
    } else if !rest.positional.isEmpty {
      let count = rest.positional.count + definition.parameters.count
      throw invalid(
        "calling the macro '\(definition.name)'", "\(count) arguments",
        expected: "at most \(definition.parameters.count)")
    }
  }
}
