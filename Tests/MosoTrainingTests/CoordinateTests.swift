import MosoCorpora
import MosoFormats
import MosoModel
import MosoTensor
import MosoTraining
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The coordinate check of Yang et al. (2022): in a model of any width a few steps change what it computes by about as much, so
/// that a learning rate which is right for a narrow model is right for a wide one.
@Suite("Steps move models of all widths as far") struct CoordinateTests {
  private static let widths = [32, 64, 128, 256]

  /// The root of the mean square of how much the final hidden states and the scores change in a few steps.
  private func change(width: Int, _ method: OptimizerSettings.Method, hasRule: Bool) throws -> (
    hidden: Double, scores: Double
  ) {
    let configuration: JSONValue = [
      "model_type": "llama", "vocab_size": 67, "hidden_size": .integer(width), "intermediate_size": .integer(2 * width),
      "num_hidden_layers": 2, "num_attention_heads": .integer(width / 16), "num_key_value_heads": .integer(width / 16),
      "max_position_embeddings": 128, "rms_norm_eps": 1e-5, "tie_word_embeddings": false,
    ]
    let compute = TrainingCompute(pool: ThreadPool(threads: 2), precision: .single)
    let model = try TrainingModel(configuration: configuration.objectValue ?? JSONObject(), on: compute)
    Initialization(seed: 3).fill(model)
    let runner = GradientRunner(model)
    var settings = OptimizerSettings(method: method)
    settings.referenceWidth = hasRule ? 32 : nil
    let optimizer = Optimizer(settings, for: model)
    let sequences = (0..<8).map { start in
      let step = 1 + start % 3
      let tokens = (0..<64).map { place in Int32(1 + (start * 7 + place * step) % 66) }
      return TrainingSequence(tokens)
    }
    let before = runner.outputs(sequences[0])
    for _ in 0..<6 {
      let gradient = runner.gradient(sequences, targetCount: 8 * 63)
      optimizer.join(gradient.slopes)
      optimizer.step(rate: 0.004, slopes: gradient.slopes, norm: optimizer.norm(gradient.slopes))
      runner.recycle(gradient.slopes)
    }
    let after = runner.outputs(sequences[0])
    func distance(_ x: [Double], _ y: [Double]) -> Double {
      (zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(x.count)).squareRoot()
    }
    return (distance(before.hidden, after.hidden), distance(before.scores, after.scores))
  }

  /// The power of the width with which numbers grow.
  private func power(_ numbers: [Double]) -> Double {
    let x = Self.widths.map { log(Double($0)) }, y = numbers.map { log($0) }
    let middle = (x: x.reduce(0, +) / Double(x.count), y: y.reduce(0, +) / Double(y.count))
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - middle.x) * ($1.1 - middle.y) }
    return product / x.reduce(0) { $0 + ($1 - middle.x) * ($1 - middle.x) }
  }

  @Test("by the rule for wide models", arguments: OptimizerSettings.Method.allCases)
  func withRule(_ method: OptimizerSettings.Method) throws {
    let changes = try Self.widths.map { try change(width: $0, method, hasRule: true) }
    let hidden = power(changes.map(\.hidden)), scores = power(changes.map(\.scores))
    #expect(abs(hidden) < 0.25 && abs(scores) < 0.25, "powers of \(hidden) and \(scores)")
  }

  @Test("which they do not without it")
  func withoutRule() throws {
    let changes = try Self.widths.map { try change(width: $0, .adamW, hasRule: false) }
    #expect(power(changes.map(\.scores)) > 0.4, "a power of \(power(changes.map(\.scores)))")
  }
}
