import MosoModel

/// Observers see every site and may change what they see.
extension Examination {
  /// Every site of the model, in the order of the forward pass.
  private var sites: [Site] {
    let layers = model.architecture.layers.indices.flatMap { layer -> [Site] in
      [
        .residualBefore(layer: layer), .attentionOutput(layer: layer), .residualMiddle(layer: layer),
        .feedForwardOutput(layer: layer), .residualAfter(layer: layer),
      ]
    }
    return [.embedding] + layers + [.finalNorm, .logits]
  }

  private var watchedBatch: Batch { Batch(Array(tokens.prefix(30)), outputs: [0, 17, 29]) }

  func visitsSites() throws {
    let batch = watchedBatch
    let reference = ReferenceSession(model)
    var expected = Watched(reference.ops(for: batch))
    _ = reference.transformer.logits(on: &expected)

    var plain = try session()
    let unwatched = try plain.logits(batch)
    var session = try session()
    var ops = Watched(try session.ops(for: batch))
    let watched = session.values(session.transformer.logits(on: &ops))
    try expectSame(watched, unwatched, tolerance: repeatTolerance, "logits while watched")

    guard ops.visits.map(\.site) == sites else {
      throw CheckFailure("sites were visited in the order \(ops.visits.map(\.site)) and not \(sites)")
    }
    // Values are read after the pass: an activation that was seen must not be written to later.
    for (found, wanted) in zip(ops.visits, expected.visits) {
      try expectClose(
        session.values(found.activation), wanted.activation, tolerance: interpreter.tolerance, "\(found.site)")
    }

    // Whoever does not ask sees less, and the same result.
    var quiet = try self.session()
    var quietOps = Watched(try quiet.ops(for: batch), isWatching: false)
    let seen = quiet.values(quiet.transformer.logits(on: &quietOps))
    try expectSame(seen, unwatched, tolerance: repeatTolerance, "logits with a quiet observer")
    var remaining = sites[...]
    for site in quietOps.visits.map(\.site) {
      guard let index = remaining.firstIndex(of: site) else {
        throw CheckFailure("\(site) was shown to a quiet observer out of order")
      }
      remaining = remaining[(index + 1)...]
    }
  }

  func canBeSteered() throws {
    let batch = watchedBatch
    let reference = ReferenceSession(model)
    let unsteered = reference.exactLogits(batch)
    var changed = 0
    for site in sites {
      var expectedOps = Watched(ReferenceSession(model).ops(for: batch), isWatching: false, doubling: site)
      let expected = reference.transformer.logits(on: &expectedOps)
      var session = try session()
      var ops = Watched(try session.ops(for: batch), isWatching: false, doubling: site)
      let found = session.values(session.transformer.logits(on: &ops))
      try expectClose(found, expected, tolerance: interpreter.tolerance, "doubled at \(site)")
      if zip(found, unsteered).contains(where: { relativeDifference($0, from: $1) > 0.01 }) { changed += 1 }
    }
    // A norm undoes the doubling of all it reads; everywhere else it has to be felt.
    guard changed >= sites.count / 2 else { throw CheckFailure("steering is felt at \(changed) sites only") }
  }
}
