import MosoCorpora
import MosoFormats
import MosoModel
import MosoTensor
import MosoTraining

/// A few steps of a small model on repeating random sequences.
struct SmallRun {
  var configuration = Self.llama
  var precision = TrainingPrecision.single
  var threads = 2
  var gradients = GradientSettings()
  var optimizer = OptimizerSettings()
  var steps = 4
  var sequenceCount = 8

  static let llama: JSONObject = configuration([
    "model_type": "llama", "vocab_size": 67, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2,
    "num_attention_heads": 3, "num_key_value_heads": 1, "max_position_embeddings": 128, "rms_norm_eps": 1e-5,
    "tie_word_embeddings": true,
  ])

  static let gpt2: JSONObject = configuration([
    "model_type": "gpt2", "vocab_size": 67, "n_embd": 48, "n_inner": 96, "n_layer": 2, "n_head": 3, "n_positions": 128,
  ])

  static let mixture: JSONObject = configuration([
    "model_type": "mixtral", "vocab_size": 67, "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2,
    "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 128, "num_local_experts": 4,
    "num_experts_per_tok": 2, "sliding_window": nil,
  ])

  static let qwen3: JSONObject = configuration([
    "model_type": "qwen3", "vocab_size": 67, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32, "max_position_embeddings": 128,
    "rms_norm_eps": 1e-6, "tie_word_embeddings": false,
  ])

  static let all = [llama, gpt2, mixture, qwen3]

  private static func configuration(_ value: JSONValue) -> JSONObject { value.objectValue ?? JSONObject() }

  /// The values after all steps, and each step's mean loss.
  func run() throws -> (values: [Double], losses: [Double]) {
    let compute = TrainingCompute(pool: ThreadPool(threads: threads), precision: precision)
    let model = try TrainingModel(configuration: configuration, on: compute)
    Initialization(seed: 3).fill(model)
    let runner = GradientRunner(model, settings: gradients), optimizer = Optimizer(self.optimizer, for: model)
    var losses: [Double] = []
    for step in 0..<steps {
      let sequences = (0..<sequenceCount).map { sequence(step * sequenceCount + $0) }
      let count = sequences.reduce(0) { $0 + $1.targetCount }
      let gradient = runner.gradient(sequences, targetCount: count)
      optimizer.join(gradient.slopes)
      optimizer.step(rate: 3e-3, slopes: gradient.slopes, norm: optimizer.norm(gradient.slopes))
      runner.recycle(gradient.slopes)
      losses.append(gradient.losses.reduce(0, +) / Double(count))
    }
    return (model.values.numbers.values, losses)
  }

  /// Documents that count upwards in steps of their own, cut where sequences end.
  private func sequence(_ index: Int) -> TrainingSequence {
    var tokens: [Int32] = []
    var document = index * 3
    while tokens.count < 71 {
      let step = 1 + document % 5, length = 10 + document * 7 % 40
      tokens.append(0)
      tokens += (0..<length).map { Int32(1 + (document + $0 * step) % 66) }
      document += 1
    }
    return TrainingSequence(tokens.prefix(71), documentStart: 0)
  }
}
