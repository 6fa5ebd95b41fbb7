public import MosoCheckpoints
public import MosoFormats
public import MosoModel

/// What a model computes and where its parameters lie, before there are any numbers.
///
/// It is described by the `config.json` that the model's files will have, so that whatever is trained here is what readers
/// of such files run.
public struct ModelDesign: Sendable {
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

  /// - Throws: `ConfigurationError` that names the key, what was found and what was expected.
  public init(_ configuration: JSONObject) throws(ConfigurationError) {
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
  }

  /// How many numbers are learned.
  public var parameterCount: Int { layout.parameters.reduce(0) { $0 + $1.count } }

  /// How many of them are multiplied with every token: all but tables that rows are looked up in, and a table that is also
  /// the head once. This is the N of scaling laws.
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

  /// How many floating-point operations training takes for each token of sequences of `length`: six for each multiplied
  /// parameter, and those of causal attention.
  public func operationsPerToken(length: Int) -> Double {
    let width = architecture.attention.headCount * architecture.attention.headSize
    let attended = architecture.layers.reduce(0.0) { sum, layer in
      let window = min(layer.window ?? length, length)
      // On average half of the window is there in its first tokens, and all of it in the others.
      return sum + Double(window) - Double(window) * Double(window) / Double(2 * length)
    }
    return 6 * Double(multipliedCount) + 12 * Double(width) * attended
  }

  /// What a token meets, on average, of an expert's parameter.
  private func usedShare(_ parameter: TrainingParameter) -> Int {
    guard let experts = architecture.feedForward.experts else { return parameter.count }
    return parameter.count * experts.usedCount / experts.count
  }
}
