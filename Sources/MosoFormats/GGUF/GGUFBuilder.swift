package import MosoTensor

/// Makes the bytes of a small GGUF file in memory: for tests and for the seeds of the fuzzer.
///
/// It checks nothing, so that it can also make files that are wrong.
package struct GGUFBuilder: Sendable {
  /// A metadata value with the type it is written as.
  package enum Value: Sendable, Hashable {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32)
    case uint64(UInt64), int64(Int64), float32(Float), float64(Double), bool(Bool), string(String)
    case array(GGUFValueType, [Value])

    /// An array of strings.
    package static func strings(_ values: [String]) -> Value { .array(.string, values.map { .string($0) }) }
    /// An array of 32-bit whole numbers.
    package static func integers(_ values: [Int32]) -> Value { .array(.int32, values.map { .int32($0) }) }
    /// An array of 32-bit floating-point numbers.
    package static func floats(_ values: [Float]) -> Value { .array(.float32, values.map { .float32($0) }) }
  }

  private struct Tensor: Sendable {
    var name: String
    var shape: [Int]
    var typeNumber: UInt32
    var content: [UInt8]
  }

  package var version: UInt32 = 3
  /// What tensors are aligned to; also written as metadata when it is not 32.
  package var alignment = 32
  private var entries: [(key: String, value: Value)] = []
  private var tensors: [Tensor] = []

  package init() {}

  /// Adds a metadata entry.
  package mutating func set(_ key: String, _ value: Value) {
    entries.append((key, value))
  }

  /// Adds a tensor of `shape`, outermost dimension first, whose blocks are `content`.
  package mutating func add(_ name: String, shape: [Int], _ elementType: ElementType, _ content: [UInt8]) {
    add(name, shape: shape, typeNumber: elementType.rawValue, content)
  }

  /// Adds a tensor of any element type, known or not.
  package mutating func add(_ name: String, shape: [Int], typeNumber: UInt32, _ content: [UInt8]) {
    tensors.append(Tensor(name: name, shape: shape, typeNumber: typeNumber, content: content))
  }

  /// Adds a tensor of 32-bit floating-point numbers.
  package mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
    add(name, shape: shape, .f32, values.flatMap { Self.bytes($0.bitPattern) })
  }

  /// The bytes of the whole file.
  package func bytes() -> [UInt8] {
    var entries = entries
    if alignment != 32 { entries.insert(("general.alignment", .uint32(UInt32(alignment))), at: 0) }
    var file = Array("GGUF".utf8) + Self.bytes(version) + Self.bytes(UInt64(tensors.count))
    file += Self.bytes(UInt64(entries.count))
    for (key, value) in entries {
      Self.append(key, to: &file)
      file += Self.bytes(value.type.rawValue)
      Self.append(value, to: &file)
    }
    var data: [UInt8] = []
    for tensor in tensors {
      Self.append(tensor.name, to: &file)
      file += Self.bytes(UInt32(tensor.shape.count))
      for length in tensor.shape.reversed() { file += Self.bytes(Int64(length)) }
      file += Self.bytes(tensor.typeNumber) + Self.bytes(UInt64(data.count))
      data += tensor.content
      pad(&data)
    }
    pad(&file)
    return file + data
  }

  private func pad(_ bytes: inout [UInt8]) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  private static func append(_ string: String, to file: inout [UInt8]) {
    file += bytes(UInt64(string.utf8.count)) + Array(string.utf8)
  }

  private static func append(_ value: Value, to file: inout [UInt8]) {
    switch value {
    case .uint8(let number): file += bytes(number)
    case .int8(let number): file += bytes(number)
    case .uint16(let number): file += bytes(number)
    case .int16(let number): file += bytes(number)
    case .uint32(let number): file += bytes(number)
    case .int32(let number): file += bytes(number)
    case .uint64(let number): file += bytes(number)
    case .int64(let number): file += bytes(number)
    case .float32(let number): file += bytes(number.bitPattern)
    case .float64(let number): file += bytes(number.bitPattern)
    case .bool(let isOn): file.append(isOn ? 1 : 0)
    case .string(let text): append(text, to: &file)
    case .array(let type, let values):
      file += bytes(type.rawValue) + bytes(UInt64(values.count))
      for value in values { append(value, to: &file) }
    }
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}

extension GGUFBuilder.Value {
  /// The type the value is written as.
  var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float32: .float32
    case .float64: .float64
    case .bool: .bool
    case .string: .string
    case .array: .array
    }
  }
}
