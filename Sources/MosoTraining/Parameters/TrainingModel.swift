public import MosoCheckpoints
public import MosoFormats
public import MosoModel
package import MosoTensor

/// A model in training: what it computes, where its parameters lie, and their values.
///
/// It is described by the `config.json` that its files will have, so that whatever is trained here is what readers of such
/// files run.
public final class TrainingModel: @unchecked Sendable {
  /// What `config.json` says.
  public let configuration: JSONObject
  /// What the model computes.
  public let architecture: Architecture
  /// Where parameters lie.
  public let layout: ParameterLayout
  /// The forward pass over those places.
  public let transformer: Transformer<TrainingParameter>
  /// Where a file has each parameter.
  public let tensors: ResolvedTensors
  /// The values of all parameters.
  public let values: ParameterStore
  package let compute: TrainingCompute

  /// A model whose parameters are all zero.
  ///
  /// - Throws: `ConfigurationError` that names the key, what was found and what was expected.
  package init(configuration: JSONObject, on compute: TrainingCompute) throws(ConfigurationError) {
    let parsed = try HuggingFaceConfiguration(configuration)
    self.configuration = configuration
    architecture = parsed.architecture
    tensors = parsed.tensors.written
    var layout = ParameterLayout()
    var transformer = tensors.transformer(architecture) { role, source in
      let rows = source.shape.count == 2 ? source.shape[0] : 1
      return layout.add(role, rows: rows, columns: source.shape[source.shape.count - 1])
    }
    if architecture.hasTiedHead { transformer.head.weight = layout.addSecondUse(of: transformer.tokenEmbedding) }
    self.layout = layout
    self.transformer = transformer
    self.compute = compute
    values = ParameterStore(count: layout.valueCount, on: compute)
  }

  /// How many numbers are learned.
  public var parameterCount: Int { layout.parameters.reduce(0) { $0 + $1.count } }

  /// How many of them are multiplied with every token: all but tables that rows are looked up in, and a table that is also
  /// the head once.
  public var multipliedCount: Int {
    let head = architecture.hasTiedHead ? transformer.tokenEmbedding.count : 0
    return head
      + layout.parameters.reduce(0) { sum, parameter in
        switch parameter.role.module {
        case .tokenEmbedding, .positionEmbedding: sum
        default: parameter.role.expert == nil ? sum + parameter.count : sum + usedShare(parameter)
        }
      }
  }

  /// What a token meets, on average, of an expert's parameter.
  private func usedShare(_ parameter: TrainingParameter) -> Int {
    guard let experts = architecture.feedForward.experts else { return parameter.count }
    return parameter.count * experts.usedCount / experts.count
  }
}
