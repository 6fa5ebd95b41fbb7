import MosoCorpora
import MosoFormats
import MosoModel
import MosoTensor
import MosoTraining

/// Times training steps of a model on random tokens, for the comparison with PyTorch.
///
///     TrainingTool CONFIG LENGTH SEQUENCES STEPS PRECISION THREADS [LANES]
@main
struct TrainingTool {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 7, let length = Int(arguments[2]), let count = Int(arguments[3]),
      let steps = Int(arguments[4]), let precision = TrainingPrecision(rawValue: arguments[5]),
      let threads = Int(arguments[6])
    else { return print("usage: TrainingTool CONFIG LENGTH SEQUENCES STEPS f32|bf16 THREADS [LANES]") }
    let configuration = try JSONValue(parsing: arguments[1]).objectValue ?? JSONObject()
    let compute = TrainingCompute(pool: ThreadPool(threads: threads), precision: precision)
    let model = try TrainingModel(configuration: configuration, on: compute)
    Initialization(seed: 1).fill(model)
    var settings = GradientSettings()
    settings.lanes = arguments.count > 7 ? Int(arguments[7]) ?? 4 : 4
    let runner = GradientRunner(model, settings: settings), optimizer = Optimizer(OptimizerSettings(), for: model)
    var random = SystemRandomNumberGenerator()
    let vocabulary = Int32(model.architecture.vocabularySize)
    let sequences = (0..<count).map { _ in
      TrainingSequence((0...length).map { _ in Int32.random(in: 0..<vocabulary, using: &random) })
    }
    let clock = ContinuousClock()
    var times: [Duration] = []
    var loss = 0.0
    for _ in 0..<steps {
      times.append(
        clock.measure {
          let gradient = runner.gradient(sequences, targetCount: count * length)
          optimizer.join(gradient.slopes)
          optimizer.step(rate: 1e-3, slopes: gradient.slopes, norm: optimizer.norm(gradient.slopes))
          runner.recycle(gradient.slopes)
          loss = gradient.losses.reduce(0, +) / Double(count * length)
        })
    }
    let sorted = times.dropFirst().sorted()
    let median = sorted[sorted.count / 2] / .seconds(1)
    print(
      "{\"parameters\": \(model.parameterCount), \"multiplied\": \(model.multipliedCount), \"loss\": \(loss), "
        + "\"median_s\": \(median)}")
  }
}
