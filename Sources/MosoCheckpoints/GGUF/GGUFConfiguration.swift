import MosoFormats
public import MosoModel

/// What a GGUF file says about its model, and how it names the weights.
///
/// The llama family's rows of queries and keys are in the order of `RotaryPlan.Pairing.adjacent`, so they need no
/// reordering. The output head is tied when the file has no `output.weight`.
public struct GGUFConfiguration: Sendable {
  /// What the model computes.
  public let architecture: Architecture
  /// Where the file keeps the weights.
  public let tensors: TensorTable

  /// Reads a configuration from metadata, tensor shapes, and the few small tensors that hold rotary divisors.
  init(
    fields: ConfigurationFields, shapes: [String: [Int]],
    values: @escaping (String) throws(ConfigurationError) -> [Double]
  ) throws(ConfigurationError) {
    let name = try fields.text("general.architecture")
    guard let family = GGUFFamily.all.first(where: { $0.architecture == name }) else {
      throw fields.unsupported(
        "general.architecture", found: ConfigurationFields.describe(name),
        supported: Self.architectures.joined(separator: ", "))
    }
    let reader = GGUFReader(fields: fields, family: family, shapes: shapes, values: values)
    architecture = try reader.architecture()
    tensors = TensorTable(architecture, naming: family.naming)
  }

  /// The values of `general.architecture` that are read.
  public static var architectures: [String] { GGUFFamily.all.map(\.architecture) }
}
