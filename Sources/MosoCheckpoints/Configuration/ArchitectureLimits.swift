/// What a model's numbers may be at most: beyond any published model, and small enough that products of them cannot
/// overflow and nothing allocated from them can exhaust memory.
enum ArchitectureLimits {
  static let layerCount = 1...512
  static let headCount = 1...1024
  static let headSize = 1...8192
  static let width = 1...1_048_576
  static let feedForwardWidth = 1...16_777_216
  static let vocabularySize = 1...16_777_216
  static let contextLength = 1...1_073_741_824
  static let expertCount = 1...4096
  /// Experts in all layers together: each has entries in the tensor table.
  static let expertsInAllLayers = 65_536
  static let epsilon = 0.0...1.0
  /// YaRN divides by the logarithm of the base.
  static let rotaryBase = 2.0...1e15
  static let scale = 1e-6...1e9
}
