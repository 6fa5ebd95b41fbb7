import MosoFormats
import MosoTensor

extension FuzzTarget {
  /// GGUF files with every type of metadata and tensors of many types.
  package static let gguf = FuzzTarget("gguf", seeds: ggufSeeds) { (bytes: [UInt8]) throws(FormatError) in
    do throws(FormatError) {
      let file = try GGUFFile(MappedFile.forFuzzing(bytes))
      for key in file.metadata.keys { useAll(of: key, file.metadata) }
      useTensors(of: file)
      _ = try file.architecture()
    } catch {
      error.checkOffset(in: bytes)
      throw error
    }
  }

  /// Asks for a value as every type; all but one of them give an error.
  private static func useAll(of key: String, _ metadata: GGUFMetadata) {
    _ = try? metadata.string(key)
    _ = try? metadata.integer(key, in: 0...1_000)
    _ = try? metadata.number(key)
    _ = try? metadata.bool(key)
    _ = try? metadata.integers(key)
    _ = try? metadata.integers(key, forLayers: 3)
    _ = try? metadata.floats(key)
    _ = try? metadata.bools(key)
    _ = try? metadata.strings(key)
    if let table = try? metadata.stringTable(key) {
      for position in 0..<table.count { precondition(table[position].count <= table.bytes.count) }
    }
    _ = try? metadata.forEachString(key) { _, bytes in precondition(bytes.byteCount >= 0) }
  }

  /// Reads the first and the last bytes of every tensor, and the values of the small ones.
  static func useTensors(of file: some WeightFile) {
    for tensor in file.tensors {
      precondition(file.tensor(named: tensor.name) == tensor, "a tensor that is not found by its name")
      file.withBytes(of: tensor) { bytes in
        let count = bytes.byteCount
        let ends = count > 0 ? [0, count - 1] : []
        let sum = ends.reduce(0) { $0 + Int(bytes.unsafeLoad(fromByteOffset: $1, as: UInt8.self)) }
        precondition(sum <= 510, "the bytes are not what they were")
        if count <= 1 << 12 { precondition(tensor.elementType.dequantize(bytes).count == tensor.elementCount) }
      }
    }
  }

  private static let ggufSeeds: [FuzzSeed] = {
    var first = GGUFBuilder()
    first.set("general.architecture", .string("llama"))
    for (name, value) in [
      ("u8", GGUFBuilder.Value.uint8(1)), ("i8", .int8(-1)), ("u16", .uint16(1)), ("i16", .int16(-1)),
      ("u32", .uint32(1)),
      ("i32", .int32(-1)), ("u64", .uint64(1)), ("i64", .int64(-1)), ("f32", .float32(1)), ("f64", .float64(1)),
      ("bool", .bool(true)), ("words", .strings(["a", "", "中"])), ("numbers", .integers([1, 2, 3])),
      ("scores", .floats([0.5])), ("flags", .array(.bool, [.bool(true), .bool(false)])), ("none", .strings([])),
    ] {
      first.set(name, value)
    }
    first.add("token_embd.weight", shape: [2, 32], .q8_0, [UInt8](repeating: 3, count: 68))
    first.add("norm", shape: [4], [1, 2, 3, 4])

    var second = GGUFBuilder()
    second.version = 2
    second.alignment = 64
    second.set("general.architecture", .string("test"))
    for type in ElementType.allCases {
      let content = [UInt8](repeating: 60, count: 2 * type.bytesPerBlock)
      second.add("\(type)", shape: [1, 2, type.elementsPerBlock], type, content)
    }

    var split = GGUFBuilder()
    split.set("general.architecture", .string("test"))
    split.set("split.count", .uint16(1))
    split.set("split.no", .uint16(0))
    split.set("split.tensors.count", .int32(1))
    split.add("scalar", shape: [], [1])
    return [first, second, split].map { FuzzSeed($0.bytes()) }
  }()
}

extension MappedFile {
  /// A file in memory whose end cannot be read over unnoticed.
  static func forFuzzing(_ bytes: [UInt8]) -> MappedFile {
    guard let file = try? MappedFile(copying: bytes, path: "fuzz") else { preconditionFailure("no memory for a file") }
    return file
  }
}

extension FormatError {
  /// Sees that the error points into the file.
  func checkOffset(in bytes: [UInt8]) {
    switch self {
    case .malformed(_, let offset, _, _, _): precondition((0...bytes.count).contains(offset), "\(self)")
    case .json(_, let start, let error): precondition((0...bytes.count).contains(start + error.offset), "\(self)")
    case .line(_, let line, let error):
      precondition((1...bytes.count + 1).contains(line) && error.offset >= 0, "\(self)")
    case .file, .missing: break
    }
  }
}
