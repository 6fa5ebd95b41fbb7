import MosoCheckpoints
import MosoModel
import MosoRandom
import MosoTensor

/// What parameters begin with.
public struct Initialization: Sendable, Hashable {
  /// Where random numbers come from.
  public var seed: UInt64
  /// The standard deviation of embeddings.
  public var embeddingScale: Double
  /// The standard deviation of a projection's weights, times the square root of its inputs. Activations then keep their size
  /// whatever the model's width (Yang et al., 2022).
  public var projectionScale: Double

  /// The usual beginning, from a seed.
  public init(seed: UInt64, embeddingScale: Double = 0.02, projectionScale: Double = 0.5) {
    self.seed = seed
    self.embeddingScale = embeddingScale
    self.projectionScale = projectionScale
  }

  /// Fills a model: gains with 1, biases with 0, matrices with normal random numbers. What adds to the residual stream is
  /// smaller by the square root of how much is added there (Radford et al., 2019).
  ///
  /// Every parameter has random numbers of its own, so that it begins the same whatever other parameters there are.
  package func fill(_ model: TrainingModel) {
    let branches = Double(2 * model.architecture.layers.count).squareRoot()
    for parameter in model.layout.parameters {
      let values = model.values.values(of: parameter)
      if parameter.role.part == .bias { continue }
      if parameter.role.module.isNorm {
        values.values = [Double](repeating: 1, count: parameter.count)
        continue
      }
      var scale = projectionScale / Double(parameter.columns).squareRoot()
      switch parameter.role.module {
      case .tokenEmbedding, .positionEmbedding: scale = embeddingScale
      case .attentionOutput, .down: scale /= branches
      default: break
      }
      var random = RandomNumbers(seed: seed, stream: "\(parameter.role)")
      values.values = (0..<parameter.count).map { _ in scale * random.normal() }
    }
  }
}
