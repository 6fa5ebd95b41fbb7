public import MosoInference
public import MosoModel
import MosoTensor

/// What one token costs: the bytes that have to be read and the operations that have to be done.
public struct ModelWork: Sendable, Hashable {
  /// The bytes of weights that decoding one token reads; of a mixture, of the experts it uses.
  public private(set) var weightBytesPerToken = 0
  /// Operations with quantised weights that reading one token of a prompt takes; the output head is not among them.
  public private(set) var quantizedOperationsPerToken = 0
  /// The same with unquantised weights.
  public private(set) var floatOperationsPerToken = 0
  /// Operations of attention for each position a token looks at.
  public private(set) var attentionOperationsPerPosition = 0

  /// Adds up what a transformer's layers and its output head take.
  public init(_ transformer: Transformer<EagerWeight>) {
    let architecture = transformer.architecture
    for block in transformer.blocks {
      let attention = block.attention
      for layer in [attention.query, attention.key, attention.value, attention.output] { count(layer, share: 1) }
      switch block.feedForward {
      case .plain(let up, let down):
        count(up, share: 1)
        count(down, share: 1)
      case .gated(let weights): count(weights, share: 1)
      case .experts(let router, let experts):
        count(router, share: 1)
        let used = Double(architecture.feedForward.experts?.usedCount ?? experts.count)
        for expert in experts { count(expert, share: used / Double(experts.count)) }
      }
    }
    weightBytesPerToken += transformer.head.weight.byteCount
    attentionOperationsPerPosition =
      4 * architecture.layers.count * architecture.attention.headCount * architecture.attention.headSize
  }

  private mutating func count(_ weights: GatedWeights<EagerWeight>, share: Double) {
    for layer in [weights.gate, weights.up, weights.down] { count(layer, share: share) }
  }

  private mutating func count(_ layer: Linear<EagerWeight>, share: Double) {
    guard case .matrix(let matrix) = layer.weight else { return }
    weightBytesPerToken += Int(Double(matrix.byteCount) * share)
    let operations = Int(Double(2 * matrix.rows * matrix.columns) * share)
    if matrix.elementType.isQuantized {
      quantizedOperationsPerToken += operations
    } else {
      floatOperationsPerToken += operations
    }
  }
}
