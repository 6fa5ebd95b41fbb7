public import MosoFormats
import MosoTensor

extension GGUFConfiguration {
  /// Reads the configuration of a GGUF file.
  ///
  /// - Throws: `ConfigurationError` that names the key, what was found and what was expected.
  public init(_ file: GGUFFile) throws(ConfigurationError) {
    let origin = file.shards.first?.path ?? "the file"
    let fields = ConfigurationFields(origin: origin) { (key) throws(ConfigurationError) in
      do throws(FormatError) {
        return try file.metadata.value(key)
      } catch {
        throw .unreadable(error)
      }
    }
    try self.init(fields: fields, shapes: file.shapes) { (name) throws(ConfigurationError) in
      try file.smallTensor(name, origin: origin)
    }
  }
}

extension GGUFMetadata {
  /// No list that a configuration asks for is longer; a vocabulary in its place is not read.
  private static let longestList = 4096

  /// The value of a key as a configuration reads it; lists that are too long to be of one come out empty.
  fileprivate func value(_ key: String) throws(FormatError) -> JSONValue? {
    guard let type = type(of: key) else { return nil }
    switch type.value {
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
      return try integer(key).map { .integer($0) }
    case .float32, .float64: return try number(key).map { .number($0) }
    case .bool: return try bool(key).map { .bool($0) }
    case .string: return try string(key).map { .string($0) }
    case .array:
      guard let count = count(of: key), count <= Self.longestList else { return .array([]) }
      switch type.element {
      case .bool: return try bools(key).map { .array($0.map { .bool($0) }) }
      case .string, .array, nil: return .array([])
      case .float32, .float64: return try floats(key).map { .array($0.map { .number(Double($0)) }) }
      default: return try integers(key).map { .array($0.map { .integer($0) }) }
      }
    }
  }
}

extension GGUFFile {
  /// The values of a tensor of 32-bit floating-point numbers that is as small as a list.
  fileprivate func smallTensor(_ name: String, origin: String) throws(ConfigurationError) -> [Double] {
    guard let tensor = tensor(named: name) else {
      throw .missing(origin: origin, key: "tensor \(name)", expected: "a list of divisors")
    }
    guard tensor.elementType == .f32 else {
      throw .invalid(
        origin: origin, key: "the element type of tensor \(name)", found: "\(tensor.elementType)", expected: "F32")
    }
    return withBytes(of: tensor) { bytes in
      (0..<tensor.elementCount).map { index in
        let bits = (0..<4).reduce(UInt32(0)) { bits, byte in
          bits | UInt32(unsafe bytes.unsafeLoad(fromByteOffset: 4 * index + byte, as: UInt8.self)) << (8 * byte)
        }
        return Double(Float(bitPattern: bits))
      }
    }
  }
}
