import Moso
import MosoFormats
import MosoHub

extension LocalModel {
  /// Everything the files say about the model beside its tensors, whole and in JSON's own types.
  func metadata() throws -> JSONObject {
    switch kind {
    case .gguf: try GGUFFile(path: path).metadata.json()
    case .safetensors: try HuggingFaceFolder(path: folder).configuration()
    }
  }
}

extension GGUFMetadata {
  fileprivate func json() throws(FormatError) -> JSONObject {
    var object = JSONObject()
    for key in keys { object[key] = try json(key) }
    return object
  }

  private func json(_ key: String) throws(FormatError) -> JSONValue {
    guard let type = type(of: key) else { return .null }
    switch type.value {
    case .string: return try string(key).map { .string($0) } ?? .null
    case .bool: return try bool(key).map { .bool($0) } ?? .null
    // JSON has no word for what is not a number.
    case .float32: return (try? number(key)).flatMap { $0 }.map { Self.json(Float($0)) } ?? .null
    case .float64: return (try? number(key)).flatMap { $0 }.map { .number($0) } ?? .null
    case .array: return try list(key, of: type.element)
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
      return try integer(key).map { .integer($0) } ?? .null
    }
  }

  private func list(_ key: String, of element: GGUFValueType?) throws(FormatError) -> JSONValue {
    switch element {
    case .string: return .array((try strings(key) ?? []).map { .string($0) })
    case .bool: return .array((try bools(key) ?? []).map { .bool($0) })
    case .float32, .float64: return .array((try floats(key) ?? []).map(Self.json))
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
      return .array((try integers(key) ?? []).map { .integer($0) })
    case .array, nil: return .null
    }
  }

  /// A number with the digits that 32 bits have: 0.1 and not 0.10000000149011612.
  private static func json(_ number: Float) -> JSONValue {
    guard number.isFinite else { return .null }
    return .number(Double("\(number)") ?? Double(number))
  }
}
