public import MosoModel
import MosoTensor

/// Runs a transformer forwards and notes on a tape how to walk back: the interpreter that training uses.
///
/// An instance lives for one forward pass of one batch, in which every sequence begins at its first position. Results are
/// the same bits whatever the number of threads and the other sequences in the batch; sums over rows run in pieces of
/// sequences, so that slopes, too, do not depend on how sequences are shared out over batches.
public struct TapeOps: TransformerOps {
  /// Numbers, one row for each token of the batch, and the place of their slopes.
  public typealias Activation = TapeValue
  /// Places in a `ParameterStore`.
  public typealias Parameter = TrainingParameter

  let tape: Tape
  let architecture: Architecture
  let batch: Batch
  /// Where rows are cut for sums over them.
  let pieces: RowPieces
  let angles: [TapeAngles]

  var compute: TrainingCompute { tape.compute }

  /// - Parameters:
  ///   - ends: Where the rows of each sequence of the training batch end. A sequence may hold several runs, as documents
  ///     that are packed together and do not see each other.
  /// - Precondition: Every run begins at position 0.
  package init(batch: Batch, ends: [Int], architecture: Architecture, frequencies: [[Float]], tape: Tape) {
    precondition(batch.runs.allSatisfy { $0.firstPosition == 0 }, "a tape remembers no earlier batches")
    precondition(ends.last == batch.count, "the last sequence ends with the batch")
    self.tape = tape
    self.architecture = architecture
    self.batch = batch
    pieces = RowPieces(ends: ends)
    angles = zip(architecture.rotaries, frequencies).map { plan, frequencies in
      TapeAngles(batch: batch, plan: plan, frequencies: frequencies, on: tape.compute)
    }
  }

  // MARK: Embedding

  /// The rows of `table` for the batch's tokens, times `scale`: tokens × width.
  public mutating func embed(in table: TrainingParameter, scale: Float) -> TapeValue {
    take(batch.tokens, from: table, scale: Double(scale))
  }

  /// `x` plus the row of `table` for each token's position in its run.
  public mutating func addPositions(_ x: TapeValue, from table: TrainingParameter) -> TapeValue {
    let positions = batch.runs.flatMap { run in (0..<run.count).map { Int32($0) } }
    return add(x, take(positions, from: table, scale: 1))
  }

  private func take(_ indices: [Int32], from table: TrainingParameter, scale: Double) -> TapeValue {
    let y = TapeValue(compute.embed(indices, table: tape.values.values(of: table), scale: scale))
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      tape.compute.embedBack(indices, slopes: slopes, scale: scale, tableSlopes: tape.slopes.slopes(of: table))
    }
    return y
  }

  // MARK: Norms

  /// Each row over its root mean square, or less its mean over its standard deviation; then gain and bias.
  public mutating func normalize(_ x: TapeValue, _ norm: Norm<TrainingParameter>, plan: NormPlan) -> TapeValue {
    switch plan.kind {
    case .rootMeanSquare: normalizeRootMeanSquare(x, norm, epsilon: Double(plan.epsilon))
    case .layer: normalizeLayer(x, norm, epsilon: Double(plan.epsilon))
    }
  }

  /// Each head of each row over its root mean square, times the gain, which has the head's size.
  public mutating func normalizeHeads(
    _ x: TapeValue, _ norm: Norm<TrainingParameter>, headSize: Int, epsilon: Float
  ) -> TapeValue {
    precondition(norm.gain.count == headSize, "a gain of the head's size")
    return normalizeRootMeanSquare(x, norm, epsilon: Double(epsilon))
  }

  private func normalizeRootMeanSquare(_ x: TapeValue, _ norm: Norm<TrainingParameter>, epsilon: Double) -> TapeValue {
    let gain = tape.values.values(of: norm.gain)
    let y = TapeValue(compute.normalizeRootMeanSquare(x.numbers, gain: gain, epsilon: epsilon))
    tape.record { [tape, pieces, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      x.slopes.receive(on: tape.compute) { target, adds in
        tape.compute.normalizeRootMeanSquareBack(
          x.numbers, gain: gain, epsilon: epsilon, slopes: slopes, pieces: pieces, inputSlopes: target, adds: adds,
          gainSlopes: tape.slopes.slopes(of: norm.gain))
      }
    }
    return y
  }

  private func normalizeLayer(_ x: TapeValue, _ norm: Norm<TrainingParameter>, epsilon: Double) -> TapeValue {
    let gain = tape.values.values(of: norm.gain), bias = norm.bias.map { tape.values.values(of: $0) }
    let y = TapeValue(compute.normalizeLayer(x.numbers, gain: gain, bias: bias, epsilon: epsilon))
    tape.record { [tape, pieces, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      x.slopes.receive(on: tape.compute) { target, adds in
        tape.compute.normalizeLayerBack(
          x.numbers, gain: gain, epsilon: epsilon, slopes: slopes, pieces: pieces, inputSlopes: target, adds: adds,
          gainSlopes: tape.slopes.slopes(of: norm.gain), biasSlopes: norm.bias.map { tape.slopes.slopes(of: $0) })
      }
    }
    return y
  }

  // MARK: Products

  /// `W x + b` for each row.
  public mutating func linear(_ x: TapeValue, _ layer: Linear<TrainingParameter>) -> TapeValue {
    product(x, layer, residual: nil, pieces: pieces)
  }

  /// `residual + W x + b` for each row, as one product.
  public mutating func linear(
    _ x: TapeValue, _ layer: Linear<TrainingParameter>, addedTo residual: TapeValue
  ) -> TapeValue {
    product(x, layer, residual: residual, pieces: pieces)
  }

  func product(
    _ x: TapeValue, _ layer: Linear<TrainingParameter>, residual: TapeValue?, pieces: RowPieces
  ) -> TapeValue {
    let weights = tape.values.values(of: layer.weight)
    let outputs = compute.matrix(rows: x.numbers.rows, columns: weights.rows)
    if let bias = layer.bias { compute.fill(outputs, with: tape.values.values(of: bias)) }
    compute.multiply(x.numbers, weights, into: outputs, adds: layer.bias != nil, addend: residual?.numbers)
    let y = TapeValue(outputs)
    tape.record { [tape, slopes = y.slopes, residual = residual?.slopes] in
      guard let slopes = slopes.take() else { return }
      tape.productBack(slopes, x, layer, weights: weights, pieces: pieces)
      residual?.add(slopes, on: tape.compute)
    }
    return y
  }

  // MARK: Attention

  /// Rotates the heads of `x` by each row's position, in place, and returns `x`.
  public mutating func rotate(_ x: TapeValue, headSize: Int, by rotary: Int) -> TapeValue {
    let angles = angles[rotary], adjacent = architecture.rotaries[rotary].pairing == .adjacent
    compute.rotate(x.numbers, headSize: headSize, cosines: angles.cosines, sines: angles.sines, adjacent: adjacent)
    tape.record { [tape, slopes = x.slopes] in
      guard let slopes = slopes.numbers else { return }
      tape.compute.rotate(
        slopes, headSize: headSize, cosines: angles.cosines, sines: angles.negativeSines, adjacent: adjacent)
    }
    return x
  }

  /// Attends each row to those before it in its run: one row of outputs for each row of `query`.
  public mutating func attend(query: TapeValue, key: TapeValue, value: TapeValue, layer: Int) -> TapeValue {
    let plan = architecture.attention
    let attention = SequenceAttention(
      sequences: batch.runs.map { $0.firstRow..<$0.firstRow + $0.count }, headCount: plan.headCount,
      keyValueHeadCount: plan.keyValueHeadCount, headSize: plan.headSize, scale: Double(plan.scale),
      softcap: plan.scoreSoftcap.map(Double.init), window: architecture.layers[layer].window)
    let (outputs, logSums) = compute.attend(
      query: query.numbers, key: key.numbers, value: value.numbers, attention)
    let y = TapeValue(outputs)
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      let back = tape.compute.attendBack(
        query: query.numbers, key: key.numbers, value: value.numbers, outputs: outputs, logSums: logSums,
        slopes: slopes, attention)
      query.slopes.add(back.query, on: tape.compute)
      key.slopes.add(back.key, on: tape.compute)
      value.slopes.add(back.value, on: tape.compute)
    }
    return y
  }

  // MARK: Element by element

  /// `x + y`, element by element.
  public mutating func add(_ x: TapeValue, _ y: TapeValue) -> TapeValue {
    let sum = TapeValue(compute.add(x.numbers, y.numbers))
    tape.record { [tape, slopes = sum.slopes, x = x.slopes, y = y.slopes] in
      guard let slopes = slopes.take() else { return }
      y.receive(on: tape.compute) { target, adds in
        if adds { tape.compute.add(slopes, to: target) } else { target.set(to: slopes) }
      }
      x.add(slopes, on: tape.compute)
    }
    return sum
  }

  /// `x · y`, element by element.
  public mutating func multiply(_ x: TapeValue, _ y: TapeValue) -> TapeValue {
    let product = TapeValue(compute.multiplyElements(x.numbers, y.numbers))
    tape.record { [tape, slopes = product.slopes] in
      guard let slopes = slopes.take() else { return }
      x.slopes.receive(on: tape.compute) { tape.compute.multiplyElements(slopes, y.numbers, into: $0, adds: $1) }
      y.slopes.receive(on: tape.compute) { tape.compute.multiplyElements(slopes, x.numbers, into: $0, adds: $1) }
    }
    return product
  }

  /// The activation of each element.
  public mutating func activate(_ x: TapeValue, _ activation: FeedForwardPlan.Activation) -> TapeValue {
    let function = ActivationFunction(activation)
    let y = TapeValue(compute.activate(x.numbers, function))
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      x.slopes.receive(on: tape.compute) { target, adds in
        tape.compute.activateBack(x.numbers, function, slopes: slopes, inputSlopes: target, adds: adds)
      }
    }
    return y
  }

  /// `activation(gate(x)) · up(x)`
  public mutating func gate(
    _ x: TapeValue, _ weights: GatedWeights<TrainingParameter>, _ activation: FeedForwardPlan.Activation
  ) -> TapeValue {
    gate(x, weights, activation, pieces: pieces)
  }

  func gate(
    _ x: TapeValue, _ weights: GatedWeights<TrainingParameter>, _ activation: FeedForwardPlan.Activation,
    pieces: RowPieces
  ) -> TapeValue {
    let function = ActivationFunction(activation)
    let gate = product(x, weights.gate, residual: nil, pieces: pieces)
    let up = product(x, weights.up, residual: nil, pieces: pieces)
    let y = TapeValue(compute.gate(gate.numbers, up.numbers, function))
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      tape.compute.gateBack(gate.numbers, up.numbers, function, slopes: slopes)
      gate.slopes.add(gate.numbers, on: tape.compute)
      up.slopes.add(up.numbers, on: tape.compute)
    }
    return y
  }

  /// `cap · tanh(x / cap)`
  public mutating func softcap(_ x: TapeValue, at cap: Float) -> TapeValue {
    let y = TapeValue(compute.copy(x.numbers))
    compute.softcap(y.numbers, at: Double(cap))
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      tape.compute.softcapBack(y.numbers, at: Double(cap), slopes: slopes)
      x.slopes.add(slopes, on: tape.compute)
    }
    return y
  }

  /// Only the rows whose logits the batch wants.
  public mutating func selectOutputs(_ x: TapeValue) -> TapeValue {
    batch.outputRows.count == batch.count ? x : gather(x, batch.outputRows)
  }
}

extension Tape {
  /// The slopes of a product's inputs, weights and bias from those of its outputs.
  func productBack(
    _ slopes: Matrix, _ x: TapeValue, _ layer: Linear<TrainingParameter>, weights: Matrix, pieces: RowPieces
  ) {
    compute.multiplyAcross(slopes, x.numbers, ends: pieces.ends, into: self.slopes.slopes(of: layer.weight))
    if let bias = layer.bias { compute.sumRows(slopes, pieces: pieces, into: self.slopes.slopes(of: bias)) }
    x.slopes.receive(on: compute) { target, adds in
      compute.multiplyBack(slopes, weights, into: target, adds: adds)
    }
  }
}

extension ActivationFunction {
  init(_ activation: FeedForwardPlan.Activation) {
    self =
      switch activation {
      case .silu: .silu
      case .geluTanh: .geluTanh
      case .gelu: .gelu
      }
  }
}
