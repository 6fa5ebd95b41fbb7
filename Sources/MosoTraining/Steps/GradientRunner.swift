package import MosoCorpora
import MosoModel
import MosoTensor

/// Computes losses and gradients of steps.
public final class GradientRunner {
  package let model: TrainingModel
  /// How it is done.
  public let settings: GradientSettings
  let frequencies: [[Float]]
  /// Gradients that are not in use.
  private var spare: [ParameterStore] = []

  package init(_ model: TrainingModel, settings: GradientSettings = GradientSettings()) {
    precondition(settings.lanes > 0 && settings.lanes & (settings.lanes - 1) == 0, "\(settings.lanes) lanes")
    self.model = model
    self.settings = settings
    let length = model.architecture.contextLength
    frequencies = model.architecture.rotaries.map { $0.frequencies(forContextLength: length) }
  }

  /// The gradient of a step and the loss of each of its sequences.
  package struct Gradient {
    /// The gradient of the mean loss over all targets of the step; give it back with `recycle`.
    package var slopes: ParameterStore
    /// The sum of the losses of each sequence's targets, in nats.
    package var losses: [Double]
  }

  /// The gradient over the lanes `lanes` of a step, or all of them.
  ///
  /// - Parameters:
  ///   - sequences: The sequences of these lanes, in equal parts.
  ///   - targetCount: How many targets all lanes of the step have.
  package func gradient(_ sequences: [TrainingSequence], lanes: Int? = nil, targetCount: Int) -> Gradient {
    let lanes = lanes ?? settings.lanes
    precondition(sequences.count % lanes == 0, "\(sequences.count) sequences in \(lanes) lanes")
    return sum(ArraySlice(sequences), lanes: lanes, targetCount: targetCount)
  }

  /// The sum over some lanes: that of the first half plus that of the second.
  private func sum(_ sequences: ArraySlice<TrainingSequence>, lanes: Int, targetCount: Int) -> Gradient {
    guard lanes > 1 else { return lane(sequences, targetCount: targetCount) }
    let half = sequences.count / 2
    var first = sum(sequences.prefix(half), lanes: lanes / 2, targetCount: targetCount)
    let second = sum(sequences.dropFirst(half), lanes: lanes / 2, targetCount: targetCount)
    model.compute.add(second.slopes.numbers, to: first.slopes.numbers)
    recycle(second.slopes)
    first.losses += second.losses
    return first
  }

  /// The sum over one lane's sequences, one after another.
  private func lane(_ sequences: ArraySlice<TrainingSequence>, targetCount: Int) -> Gradient {
    let slopes = spare.popLast() ?? ParameterStore(count: model.layout.slopeCount, on: model.compute)
    model.compute.clear(slopes.numbers)
    var gradient = Gradient(slopes: slopes, losses: [])
    var rest = sequences
    let some = max(1, min(settings.microBatch ?? sequences.count, sequences.count))
    while !rest.isEmpty {
      gradient.losses += pass(rest.prefix(some), targetCount: targetCount, slopes: slopes)
      rest = rest.dropFirst(some)
    }
    return gradient
  }

  /// The losses of sequences, without gradients.
  package func losses(_ sequences: [TrainingSequence]) -> [Double] {
    var losses: [Double] = []
    var rest = ArraySlice(sequences)
    while !rest.isEmpty {
      let some = settings.microBatch ?? 4
      losses += pass(rest.prefix(some), targetCount: 1, slopes: nil)
      rest = rest.dropFirst(some)
    }
    return losses
  }

  /// Runs sequences forwards and, where slopes are wanted, backwards.
  private func pass(
    _ sequences: ArraySlice<TrainingSequence>, targetCount: Int, slopes: ParameterStore?
  ) -> [Double] {
    let batch = TrainingBatch(sequences)
    let tape = Tape(
      values: model.values, slopes: slopes ?? model.values, records: slopes != nil, on: model.compute)
    var ops = TapeOps(
      batch: batch.batch, ends: batch.ends, architecture: model.architecture, frequencies: frequencies, tape: tape)
    let hidden = model.transformer.recordedHiddenStates(on: &ops, recomputes: settings.recomputes && slopes != nil)
    let targets = LossTargets(
      tokens: batch.targets, weight: 1 / Double(max(targetCount, 1)), penalty: slopes == nil ? 0 : settings.penalty,
      softcap: model.architecture.logitSoftcap.map(Double.init))
    let losses = ops.crossEntropy(hidden, model.transformer.head, targets)
    tape.walkBack()
    var first = 0
    return batch.ends.map { end in
      defer { first = end }
      return losses[first..<end].reduce(0, +)
    }
  }

  /// Takes back the memory of a gradient.
  package func recycle(_ slopes: ParameterStore) { spare.append(slopes) }
}
