import MosoModel
import MosoTensor
import MosoTesting
import MosoTraining
import Testing

@Suite("Slopes are the derivatives of the loss")
struct SlopeTests {
  /// Documents on both sides of a block of queries, in sequences of several and of one.
  private static let lengths = [[5, 50, 1], [3, 2]]

  @Test("as central differences in doubles say", arguments: TinyModel.families + TinyModel.drawn)
  func differences(_ model: TinyModel) {
    let session = TapeSession(model, precision: .double)
    let example = TrainingExample(model, lengths: Self.lengths, penalty: 1e-2)
    let slopes = session.emptySlopes()
    session.loss(example, slopes: slopes)
    var generator = RepeatableGenerator(seed: 5)
    for parameter in session.layout.parameters {
      let found = session.slopes(of: parameter, in: slopes)
      let values = session.values.values(of: parameter)
      // Along a random direction every number counts.
      let direction = found.map { _ in Double.random(in: -1...1, using: &generator) }
      let expected = difference(session, example, values, direction)
      let products = zip(found, direction).map { $0 * $1 }
      let along = products.reduce(0, +), size = products.reduce(0) { $0 + $1.magnitude }
      #expect(
        (along - expected).magnitude <= 1e-6 * max(size, 1e-3), "\(parameter): \(along), by differences \(expected)")
    }
  }

  /// The derivative of the loss along a direction, from four points, so that its error is of fourth order.
  private func difference(
    _ session: TapeSession, _ example: TrainingExample, _ values: Matrix, _ direction: [Double]
  ) -> Double {
    let start = values.values
    func loss(_ step: Double) -> Double {
      values.values = zip(start, direction).map { $0 + step * $1 }
      return session.loss(example)
    }
    // Short, so that no row changes its experts on the way.
    let step = 1e-5
    let result = (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step))) / (12 * step)
    values.values = start
    return result
  }

  @Test("in floats too", arguments: TinyModel.families + TinyModel.drawn)
  func floats(_ model: TinyModel) {
    let exact = TapeSession(model, precision: .double), session = TapeSession(model, precision: .single)
    let example = TrainingExample(model, lengths: Self.lengths, penalty: 1e-2)
    let expected = exact.emptySlopes(), found = session.emptySlopes()
    let exactLoss = exact.loss(example, slopes: expected), loss = session.loss(example, slopes: found)
    #expect((loss - exactLoss).magnitude < 1e-5 * exactLoss)
    for (parameter, other) in zip(session.layout.parameters, exact.layout.parameters) {
      let a = session.slopes(of: parameter, in: found), b = exact.slopes(of: other, in: expected)
      let size = b.reduce(0) { max($0, $1.magnitude) }
      let error = zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      // Some slopes are exactly 0, as those of biases that softmax takes away again.
      #expect(error <= 2e-5 * max(size, 5e-3), "\(parameter): \(error) of \(size)")
    }
  }
}
