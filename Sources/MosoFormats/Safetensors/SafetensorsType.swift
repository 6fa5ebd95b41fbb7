import MosoTensor

/// The names safetensors gives to element types.
enum SafetensorsType {
  /// The readable types, in the order that the format's own writer puts tensors: the widest first.
  static let readable: [(name: String, type: ElementType)] = [("F32", .f32), ("BF16", .bf16), ("F16", .f16)]

  /// The bytes an element takes of the types that are known but cannot be read as weights.
  private static let unreadableSizes: [String: Int] = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "F8_E8M0": 1, "I16": 2, "U16": 2, "I32": 4, "U32": 4,
    "I64": 8, "U64": 8, "F64": 8, "C64": 8,
  ]

  /// The readable type called `name`.
  static func readable(named name: String) -> ElementType? {
    readable.first { $0.name == name }?.type
  }

  /// The bytes that a tensor of the type `name` takes, or `nil` when the type is unknown or the product too large.
  static func byteCount(ofType name: String, shape: [Int]) -> Int? {
    if let type = readable(named: name) { return type.byteCount(ofShape: shape) }
    guard var count = unreadableSizes[name] else { return nil }
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// Whether the size of the type `name` is known.
  static func isKnown(_ name: String) -> Bool {
    readable(named: name) != nil || unreadableSizes[name] != nil
  }
}
