import MosoCorpora
import MosoFormats
import MosoModel
import MosoTensor
import MosoTraining

/// Steps of a model on random tokens: forwards, backwards, clipping, AdamW.
struct StepTiming {
  let configuration: JSONObject
  let length: Int
  let sequences: Int
  let steps: Int
  let precision: TrainingPrecision
  let threads: Int
  let lanes: Int

  /// - Parameter arguments: The model's `config.json`, the tokens of a sequence, sequences, steps, `f32` or `bf16`, threads,
  ///   and perhaps lanes.
  init(_ arguments: [String]) throws {
    guard arguments.count == 6 || arguments.count == 7, let precision = TrainingPrecision(rawValue: arguments[4]) else {
      throw Usage()
    }
    configuration = try JSONValue(parsing: arguments[0]).objectValue ?? JSONObject()
    length = try TrainingTool.number(arguments[1])
    sequences = try TrainingTool.number(arguments[2])
    steps = try TrainingTool.number(arguments[3])
    self.precision = precision
    threads = try TrainingTool.number(arguments[5])
    lanes = arguments.count == 7 ? try TrainingTool.number(arguments[6]) : 4
    // The first does not count.
    guard steps > 1 else { throw Usage() }
  }

  func run() throws -> JSONObject {
    let compute = TrainingCompute(pool: ThreadPool(threads: threads), precision: precision)
    let model = try TrainingModel(configuration: configuration, on: compute)
    Initialization(seed: 1).fill(model)
    var settings = GradientSettings()
    settings.lanes = lanes
    let runner = GradientRunner(model, settings: settings), optimizer = Optimizer(OptimizerSettings(), for: model)
    var random = SystemRandomNumberGenerator()
    let vocabulary = Int32(model.architecture.vocabularySize)
    let batch = (0..<sequences).map { _ in
      TrainingSequence((0...length).map { _ in Int32.random(in: 0..<vocabulary, using: &random) })
    }
    let clock = ContinuousClock()
    var times: [Duration] = []
    var loss = 0.0
    for _ in 0..<steps {
      times.append(
        clock.measure {
          let gradient = runner.gradient(batch, targetCount: sequences * length)
          optimizer.join(gradient.slopes)
          optimizer.step(rate: 1e-3, slopes: gradient.slopes, norm: optimizer.norm(gradient.slopes))
          runner.recycle(gradient.slopes)
          loss = gradient.losses.reduce(0, +) / Double(sequences * length)
        })
    }
    let sorted = times.dropFirst().sorted()
    return [
      "parameters": .integer(model.parameterCount), "multiplied": .integer(model.multipliedCount),
      "loss": .number(loss), "median_s": .number(sorted[sorted.count / 2] / .seconds(1)),
    ]
  }
}
