import MosoCheckpoints
import MosoModel
import MosoTensor
import MosoTesting
import MosoTraining

/// A tiny model on a tape, in one kind of number.
final class TapeSession: SessionUnderTest {
  let transformer: Transformer<TrainingParameter>
  let layout: ParameterLayout
  let compute: TrainingCompute
  let values: ParameterStore
  private let frequencies: [[Float]]

  init(_ model: TinyModel, precision: TrainingPrecision, contextLength: Int? = nil, threads: Int = 2) {
    let compute = TrainingCompute(pool: ThreadPool(threads: threads), precision: precision)
    var layout = ParameterLayout()
    var weights: [(TrainingParameter, TestWeight)] = []
    func add(_ weight: TestWeight) -> TrainingParameter {
      let parameter =
        switch weight {
        case .matrix(let matrix): layout.add(TensorRole(.up), rows: matrix.rows, columns: matrix.columns)
        case .vector(let vector): layout.add(TensorRole(.up, .bias), rows: 1, columns: vector.count)
        }
      weights.append((parameter, weight))
      return parameter
    }
    var source = model.transformer
    let isTied = model.architecture.hasTiedHead
    if isTied { source.head.weight = .vector([]) }
    var transformer = source.map(add)
    if isTied { transformer.head.weight = layout.addSecondUse(of: transformer.tokenEmbedding) }
    self.transformer = transformer
    self.layout = layout
    self.compute = compute
    values = ParameterStore(count: layout.valueCount, on: compute)
    for (parameter, weight) in weights {
      switch weight {
      case .matrix(let matrix): values.values(of: parameter).values = matrix.values().joined().map(Double.init)
      case .vector(let vector): values.values(of: parameter).values = vector.map(Double.init)
      }
    }
    let length = contextLength ?? model.architecture.contextLength
    frequencies = model.architecture.rotaries.map { $0.frequencies(forContextLength: length) }
  }

  func ops(for batch: Batch) -> TapeOps {
    ops(for: batch, ends: [batch.count], tape: Tape(values: values, slopes: values, records: false, on: compute))
  }

  func ops(for batch: Batch, ends: [Int], tape: Tape) -> TapeOps {
    TapeOps(
      batch: batch, ends: ends, architecture: transformer.architecture, frequencies: frequencies, tape: tape)
  }

  func values(_ activation: TapeValue) -> [[Float]] {
    let numbers = activation.numbers
    return (0..<numbers.rows).map { row in (0..<numbers.columns).map { Float(numbers[row, $0]) } }
  }

  func truncate(_ sequence: Int, to count: Int) {}
}

/// Sequences whose every token is a target, and what they are weighted with.
struct TrainingExample {
  /// Each sequence's documents.
  var sequences: [[[Int32]]]
  /// The number of rows that losses are divided by.
  var total: Int
  var penalty = 0.0

  /// `lengths` of documents, by sequence.
  init(_ model: TinyModel, lengths: [[Int]], penalty: Double = 0) {
    sequences = lengths.enumerated().map { index, lengths in
      lengths.enumerated().map { place, length in
        model.tokens(length + 1, seed: UInt64(100 * index + place + 1))
      }
    }
    total = lengths.joined().reduce(0, +)
    self.penalty = penalty
  }
}

extension TapeSession {
  /// The mean loss of some of an example's sequences; adds its slopes to `slopes` where these are given.
  @discardableResult
  func loss(
    _ example: TrainingExample, sequences: Range<Int>? = nil, slopes: ParameterStore? = nil, recomputes: Bool = false
  ) -> Double {
    var batch = Batch()
    var ends: [Int] = []
    var targets: [Int32] = []
    var slot = 0
    for sequence in example.sequences[sequences ?? 0..<example.sequences.count] {
      for document in sequence {
        batch.append(document.dropLast(), to: slot, at: 0, outputs: [])
        targets += document.dropFirst()
        slot += 1
      }
      ends.append(batch.count)
    }
    let tape = Tape(values: values, slopes: slopes ?? values, records: slopes != nil, on: compute)
    var ops = ops(for: batch, ends: ends, tape: tape)
    let hidden = transformer.recordedHiddenStates(on: &ops, recomputes: recomputes)
    let losses = ops.crossEntropy(
      hidden, transformer.head,
      LossTargets(
        tokens: targets, weight: 1 / Double(example.total), penalty: example.penalty,
        softcap: transformer.architecture.logitSoftcap.map(Double.init)))
    tape.walkBack()
    return losses.reduce(0, +) / Double(example.total)
  }

  func emptySlopes() -> ParameterStore { ParameterStore(count: layout.slopeCount, on: compute) }

  /// All slopes of a parameter: the sum of those of its uses.
  func slopes(of parameter: TrainingParameter, in store: ParameterStore) -> [Double] {
    var sum = store.slopes(of: parameter).values
    for use in layout.secondUses where use.isSecondUse(of: parameter) {
      for (index, value) in store.slopes(of: use).values.enumerated() { sum[index] += value }
    }
    return sum
  }
}
