import MosoModel
import MosoTensor
import MosoTesting
import Testing

/// A token's logits are the same bits whatever else happens: how many threads work, how a prompt is cut, who else is
/// in the batch, which instructions the machine has.
///
/// Serialised, because some of these switch the instruction set of the whole process.
@Suite("The same bits", .serialized) struct SameBitsTests {
  static let cacheTypes: [ElementType] = [.f32, .f16, .q8_0, .bf16]
  static let weightModels = ElementType.allCases.map(TinyModel.ofType) + [.mixedTypes]

  @Test("Threads, chunks and company change no bit of any cache", arguments: cacheTypes)
  func everySetting(cacheType: ElementType) throws {
    // Past one span of 512, so that work on one token is shared out by spans and merged.
    let tokens = Self.small.tokens(540)
    let plain = Setting(threads: 1, chunk: 540)
    let expected = try plain.logits(of: tokens, model: Self.small, cacheType: cacheType)
    for threads in [1, 2, 3] {
      for chunk in [1, 7, 64, 100, 512] {
        for hasCompany in [false, true] {
          let setting = Setting(threads: threads, chunk: chunk, hasCompany: hasCompany)
          let found = try setting.logits(of: tokens, model: Self.small, cacheType: cacheType)
          try expectSame(found, expected, "\(setting)")
        }
      }
    }
  }

  @Test("Weights of any type give the same bits in any setting", arguments: weightModels)
  func everyWeightType(model: TinyModel) throws {
    let tokens = model.tokens(101)
    for (index, cacheType) in Self.cacheTypes.enumerated() {
      let expected = try Setting(threads: 1, chunk: 101).logits(of: tokens, model: model, cacheType: cacheType)
      // Every setting on one cache type, and each cache type in some.
      for (number, setting) in Self.someSettings.enumerated() where number % Self.cacheTypes.count == index {
        let found = try setting.logits(of: tokens, model: model, cacheType: cacheType)
        try expectSame(found, expected, "\(setting), \(cacheType) cache")
      }
    }
  }

  @Test("Weights of any type give the same bits on every instruction set", arguments: weightModels)
  func everyInstructionSetForWeights(model: TinyModel) throws {
    let tokens = model.tokens(20)
    let results = try InstructionSets.each { name in
      // Packing included: what one instruction set packs is what another reads.
      let atOnce = try Setting(threads: 2, chunk: 20).logits(of: tokens, model: model, cacheType: .f16)
      let inParts = try Setting(threads: 3, chunk: 3).logits(of: tokens, model: model, cacheType: .f16)
      try expectSame(inParts, atOnce, "in parts on \(name)")
      return (name, atOnce)
    }
    for (name, found) in results.dropFirst() { try expectSame(found, results[0].1, name) }
  }

  @Test("Caches of any type give the same bits on every instruction set", arguments: cacheTypes)
  func everyInstructionSetForCaches(cacheType: ElementType) throws {
    let tokens = Self.small.tokens(530)
    let results = try InstructionSets.each { name in
      let setting = Setting(threads: 2, chunk: 515)
      return (name, try setting.logits(of: tokens, model: Self.small, cacheType: cacheType))
    }
    for (name, found) in results.dropFirst() { try expectSame(found, results[0].1, name) }
  }

  @Test("Every family gives the same bits on every instruction set", arguments: TinyModel.families + TinyModel.drawn)
  func everyInstructionSetForFamilies(model: TinyModel) throws {
    let tokens = model.tokens(70)
    let results = try InstructionSets.each { name in
      (name, try Setting(threads: 2, chunk: 66).logits(of: tokens, model: model, cacheType: .f32))
    }
    for (name, found) in results.dropFirst() { try expectSame(found, results[0].1, name) }
  }

  @Test("One token each of long sequences: alone, together and inside a chunk", arguments: cacheTypes)
  func longSequencesTogether(cacheType: ElementType) throws {
    // With three threads two sequences are shared out by spans, six by sequences; a chunk is shared out by tiles.
    let lengths = [1_100, 600, 513, 512, 100, 1]
    let tokens = Self.small.tokens(1_101)
    let chunked = try Setting(threads: 1, chunk: 551).logits(of: tokens, model: Self.small, cacheType: cacheType)
    for count in [1, 2, 6] {
      var session = try EagerSession(Self.small, capacity: 4_096, cacheType: cacheType, threads: 3)
      var batch = Batch()
      for (slot, length) in lengths.prefix(count).enumerated() {
        _ = try session.read(Array(tokens.prefix(length)), to: slot)
        batch.append([tokens[length]], to: slot, at: length, outputs: [0])
      }
      try expectSame(
        try session.logits(batch), lengths.prefix(count).map { chunked[$0] }, "\(count) sequences together")
    }
  }

  /// Two layers, one with a window; every cache type takes its head size of 24 with padding.
  static let small = TinyModel(
    "small",
    Architecture(
      family: "test", vocabularySize: 21, contextLength: 1_200, width: 24,
      layers: [LayerPlan(rotary: 0), LayerPlan(window: 70, rotary: 0)], norm: NormPlan(epsilon: 1e-5),
      attention: AttentionPlan(headCount: 3, keyValueHeadCount: 1, headSize: 24, scale: 0.2),
      rotaries: [RotaryPlan(pairing: .halves, dimensions: 6, frequencies: [1, 0.1, 0.01])],
      feedForward: FeedForwardPlan(activation: .geluTanh, isGated: true, width: 20)))

  static let someSettings = [
    Setting(threads: 2, chunk: 1), Setting(threads: 1, chunk: 7), Setting(threads: 3, chunk: 64),
    Setting(threads: 2, chunk: 100), Setting(threads: 2, chunk: 512), Setting(threads: 3, chunk: 5, hasCompany: true),
    Setting(threads: 1, chunk: 2, hasCompany: true), Setting(threads: 2, chunk: 50, hasCompany: true),
    Setting(threads: 3, chunk: 512, hasCompany: true),
  ]
}

/// What must not matter.
struct Setting: CustomStringConvertible {
  var threads: Int
  var chunk: Int
  /// Whether other sequences are in every batch, before and after.
  var hasCompany = false

  var description: String {
    "\(threads) threads, chunks of \(chunk)\(hasCompany ? ", with company" : "")"
  }

  /// The logits of each of `tokens`, read in this setting.
  func logits(of tokens: [Int32], model: TinyModel, cacheType: ElementType) throws -> [[Float]] {
    var session = try EagerSession(model, capacity: 2_048, cacheType: cacheType, threads: threads)
    // Small steps are taken at the end, from before position 512 to past it.
    let start = chunk < 10 ? max(tokens.count - 60, 0) : 0
    var rows = try session.read(Array(tokens[..<start]))
    guard hasCompany else { return rows + (try session.read(Array(tokens[start...]), at: start, chunk: chunk)) }
    let other = model.tokens(16, seed: 5)
    for (step, start) in stride(from: start, to: tokens.count, by: chunk).enumerated() {
      let part = tokens[start..<min(start + chunk, tokens.count)]
      var batch = Batch()
      // One neighbour starts anew in each step with a prompt of changing length; the other goes on by one token.
      batch.append(other.prefix(2 + step % 14), to: 5, at: 0, outputs: [0])
      batch.append(part, to: 0, at: start, outputs: Array(part.indices).map { $0 - start })
      batch.append([other[step % 16]], to: 9, at: step % 16, outputs: step % 2 == 0 ? [] : [0])
      rows += try session.logits(batch)[1...].prefix(part.count)
    }
    return rows
  }
}
