extension Renderer {
  func evaluate(_ expression: Expression) throws(TemplateError) -> Value {
    try spend()
    offset = expression.offset
    switch expression.kind {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .text(let text): return .text(text)
    case .name(let id): return try lookUp(id)
    default:
      try enter()
      let value = try evaluateCompound(expression)
      leave()
      return value
    }
  }

  private func evaluateCompound(_ expression: Expression) throws(TemplateError) -> Value {
    switch expression.kind {
    case .list(let items): return try checked(.list(try evaluate(items)))
    case .tuple(let items): return try checked(.tuple(try evaluate(items)))
    case .dictionary(let pairs): return try dictionary(pairs)
    case .negate(let operand): return try negate(try evaluate(operand))
    case .plus(let operand): return try plus(try evaluate(operand))
    case .not(let operand): return .bool(!isTrue(try evaluate(operand)))
    case .and(let operands): return try firstOperand(operands, thatIs: false)
    case .or(let operands): return try firstOperand(operands, thatIs: true)
    case .arithmetic(let first, let steps): return try arithmetic(first, steps)
    case .concatenation(let operands): return try concatenate(operands)
    case .comparison(let first, let steps): return try comparison(first, steps)
    case .conditional(let branches, let otherwise): return try choose(branches, otherwise)
    case .postfix(let base, let suffixes): return try follow(try evaluate(base), suffixes[...])
    case .none, .bool, .integer, .float, .text, .name: return .none
    }
  }

  /// The value of a variable, or what prints as nothing.
  func lookUp(_ id: NameID) throws(TemplateError) -> Value {
    var visited = 0
    let value = scope.value(of: id, visited: &visited)
    try spend(visited >> 4)
    if let value { return value }
    try spend(names[id].utf8.count >> 6)
    return .undefined(Undefined(name: "'\(names[id])'"))
  }

  private func evaluate(_ items: [Expression]) throws(TemplateError) -> [Value] {
    try claim(elements: items.count)
    var values: [Value] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try evaluate(item)) }
    return values
  }

  private func dictionary(_ pairs: [Expression.Pair]) throws(TemplateError) -> Value {
    try claim(elements: pairs.count * 2)
    var entries: [(key: DictionaryKey, name: Value, value: Value)] = []
    for pair in pairs {
      let name = try evaluate(pair.key)
      entries.append((key: try key(for: name), name: name, value: try evaluate(pair.value)))
    }
    return try checked(.dictionary(DictionaryValue(entries)))
  }

  /// A dictionary of named arguments.
  func dictionary(_ keywords: [(name: String, value: Value)]) throws(TemplateError) -> Value {
    try claim(elements: keywords.count * 2)
    let entries = keywords.map { keyword in
      let name = MarkedText(keyword.name)
      return (key: DictionaryKey.text(name.bytes), name: Value.text(name), value: keyword.value)
    }
    return try checked(.dictionary(DictionaryValue(entries)))
  }

  private func firstOperand(_ operands: [Expression], thatIs truth: Bool) throws(TemplateError) -> Value {
    var value = Value.none
    for operand in operands {
      value = try evaluate(operand)
      if isTrue(value) == truth { break }
    }
    return value
  }

  private func choose(
    _ branches: [Expression.ConditionalBranch], _ otherwise: Expression?
  ) throws(TemplateError) -> Value {
    for branch in branches where isTrue(try evaluate(branch.condition)) { return try evaluate(branch.value) }
    guard let otherwise else { return .undefined(Undefined(name: "a value whose 'if' has no 'else'")) }
    return try evaluate(otherwise)
  }

  private func concatenate(_ operands: [Expression]) throws(TemplateError) -> Value {
    var result = MarkedText()
    for operand in operands {
      let part = try text(of: try evaluate(operand))
      try append(part, to: &result)
    }
    return .text(result)
  }

  private func comparison(
    _ first: Expression, _ steps: [Expression.ComparisonStep]
  ) throws(TemplateError) -> Value {
    var left = try evaluate(first)
    for step in steps {
      let right = try evaluate(step.operand)
      offset = step.offset
      guard try holds(left, step.operation, right) else { return .bool(false) }
      left = right
    }
    return .bool(true)
  }
}

// MARK: - Suffixes

extension Renderer {
  /// Applies attributes, subscripts, calls, filters and tests, one after another.
  func follow(_ base: Value, _ suffixes: ArraySlice<Suffix>) throws(TemplateError) -> Value {
    var value = base
    var index = suffixes.startIndex
    while index < suffixes.endIndex {
      let suffix = suffixes[index]
      index += 1
      try spend()
      offset = suffix.offset
      switch suffix.kind {
      case .attribute(let name): value = try attribute(name, of: value)
      case .subscripted(let expression): value = try item(try evaluate(expression), of: value, at: suffix.offset)
      case .slice(let from, let to, let step): value = try slice(value, from, to, step, at: suffix.offset)
      case .call(let written):
        let arguments = try evaluate(written)
        offset = suffix.offset
        value = try checked(try call(value, arguments))
      case .filter(let filter): value = try checked(try apply(filter, to: value))
      case .test(let test): value = .bool(try apply(test, to: value))
      }
    }
    return value
  }

  func call(_ callee: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch callee {
    case .macro(let macro): return try call(macro, arguments)
    case .method(let bound): return try call(bound.method, on: bound.receiver, arguments)
    case .function(let function): return try call(function, arguments)
    case .loop(let loop): return try recurse(loop, arguments)
    case .joiner(let joiner):
      defer { joiner.isUsed = true }
      return joiner.isUsed ? joiner.separator : .text("")
    default: throw wrongType("a call", callee, expected: "a macro, a function or a method")
    }
  }

  func apply(_ call: FilterCall, to value: Value) throws(TemplateError) -> Value {
    let arguments = try evaluate(call.arguments)
    offset = call.offset
    guard let filter = call.filter else { throw fail(.unsupported("the filter '\(call.name)'")) }
    return try apply(filter, to: value, arguments)
  }

  private func apply(_ call: TestCall, to value: Value) throws(TemplateError) -> Bool {
    let arguments = try evaluate(call.arguments)
    offset = call.offset
    guard let test = call.test else { throw fail(.unsupported("the test '\(call.name)'")) }
    return try apply(test, to: value, arguments) != call.negated
  }
}
