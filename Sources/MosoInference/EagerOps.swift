public import MosoModel
public import MosoTensor

/// Runs a transformer as it is written: packed weights, a key-value cache, results at once.
///
/// An instance lives for one forward pass of one batch. Every result is the same bits whatever the number of threads,
/// the size of the chunks a prompt is read in, and the other sequences in the batch.
public struct EagerOps: TransformerOps {
  /// Floats, one row for each token of the batch.
  public typealias Activation = Rows
  /// Matrices as they were packed for the kernels, and vectors of floats.
  public typealias Parameter = EagerWeight

  let compute: Compute
  let architecture: Architecture
  let batch: Batch
  let runs: [AttentionRun]
  let cache: KeyValueMemory
  let angles: [RotaryAngles]

  /// - Parameter pages: For each run of the batch, the pages of its sequence, first positions first.
  /// - Precondition: There are pages for every position of the batch.
  package init(
    batch: Batch, architecture: Architecture, cache: KeyValueMemory, pages: [[Int32]], frequencies: [[Float]],
    on compute: Compute
  ) {
    self.batch = batch
    self.architecture = architecture
    self.compute = compute
    self.cache = cache
    runs = zip(batch.runs, pages).map { run, pages in
      AttentionRun(
        pages: pages, firstRow: run.firstRow, firstPosition: run.firstPosition,
        count: run.count)
    }
    angles = zip(architecture.rotaries, frequencies).map { plan, frequencies in
      RotaryAngles(batch: batch, plan: plan, frequencies: frequencies, on: compute)
    }
  }

  /// The rows of `table` for the batch's tokens, times `scale`: tokens × width.
  public mutating func embed(in table: EagerWeight, scale: Float) -> Rows {
    compute.embed(batch.tokens, table: table.matrix, scale: scale)
  }

  /// `x` plus the row of `table` for each token's position in its sequence.
  public mutating func addPositions(_ x: Rows, from table: EagerWeight) -> Rows {
    let positions = batch.runs.flatMap { run in (0..<run.count).map { Int32(run.firstPosition + $0) } }
    return compute.add(x, compute.embed(positions, table: table.matrix, scale: 1))
  }

  /// Each row over its root mean square, or less its mean over its standard deviation; then gain and bias.
  public mutating func normalize(_ x: Rows, _ norm: Norm<EagerWeight>, plan: NormPlan) -> Rows {
    switch plan.kind {
    case .rootMeanSquare:
      compute.normalizeRootMeanSquare(x, gain: norm.gain.vector, epsilon: plan.epsilon)
    case .layer:
      compute.normalizeLayer(x, gain: norm.gain.vector, bias: norm.bias?.vector, epsilon: plan.epsilon)
    }
  }

  /// Each head of each row over its root mean square, times the gain, which has the head's size.
  public mutating func normalizeHeads(
    _ x: Rows, _ norm: Norm<EagerWeight>, headSize: Int, epsilon: Float
  ) -> Rows {
    compute.normalizeGroups(x, gain: norm.gain.vector, size: headSize, epsilon: epsilon)
  }

  /// `W x + b` for each row; where the weights are quantised, `x` is rounded to 8 bits for it.
  public mutating func linear(_ x: Rows, _ layer: Linear<EagerWeight>) -> Rows {
    let product = product(layer, rows: x.count)
    compute.multiply(x, [product])
    return product.output
  }

  /// `residual + W x + b` for each row, as one product.
  public mutating func linear(_ x: Rows, _ layer: Linear<EagerWeight>, addedTo residual: Rows) -> Rows {
    var product = product(layer, rows: x.count)
    product.residual = residual
    compute.multiply(x, [product])
    return product.output
  }

  /// The output head, `W x + b` for each row, with `x` rounded to about 16 bits where the weights are quantised.
  public mutating func score(_ x: Rows, _ head: Linear<EagerWeight>) -> Rows {
    let product = product(head, rows: x.count)
    compute.multiplyFinely(x, product)
    return product.output
  }

  /// Rotates the heads of `x` by each row's position, in place, and returns `x`.
  public mutating func rotate(_ x: Rows, headSize: Int, by rotary: Int) -> Rows {
    let angles = angles[rotary]
    compute.rotate(
      x, headSize: headSize, cosines: angles.cosines, sines: angles.sines,
      adjacent: architecture.rotaries[rotary].pairing == .adjacent)
    return x
  }

  /// Stores the rows' keys and values in the cache, then attends: one row of outputs for each row of `query`.
  public mutating func attend(query: Rows, key: Rows, value: Rows, layer: Int) -> Rows {
    let plan = architecture.attention
    return compute.attend(
      query: query, key: key, value: value, runs: runs, cache: cache, layer: layer,
      shape: AttentionShape(
        headCount: plan.headCount, scale: plan.scale, softcap: plan.scoreSoftcap,
        window: architecture.layers[layer].window))
  }

  /// `x + y`, element by element, in rows of its own.
  public mutating func add(_ x: Rows, _ y: Rows) -> Rows { compute.add(x, y) }

  /// The activation of each element, in rows of its own.
  public mutating func activate(_ x: Rows, _ activation: FeedForwardPlan.Activation) -> Rows {
    compute.activate(x, ActivationFunction(activation))
  }

  /// `x · y`, element by element, in rows of its own.
  public mutating func multiply(_ x: Rows, _ y: Rows) -> Rows { compute.multiply(x, y) }

  /// The rows whose logits the batch wants; `x` itself when it wants all of them.
  public mutating func selectOutputs(_ x: Rows) -> Rows {
    batch.outputRows.count == x.count ? x : compute.gather(x, batch.outputRows)
  }

  /// Makes `x` into `cap · tanh(x / cap)`, in place, and returns it.
  public mutating func softcap(_ x: Rows, at cap: Float) -> Rows {
    compute.softcap(x, at: cap)
    return x
  }

  // MARK: Fused

  /// Query, key and value, multiplied as one piece of work, then normalised and rotated where the layer does so.
  public mutating func projectAttention(
    _ x: Rows, _ weights: AttentionWeights<EagerWeight>, plan: AttentionPlan, epsilon: Float, rotary: Int?
  ) -> (query: Rows, key: Rows, value: Rows) {
    let products = [weights.query, weights.key, weights.value].map { product($0, rows: x.count) }
    compute.multiply(x, products)
    var query = products[0].output
    var key = products[1].output
    if let norm = weights.queryNorm {
      query = normalizeHeads(query, norm, headSize: plan.headSize, epsilon: epsilon)
    }
    if let norm = weights.keyNorm {
      key = normalizeHeads(key, norm, headSize: plan.headSize, epsilon: epsilon)
    }
    if let rotary {
      query = rotate(query, headSize: plan.headSize, by: rotary)
      key = rotate(key, headSize: plan.headSize, by: rotary)
    }
    return (query, key, products[2].output)
  }

  /// `activation(gate(x)) · up(x)`, in which the gate's values never leave the cache.
  public mutating func gate(
    _ x: Rows, _ weights: GatedWeights<EagerWeight>, _ activation: FeedForwardPlan.Activation
  ) -> Rows {
    let up = product(weights.up, rows: x.count)
    compute.multiplyGated(
      x, gate: product(weights.gate, rows: x.count), up: up, function: ActivationFunction(activation))
    return up.output
  }

  private func product(_ layer: Linear<EagerWeight>, rows: Int) -> Product {
    let matrix = layer.weight.matrix
    return Product(matrix: matrix, bias: layer.bias?.vector, output: compute.rows(rows, width: matrix.rows))
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
