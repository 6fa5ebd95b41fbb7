import MosoCheckpoints
import MosoModel
import MosoRandom
import MosoTensor

/// What parameters begin with.
///
/// What adds to the residual stream begins as zeros, and embeddings begin as large as normalised states: at first every layer sees
/// which token stands where, and nothing else. Small models then learn sooner to look things up in their text than where random
/// sums drown the tokens (Docs/Performance.md has the measurement).
public struct Initialization: Sendable, Hashable {
  /// Where random numbers come from.
  public var seed: UInt64
  /// The standard deviation of embeddings.
  public var embeddingScale: Double
  /// The standard deviation of embeddings that are the head too, whose scores would otherwise begin far too large.
  public var tiedEmbeddingScale: Double
  /// The standard deviation of a projection's weights, times the square root of its inputs. Activations then keep their size
  /// whatever the model's width (Yang et al., 2022).
  public var projectionScale: Double
  /// What the projections that add to the residual stream have of it.
  public var outputShare: Double

  /// The usual beginning, from a seed.
  public init(
    seed: UInt64, embeddingScale: Double = 1, tiedEmbeddingScale: Double = 0.1, projectionScale: Double = 0.5,
    outputShare: Double = 0
  ) {
    self.seed = seed
    self.embeddingScale = embeddingScale
    self.tiedEmbeddingScale = tiedEmbeddingScale
    self.projectionScale = projectionScale
    self.outputShare = outputShare
  }

  /// Fills a model: gains with 1, biases with 0, matrices with normal random numbers.
  ///
  /// Every parameter has random numbers of its own, so that it begins the same whatever other parameters there are.
  package func fill(_ model: TrainingModel) {
    for parameter in model.layout.parameters {
      let values = model.values.values(of: parameter)
      if parameter.role.part == .bias { continue }
      if parameter.role.module.isNorm {
        values.values = [Double](repeating: 1, count: parameter.count)
        continue
      }
      let scale = scale(of: parameter, in: model)
      if scale == 0 { continue }
      var random = RandomNumbers(seed: seed, stream: "\(parameter.role)")
      values.values = (0..<parameter.count).map { _ in scale * random.normal() }
    }
  }

  /// The standard deviation of a matrix.
  private func scale(of parameter: TrainingParameter, in model: TrainingModel) -> Double {
    let usual = projectionScale / Double(parameter.columns).squareRoot()
    switch parameter.role.module {
    case .tokenEmbedding, .positionEmbedding:
      return model.architecture.hasTiedHead ? tiedEmbeddingScale : embeddingScale
    case .attentionOutput, .down: return outputShare * usual
    default: return usual
    }
  }
}
