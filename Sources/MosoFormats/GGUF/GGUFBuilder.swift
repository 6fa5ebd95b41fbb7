package import MosoTensor

/// Makes the bytes of a small GGUF file in memory: for tests and for the seeds of the fuzzer.
///
/// It checks nothing, so that it can also make files that are wrong.
package struct GGUFBuilder: Sendable {
  package typealias Value = GGUFValue

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
    var content: [UInt8] = []
    for value in values { content.appendGGUF(value.bitPattern) }
    add(name, shape: shape, .f32, content)
  }

  /// The bytes of the whole file.
  package func bytes() -> [UInt8] {
    var entries = entries
    if alignment != 32 { entries.insert(("general.alignment", .uint32(UInt32(alignment))), at: 0) }
    var file = Array("GGUF".utf8)
    file.appendGGUF(version)
    file.appendGGUF(UInt64(tensors.count))
    file.appendGGUF(UInt64(entries.count))
    for (key, value) in entries {
      file.appendGGUF(key)
      file.appendGGUF(value.type.rawValue)
      file.appendGGUF(value)
    }
    var data: [UInt8] = []
    for tensor in tensors {
      file.appendGGUF(tensor.name)
      file.appendGGUF(UInt32(tensor.shape.count))
      for length in tensor.shape.reversed() { file.appendGGUF(Int64(length)) }
      file.appendGGUF(tensor.typeNumber)
      file.appendGGUF(UInt64(data.count))
      data += tensor.content
      pad(&data)
    }
    pad(&file)
    return file + data
  }

  private func pad(_ bytes: inout [UInt8]) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }
}
