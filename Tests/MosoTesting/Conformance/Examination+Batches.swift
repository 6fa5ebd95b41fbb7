import MosoModel

/// How rows are shared out over batches must not matter.
extension Examination {
  func readsInChunks() throws {
    let expected = try fresh(tokens)
    for chunk in [1, 2, 7, 13, 64, 89] {
      var session = try session()
      let found = try session.read(tokens, chunk: chunk)
      try expectSame(found, expected, tolerance: repeatTolerance, "in chunks of \(chunk)")
    }
  }

  func keepsSequencesApart() throws {
    // Slots in no order, lengths on both sides of a page, one sequence of a single token.
    let sequences = [(slot: 3, length: 1), (slot: 0, length: 33), (slot: 7, length: 70), (slot: 2, length: 5)]
    let prompts = sequences.map { model.tokens($0.length, seed: UInt64($0.slot)) }
    var batch = Batch()
    for (sequence, prompt) in zip(sequences, prompts) {
      batch.append(prompt, to: sequence.slot, at: 0, outputs: Array(prompt.indices))
    }
    var session = try session()
    let found = try session.logits(batch)
    let expected = try prompts.flatMap { try fresh($0) }
    try expectSame(found, expected, tolerance: repeatTolerance, "four sequences together")
  }

  func continuesSequences() throws {
    let prompts = (0..<4).map { model.tokens(Self.length, seed: 10 + UInt64($0)) }
    let expected = try prompts.map { try fresh($0) }
    // How far each sequence goes in each step: beginnings, single tokens, chunks and pauses, in changing company.
    let steps = [[40, 0, 7, 64], [1, 0, 1, 1], [1, 63, 20, 0], [0, 1, 1, 1], [24, 2, 30, 24], [24, 24, 31, 0]]
    var done = [0, 0, 0, 0]
    var session = try session()
    for (number, step) in steps.enumerated() {
      var batch = Batch()
      var wanted: [[Float]] = []
      // Every other step in reverse order, so that a row's number says nothing about its sequence.
      let order = number % 2 == 0 ? Array(step.indices) : step.indices.reversed()
      for index in order where step[index] > 0 {
        let range = done[index]..<done[index] + step[index]
        batch.append(prompts[index][range], to: index, at: range.lowerBound, outputs: Array(0..<range.count))
        wanted += expected[index][range]
        done[index] = range.upperBound
      }
      try expectSame(try session.logits(batch), wanted, tolerance: repeatTolerance, "step \(number)")
    }
  }

  func rollsBack() throws {
    // Room for one sequence and a half, so that what one gives up another has to take.
    let pages = 3 * 64
    var session = try session(capacity: pages)
    var history = tokens
    _ = try session.read(history)
    for (round, kept) in [89, 65, 64, 63, 37, 1, 0].enumerated() {
      history = Array(history.prefix(kept)) + model.tokens(Self.length - kept, seed: 20 + UInt64(round))
      session.truncate(0, to: kept)
      let found = try session.read(Array(history[kept...]), at: kept, chunk: 50)
      try expectSame(
        found, Array(try fresh(history)[kept...]), tolerance: repeatTolerance, "cut at \(kept) and continued")
    }
    // Overwriting without a cut: what lies behind the new tokens must not be seen.
    history = Array(history.prefix(40)) + model.tokens(Self.length - 40, seed: 30)
    let found = try session.read(Array(history[40...]), at: 40, chunk: 11)
    try expectSame(found, Array(try fresh(history)[40...]), tolerance: repeatTolerance, "overwritten from 40 on")
    // Another sequence takes the memory.
    session.truncate(0, to: 0)
    let other = model.tokens(Self.length, seed: 40)
    let otherFound = try session.read(other, to: 5)
    try expectSame(otherFound, try fresh(other), tolerance: repeatTolerance, "another sequence in used memory")
  }

  func readsLongSequences() throws {
    let tokens = model.tokens(TinyModel.longLength)
    let expected = ReferenceSession(model).exactLogits(Batch(tokens))
    var session = try session(capacity: 3_000)
    let atOnce = try session.read(tokens)
    try expectClose(atOnce, expected, tolerance: interpreter.tolerance, "at once")
    let inChunks = try session.read(tokens, to: 1, chunk: 100)
    try expectSame(inChunks, atOnce, tolerance: repeatTolerance, "in chunks of 100")
    // One by one around the ends of pages and spans, in chunks between.
    session.truncate(1, to: 0)
    var position = 0
    for end in [505, 520, 570, 585, 1_018, 1_034, 1_165, tokens.count] {
      let isSingle = end - position < 20
      let found = try session.read(Array(tokens[position..<end]), to: 1, at: position, chunk: isSingle ? 1 : 300)
      try expectSame(
        found, Array(atOnce[position..<end]), tolerance: repeatTolerance, "one by one up to position \(end)")
      position = end
    }
  }
}
