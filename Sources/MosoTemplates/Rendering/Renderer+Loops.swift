extension Renderer {
  func run(_ loop: Loop) throws(TemplateError) {
    let sequence = try evaluate(loop.sequence)
    let outer = scope
    if loop.isRecursive { try retain(outer) }
    try run(loop, over: sequence, from: outer)
    scope = outer
  }

  /// Runs a loop's body for each element of a sequence, with variables of its own each time.
  private func run(_ loop: Loop, over sequence: Value, from outer: Scope) throws(TemplateError) {
    offset = loop.offset
    let items = try filteredItems(of: sequence, loop, outer)
    let recursion = loop.isRecursive ? (loop: loop, scope: outer) : nil
    let state = LoopState(items: items, depth: recursionDepth, recursion: recursion)
    _ = try checked(.loop(state))
    var isCompleted = false
    let loopID = names.existingID(of: "loop")
    for (index, item) in items.enumerated() {
      try spend()
      state.index = index
      scope = Scope(parent: outer)
      if let loopID { scope.set(loopID, to: .loop(state)) }
      try assign(item, to: loop.target)
      let flow = try execute(loop.body)
      if flow == .leaveLoop { break }
      if flow == .normal { isCompleted = true }
    }
    // As in Jinja, `else` is for loops of which no turn came to its end, `break` and `continue` counting against it.
    guard !isCompleted else { return }
    scope = Scope(parent: outer)
    _ = try execute(loop.otherwise)
  }

  private func filteredItems(of sequence: Value, _ loop: Loop, _ outer: Scope) throws(TemplateError) -> [Value] {
    let items = try elements(of: sequence, for: "a loop")
    guard let condition = loop.condition else { return items }
    var kept: [Value] = []
    try claim(elements: items.count)
    for item in items {
      try spend()
      scope = Scope(parent: outer)
      try assign(item, to: loop.target)
      if isTrue(try evaluate(condition)) { kept.append(item) }
    }
    return kept
  }

  /// `loop(items)` in a recursive loop: the same loop over other items, giving what it wrote.
  func recurse(_ state: LoopState, _ arguments: Arguments) throws(TemplateError) -> Value {
    guard let recursion = state.recursion else {
      throw invalid("calling 'loop'", "a loop without 'recursive'", expected: "a loop marked 'recursive'")
    }
    let sequence = try bind("loop", arguments, ["iterable"], required: 1)[0] ?? .none
    try enter()
    let outer = scope
    recursionDepth = state.depth + 1
    let written = try capture { () throws(TemplateError) in
      try run(recursion.loop, over: sequence, from: recursion.scope)
    }
    recursionDepth = state.depth
    scope = outer
    leave()
    return .text(written)
  }

  /// An attribute of the variable `loop`.
  func attribute(_ name: String, of loop: LoopState) -> Value? {
    let count = loop.items.count
    switch name {
    case "index": return .integer(loop.index + 1)
    case "index0": return .integer(loop.index)
    case "revindex": return .integer(count - loop.index)
    case "revindex0": return .integer(count - loop.index - 1)
    case "first": return .bool(loop.index == 0)
    case "last": return .bool(loop.index == count - 1)
    case "length": return .integer(count)
    case "depth": return .integer(loop.depth + 1)
    case "depth0": return .integer(loop.depth)
    case "previtem":
      return loop.index > 0 ? loop.items[loop.index - 1] : .undefined(Undefined(name: "the item before the first"))
    case "nextitem":
      return loop.index + 1 < count
        ? loop.items[loop.index + 1] : .undefined(Undefined(name: "the item after the last"))
    case "cycle", "changed":
      return Method(rawValue: name).map { .method(BoundMethod(receiver: .loop(loop), method: $0)) }
    default: return nil
    }
  }
}
