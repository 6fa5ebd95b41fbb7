public import MosoModel
public import MosoTensor

/// A transformer of a few thousand random weights, for tests.
public struct TinyModel: Sendable {
  public let name: String
  public let transformer: Transformer<TestWeight>

  public var architecture: Architecture { transformer.architecture }

  /// Which projections and norms have a bias.
  public struct Biases: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let norms = Biases(rawValue: 1)
    public static let queriesKeysAndValues = Biases(rawValue: 2)
    public static let attentionOutput = Biases(rawValue: 4)
    public static let feedForward = Biases(rawValue: 8)
    public static let head = Biases(rawValue: 16)
    public static let all: Biases = [.norms, .queriesKeysAndValues, .attentionOutput, .feedForward, .head]
  }

  /// What a matrix is for; element types may differ by it, as they do in real files.
  public enum Role: Sendable, Hashable {
    case embedding, query, key, value, output, gate, up, down, router, head
  }

  /// A model of `architecture` whose weights follow from `seed`.
  public init(
    _ name: String, _ architecture: Architecture, biases: Biases = [], seed: UInt64 = 1,
    elementType: @escaping @Sendable (Role) -> ElementType = { _ in .f32 }
  ) {
    self.name = name
    var maker = WeightMaker(generator: RepeatableGenerator(seed: seed), elementType: elementType)
    transformer = maker.transformer(architecture, biases: biases)
  }

  /// `count` random tokens of the model's vocabulary.
  public func tokens(_ count: Int, seed: UInt64 = 1) -> [Int32] {
    var generator = RepeatableGenerator(seed: seed &+ 77)
    return (0..<count).map { _ in Int32.random(in: 0..<Int32(architecture.vocabularySize), using: &generator) }
  }
}

extension TinyModel: CustomStringConvertible {
  public var description: String { name }
}

/// Draws weights such that activations keep a size near one and attention is neither flat nor a single spike.
private struct WeightMaker {
  var generator: RepeatableGenerator
  let elementType: (TinyModel.Role) -> ElementType

  mutating func transformer(_ architecture: Architecture, biases: TinyModel.Biases) -> Transformer<TestWeight> {
    let embedding = matrix(.embedding, architecture.vocabularySize, architecture.width, magnitude: 0.5)
    let positions =
      architecture.hasLearnedPositions
      ? matrix(.embedding, architecture.contextLength, architecture.width, magnitude: 0.5) : nil
    let blocks = architecture.layers.map { _ in block(architecture, biases: biases) }
    let finalNorm = norm(architecture.width, architecture.norm, biases)
    let head =
      architecture.hasTiedHead
      ? embedding : matrix(.head, architecture.vocabularySize, architecture.width)
    let headBias = biases.contains(.head) ? bias(architecture.vocabularySize) : nil
    return Transformer(
      architecture: architecture, tokenEmbedding: embedding, positionEmbedding: positions, blocks: blocks,
      finalNorm: finalNorm, head: Linear(weight: head, bias: headBias))
  }

  private mutating func block(_ architecture: Architecture, biases: TinyModel.Biases) -> Block<TestWeight> {
    let width = architecture.width
    let follows = architecture.norm.followsBranches
    return Block(
      attentionNorm: norm(width, architecture.norm, biases),
      attention: attention(architecture.attention, width: width, biases: biases),
      attentionOutputNorm: follows ? norm(width, architecture.norm, biases) : nil,
      feedForwardNorm: norm(width, architecture.norm, biases),
      feedForward: feedForward(architecture.feedForward, width: width, biases: biases),
      feedForwardOutputNorm: follows ? norm(width, architecture.norm, biases) : nil)
  }

  private mutating func attention(
    _ plan: AttentionPlan, width: Int, biases: TinyModel.Biases
  ) -> AttentionWeights<TestWeight> {
    let inner = plan.headCount * plan.headSize
    let keyWidth = plan.keyValueHeadCount * plan.headSize
    let biased = biases.contains(.queriesKeysAndValues)
    return AttentionWeights(
      query: linear(.query, inner, width, biased: biased, gain: 2),
      key: linear(.key, keyWidth, width, biased: biased),
      value: linear(.value, keyWidth, width, biased: biased),
      output: linear(.output, width, inner, biased: biases.contains(.attentionOutput)),
      queryNorm: plan.normalizesQueriesAndKeys ? Norm(gain: gain(plan.headSize)) : nil,
      keyNorm: plan.normalizesQueriesAndKeys ? Norm(gain: gain(plan.headSize)) : nil)
  }

  private mutating func feedForward(
    _ plan: FeedForwardPlan, width: Int, biases: TinyModel.Biases
  ) -> FeedForwardWeights<TestWeight> {
    let biased = biases.contains(.feedForward)
    if let experts = plan.experts {
      // Strong opinions, so that no two experts come so close that rounding decides between them.
      let router = linear(.router, experts.count, width, biased: biased, gain: 3)
      return .experts(
        router: router, (0..<experts.count).map { _ in gated(plan.width, width, biased: biased) })
    }
    if plan.isGated { return .gated(gated(plan.width, width, biased: biased)) }
    return .plain(
      up: linear(.up, plan.width, width, biased: biased), down: linear(.down, width, plan.width, biased: biased))
  }

  private mutating func gated(_ hidden: Int, _ width: Int, biased: Bool) -> GatedWeights<TestWeight> {
    GatedWeights(
      gate: linear(.gate, hidden, width, biased: biased, gain: 1.5),
      up: linear(.up, hidden, width, biased: biased), down: linear(.down, width, hidden, biased: biased))
  }

  private mutating func norm(_ count: Int, _ plan: NormPlan, _ biases: TinyModel.Biases) -> Norm<TestWeight> {
    let biased = plan.kind == .layer && biases.contains(.norms)
    return Norm(gain: gain(count), bias: biased ? bias(count) : nil)
  }

  private mutating func linear(
    _ role: TinyModel.Role, _ rows: Int, _ columns: Int, biased: Bool, gain: Float = 1
  ) -> Linear<TestWeight> {
    let weight = matrix(role, rows, columns, magnitude: gain / Float(columns).squareRoot())
    return Linear(weight: weight, bias: biased ? bias(rows) : nil)
  }

  private mutating func matrix(_ role: TinyModel.Role, _ rows: Int, _ columns: Int) -> TestWeight {
    matrix(role, rows, columns, magnitude: 1 / Float(columns).squareRoot())
  }

  private mutating func matrix(
    _ role: TinyModel.Role, _ rows: Int, _ columns: Int, magnitude: Float
  ) -> TestWeight {
    let type = elementType(role)
    let bytes = type.randomBytes(count: rows * columns, magnitude: magnitude, using: &generator)
    return .matrix(TestMatrix(elementType: type, rows: rows, columns: columns, bytes: bytes))
  }

  private mutating func gain(_ count: Int) -> TestWeight { .vector(generator.floats(count, in: 0.5...1.5)) }

  private mutating func bias(_ count: Int) -> TestWeight { .vector(generator.floats(count, in: -0.5...0.5)) }
}
