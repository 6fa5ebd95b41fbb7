public import MosoFormats
public import MosoModel

/// What the `config.json` of a Hugging Face repository says about a model, and how its safetensors name the weights.
///
/// Absent keys take the defaults of transformers' configuration classes. Both spellings of rotary scaling are read,
/// `rope_theta` with `rope_scaling` and the newer `rope_parameters`.
public struct HuggingFaceConfiguration: Sendable {
  /// What the model computes.
  public let architecture: Architecture
  /// Where the files keep the weights.
  public let tensors: TensorTable
  let family: HuggingFaceFamily
  /// How the model rotates, and how its windowed layers do where that is something else.
  let rotaries: [RotarySettings]

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - configuration: What is in `config.json`.
  ///   - origin: The file's name for error messages.
  /// - Throws: `ConfigurationError` that names the key, what was found and what was expected.
  public init(_ configuration: JSONObject, origin: String = "config.json") throws(ConfigurationError) {
    let (fields, family) = try Self.family(of: ConfigurationFields(origin: origin, object: configuration))
    let reader = HuggingFaceReader(fields: fields, family: family)
    try reader.refuseUnsupported()
    (architecture, rotaries) = try reader.architecture()
    self.family = family
    tensors = TensorTable(architecture, naming: try reader.naming())
  }

  /// The values of `model_type` that are read.
  public static var modelTypes: [String] { HuggingFaceFamily.all.map(\.modelType) }

  /// The family by its `model_type`; of a model that also sees, the half that reads and writes.
  private static func family(
    of fields: ConfigurationFields
  ) throws(ConfigurationError) -> (ConfigurationFields, HuggingFaceFamily) {
    let modelType = try fields.text("model_type")
    if modelType == "gemma3" {
      // Gemma 3 repositories leave out even the model type of their text half.
      let text = try fields.object("text_config") ?? ConfigurationFields(origin: fields.origin, object: JSONObject())
      return (text, .gemma3)
    }
    guard let family = HuggingFaceFamily.all.first(where: { $0.modelType == modelType }) else {
      throw fields.unsupported(
        "model_type", found: ConfigurationFields.describe(modelType), supported: modelTypes.joined(separator: ", "))
    }
    return (fields, family)
  }
}
