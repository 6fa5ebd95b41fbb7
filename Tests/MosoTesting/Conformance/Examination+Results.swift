import MosoModel

/// What comes out: against the reference, and for the rows that were asked for.
extension Examination {
  func agreesWithReference() throws {
    // LongRoPE takes one of two tables by the context's length; for all others the two runs are the same.
    for contextLength in [96, model.architecture.contextLength] {
      var session = try session(contextLength: contextLength)
      let expected = ReferenceSession(model, contextLength: contextLength).exactLogits(Batch(tokens))
      try expectClose(
        session.read(tokens), expected, tolerance: interpreter.tolerance, "with a context of \(contextLength)")
    }
  }

  func givesHiddenStates() throws {
    // Which rows have logits must not matter.
    let batch = Batch(tokens, outputs: [3])
    let reference = ReferenceSession(model)
    var referenceOps = reference.ops(for: batch)
    let expected = reference.transformer.hiddenStates(on: &referenceOps, everyRow: true)
    var session = try session()
    var ops = try session.ops(for: batch)
    let found = session.values(session.transformer.hiddenStates(on: &ops, everyRow: true))
    try expectClose(found, expected, tolerance: interpreter.tolerance, "the hidden states")
  }

  func givesRowsAskedFor() throws {
    let all = try fresh(tokens)
    let last = tokens.count - 1
    for rows in [[last], [0], [0, 1, 5, 44, 63, 64, last], Array(20...60), []] {
      var session = try session()
      let found = try session.logits(Batch(tokens, outputs: rows))
      try expectSame(found, rows.map { all[$0] }, tolerance: repeatTolerance, "rows \(rows)")
    }
  }

  func fusesFaithfully() throws {
    var session = try session()
    var ops = Unfused(try session.ops(for: Batch(tokens)))
    let composed = session.values(session.transformer.logits(on: &ops))
    try expectSame(try fresh(tokens), composed, tolerance: repeatTolerance, "what fused operations give")
  }
}
