public import MosoCheckpoints
package import MosoFormats
public import MosoModel
package import MosoTensor

/// A model in training: what it computes, and the values of its parameters.
public final class TrainingModel: @unchecked Sendable {
  /// What the model computes and where its parameters lie.
  public let design: ModelDesign
  /// The values of all parameters.
  public let values: ParameterStore
  package let compute: TrainingCompute

  /// A model whose parameters are all zero.
  package init(_ design: ModelDesign, on compute: TrainingCompute) {
    self.design = design
    self.compute = compute
    values = ParameterStore(count: design.layout.valueCount, on: compute)
  }

  /// The model that a `config.json` describes, with parameters that are all zero.
  package convenience init(configuration: JSONObject, on compute: TrainingCompute) throws(ConfigurationError) {
    self.init(try ModelDesign(configuration), on: compute)
  }

  /// What the model computes.
  public var architecture: Architecture { design.architecture }
  /// Where parameters lie.
  public var layout: ParameterLayout { design.layout }
  /// The forward pass over those places.
  public var transformer: Transformer<TrainingParameter> { design.transformer }
  /// Where a file has each parameter.
  public var tensors: ResolvedTensors { design.tensors }
  /// How many numbers are learned.
  public var parameterCount: Int { design.parameterCount }
  /// How many of them are multiplied with every token.
  public var multipliedCount: Int { design.multipliedCount }
}
