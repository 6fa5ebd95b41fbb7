import MosoFormats
import MosoTensor
import MosoTraining
import Testing

@Suite("Steps are the same bits")
struct SameStepsTests {
  static let methods: [OptimizerSettings.Method] = [.adamW, .muon]

  @Test("whatever the threads, micro-batches and recomputation", arguments: SmallRun.all, methods)
  func splits(_ configuration: JSONObject, _ method: OptimizerSettings.Method) throws {
    var run = SmallRun(configuration: configuration, optimizer: OptimizerSettings(method: method))
    let expected = try run.run().values
    run.threads = 1
    #expect(try run.run().values == expected)
    run.threads = 3
    run.gradients.microBatch = 1
    #expect(try run.run().values == expected)
    run.gradients.recomputes = true
    #expect(try run.run().values == expected)
  }

  @Test("and they learn", arguments: SmallRun.all, methods)
  func learns(_ configuration: JSONObject, _ method: OptimizerSettings.Method) throws {
    for precision in [TrainingPrecision.single, .mixed] {
      let run = SmallRun(
        configuration: configuration, precision: precision, optimizer: OptimizerSettings(method: method), steps: 40)
      let losses = try run.run().losses
      #expect(losses[0] > 4 && losses[39] < 0.75 * losses[0], "\(losses[0]) became \(losses[39])")
    }
  }
}
