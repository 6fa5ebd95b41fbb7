public import MosoModel

/// A transformer in plain double-precision arithmetic, each operation as its definition reads.
///
/// It shares nothing with the kernels and nothing with the eager interpreter, and it fuses nothing. It is what other
/// interpreters are measured against, so it is written to be read and not to be fast.
public struct ReferenceOps: TransformerOps {
  public typealias Activation = [[Double]]
  public typealias Parameter = ReferenceWeight

  let batch: Batch
  public let architecture: Architecture
  let contextLength: Int
  let memory: ReferenceMemory

  public init(batch: Batch, architecture: Architecture, contextLength: Int, memory: ReferenceMemory) {
    self.batch = batch
    self.architecture = architecture
    self.contextLength = contextLength
    self.memory = memory
  }

  /// The position of each row in its sequence.
  private var positions: [Int] {
    batch.runs.flatMap { run in (0..<run.count).map { run.firstPosition + $0 } }
  }

  // MARK: Rows

  public mutating func embed(in table: ReferenceWeight, scale: Float) -> [[Double]] {
    batch.tokens.map { token in table.rows[Int(token)].map { $0 * Double(scale) } }
  }

  public mutating func addPositions(_ x: [[Double]], from table: ReferenceWeight) -> [[Double]] {
    add(x, positions.map { table.rows[$0] })
  }

  public mutating func normalize(_ x: [[Double]], _ norm: Norm<ReferenceWeight>, plan: NormPlan) -> [[Double]] {
    x.map { row in
      let mean = plan.kind == .layer ? row.reduce(0, +) / Double(row.count) : 0
      let centred = row.map { $0 - mean }
      let scaled = Self.overRootMeanSquare(centred, epsilon: plan.epsilon)
      let gained = zip(scaled, norm.gain.vector).map { $0 * $1 }
      guard plan.kind == .layer, let bias = norm.bias else { return gained }
      return zip(gained, bias.vector).map { $0 + $1 }
    }
  }

  public mutating func normalizeHeads(
    _ x: [[Double]], _ norm: Norm<ReferenceWeight>, headSize: Int, epsilon: Float
  ) -> [[Double]] {
    let gain = norm.gain.vector
    return x.map { row in
      stride(from: 0, to: row.count, by: headSize).flatMap { start in
        let head = Array(row[start..<start + headSize])
        return zip(Self.overRootMeanSquare(head, epsilon: epsilon), gain).map { $0 * $1 }
      }
    }
  }

  private static func overRootMeanSquare(_ row: [Double], epsilon: Float) -> [Double] {
    let meanSquare = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
    let root = (meanSquare + Double(epsilon)).squareRoot()
    return row.map { $0 / root }
  }

  public mutating func linear(_ x: [[Double]], _ layer: Linear<ReferenceWeight>) -> [[Double]] {
    x.map { row in Self.apply(layer, to: row) }
  }

  private static func apply(_ layer: Linear<ReferenceWeight>, to row: [Double]) -> [Double] {
    layer.weight.rows.indices.map { output in
      dot(layer.weight.rows[output], row) + (layer.bias?.vector[output] ?? 0)
    }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "a product of \(x.count) with \(y.count) values")
    var sum = 0.0
    for index in x.indices { sum += x[index] * y[index] }
    return sum
  }

  public mutating func add(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
    zip(x, y).map { zip($0, $1).map { $0 + $1 } }
  }

  public mutating func multiply(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
    zip(x, y).map { zip($0, $1).map { $0 * $1 } }
  }

  public mutating func activate(_ x: [[Double]], _ activation: FeedForwardPlan.Activation) -> [[Double]] {
    x.map { row in row.map { Self.activate($0, activation) } }
  }

  private static func activate(_ x: Double, _ activation: FeedForwardPlan.Activation) -> Double {
    switch activation {
    case .silu: x / (1 + exponential(-x))
    case .gelu: x * (1 + errorFunction(x / 2.0.squareRoot())) / 2
    case .geluTanh: x * (1 + hyperbolicTangent((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    }
  }

  public mutating func softcap(_ x: [[Double]], at cap: Float) -> [[Double]] {
    x.map { row in row.map { PlainAttention.softcap($0, at: Double(cap)) } }
  }

  public mutating func selectOutputs(_ x: [[Double]]) -> [[Double]] { batch.outputRows.map { x[$0] } }

  // MARK: Attention

  public mutating func rotate(_ x: [[Double]], headSize: Int, by rotary: Int) -> [[Double]] {
    let plan = architecture.rotaries[rotary]
    let frequencies = plan.frequencies(forContextLength: contextLength)
    return zip(x, positions).map { row, position in
      var turned = row
      for start in stride(from: 0, to: row.count, by: headSize) {
        for pair in 0..<plan.dimensions / 2 {
          let first = start + (plan.pairing == .adjacent ? 2 * pair : pair)
          let second = first + (plan.pairing == .adjacent ? 1 : plan.dimensions / 2)
          // Models are defined with angles in single precision: at position 1,000 the rounding is seen in the logits.
          let angle = Double(Float(position) * frequencies[pair])
          let cosine = cosine(angle) * Double(plan.amplitude)
          let sine = sine(angle) * Double(plan.amplitude)
          turned[first] = row[first] * cosine - row[second] * sine
          turned[second] = row[first] * sine + row[second] * cosine
        }
      }
      return turned
    }
  }

  public mutating func attend(
    query: [[Double]], key: [[Double]], value: [[Double]], layer: Int
  ) -> [[Double]] {
    var outputs: [[Double]] = []
    for run in batch.runs {
      for offset in 0..<run.count {
        let row = run.firstRow + offset
        let position = run.firstPosition + offset
        memory.store(key: key[row], value: value[row], sequence: run.sequence, layer: layer, position: position)
        let past = memory.past(of: run.sequence, layer: layer)
        outputs.append(
          PlainAttention.attend(
            query: query[row], keys: past.keys, values: past.values, position: position, plan: architecture.attention,
            window: architecture.layers[layer].window))
      }
    }
    return outputs
  }

  // MARK: Experts

  public mutating func mixExperts(
    _ x: [[Double]], router: Linear<ReferenceWeight>, experts: [GatedWeights<ReferenceWeight>], plan: FeedForwardPlan,
    routing: ExpertPlan
  ) -> [[Double]] {
    x.map { row in
      let chances = PlainAttention.softmax(Self.apply(router, to: row))
      let chosen = chances.indices.sorted { chances[$0] > chances[$1] }.prefix(routing.usedCount)
      let total = routing.normalizesWeights ? chosen.reduce(0) { $0 + chances[$1] } : 1
      var mixed = [Double](repeating: 0, count: row.count)
      for index in chosen {
        let expert = experts[index]
        let hidden = zip(Self.apply(expert.gate, to: row), Self.apply(expert.up, to: row)).map {
          Self.activate($0, plan.activation) * $1
        }
        let output = Self.apply(expert.down, to: hidden)
        for element in mixed.indices { mixed[element] += chances[index] / total * output[element] }
      }
      return mixed
    }
  }
}
