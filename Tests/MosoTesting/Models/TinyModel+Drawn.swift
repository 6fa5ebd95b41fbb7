import MosoModel

/// Models whose architectures are drawn too: features in combinations that nobody would write down.
extension TinyModel {
  public static let drawn: [TinyModel] = (1...16).map(drawn(seed:))

  public static func drawn(seed: UInt64) -> TinyModel {
    var generator = RepeatableGenerator(seed: seed &* 1_000_003)
    let architecture = Architecture.drawn(using: &generator)
    let biases = Biases(rawValue: Int.random(in: 0...31, using: &generator))
    return TinyModel("drawn-\(seed)", architecture, biases: biases, seed: seed)
  }
}

extension Architecture {
  fileprivate static func drawn(using generator: inout RepeatableGenerator) -> Architecture {
    func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < share }
    func one<Value>(of values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }

    let headSize = one(of: [8, 16, 24, 40, 64, 80])
    let keyValueHeads = one(of: [1, 2, 3])
    let rotaries = (0..<one(of: [1, 2])).map { _ in
      let part = chance(0.7) ? headSize : headSize / 2
      return TinyModel.rotary(
        one(of: [.adjacent, .halves]), part, base: one(of: [10, 100, 10_000]), amplitude: one(of: [1, 1, 0.8]))
    }
    let learned = chance(0.3)
    let layers = (0..<one(of: [1, 2, 3])).map { _ in
      LayerPlan(
        window: chance(0.5) ? one(of: [1, 2, 15, 16, 17, 63, 64, 65]) : nil,
        rotary: chance(learned ? 0.3 : 0.8) ? Int.random(in: 0..<rotaries.count, using: &generator) : nil)
    }
    let experts =
      chance(0.3)
      ? ExpertPlan(count: one(of: [2, 5, 8]), usedCount: one(of: [1, 2]), normalizesWeights: chance(0.5)) : nil
    return Architecture(
      family: "drawn", vocabularySize: one(of: [5, 16, 33, 64]), contextLength: 128, width: one(of: [8, 24, 32, 50]),
      layers: layers,
      norm: NormPlan(kind: one(of: [.rootMeanSquare, .layer]), epsilon: 1e-5, followsBranches: chance(0.4)),
      attention: TinyModel.attention(
        keyValueHeads * one(of: [1, 2, 3, 7]), keyValueHeads, headSize, softcap: chance(0.3) ? 2 : nil,
        normalizes: chance(0.4)),
      rotaries: rotaries,
      feedForward: FeedForwardPlan(
        activation: one(of: [.silu, .geluTanh, .gelu]), isGated: experts != nil || chance(0.6),
        width: one(of: [8, 31, 48]), experts: experts),
      embeddingScale: one(of: [1, 1, 4.5]), hasLearnedPositions: learned, hasTiedHead: chance(0.5),
      logitSoftcap: chance(0.3) ? 4 : nil)
  }
}
