import MosoTensor
import Testing

@testable import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("GGUF writer") struct GGUFWriterTests {
  private let metadata: [GGUFWriter.Entry] = [
    .init("general.architecture", .string("llama")), .init("a.uint8", .uint8(200)), .init("a.int8", .int8(-100)),
    .init("a.uint16", .uint16(60_000)), .init("a.int16", .int16(-30_000)), .init("a.uint32", .uint32(4_000_000_000)),
    .init("a.int32", .int32(-2_000_000_000)), .init("a.uint64", .uint64(1 << 62)), .init("a.int64", .int64(-1 << 62)),
    .init("a.float32", .float32(0.1)), .init("a.float64", .float64(0.1)), .init("a.bool", .bool(true)),
    .init("a.strings", .strings(["one", "", "drei ▁"])), .init("a.integers", .integers([1, -2, 3])),
    .init("a.floats", .floats([0.5, -1e9])), .init("a.flags", .array(.bool, [.bool(true), .bool(false)])),
  ]
  private let tensors = [
    GGUFWriter.Tensor(name: "token_embd.weight", shape: [3, 32], elementType: .q8_0),
    GGUFWriter.Tensor(name: "norm", shape: [5], elementType: .f32),
    GGUFWriter.Tensor(name: "experts", shape: [2, 3, 4], elementType: .f16),
  ]

  private func content(_ tensor: GGUFWriter.Tensor) -> [UInt8] {
    (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 + tensor.name.utf8.count) }
  }

  /// Writes the tensors in pieces of `size` bytes.
  private func write(to path: String, inPiecesOf size: Int) throws {
    var writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors)
    for tensor in tensors {
      let bytes = content(tensor)
      for start in stride(from: 0, to: bytes.count, by: size) {
        try writer.append(Array(bytes[start..<min(start + size, bytes.count)]).span.bytes)
      }
    }
    try writer.publish()
  }

  @Test("What is written is read back", arguments: [1, 7, 1000]) func roundTrip(pieces: Int) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.gguf"
      try write(to: path, inPiecesOf: pieces)
      let file = try GGUFFile(path: path)
      #expect(file.version == 3)
      #expect(file.fileSize == GGUFWriter.byteCount(metadata: metadata, tensors: tensors))
      #expect(file.metadata.keys == metadata.map(\.key))
      #expect(try file.metadata.string("general.architecture") == "llama")
      #expect(try file.metadata.integer("a.uint8") == 200)
      #expect(try file.metadata.integer("a.int8") == -100)
      #expect(try file.metadata.integer("a.uint16") == 60_000)
      #expect(try file.metadata.integer("a.int16") == -30_000)
      #expect(try file.metadata.integer("a.uint32") == 4_000_000_000)
      #expect(try file.metadata.integer("a.int32") == -2_000_000_000)
      #expect(try file.metadata.integer("a.uint64") == 1 << 62)
      #expect(try file.metadata.integer("a.int64") == -1 << 62)
      #expect(try file.metadata.number("a.float32") == Double(Float(0.1)))
      #expect(try file.metadata.number("a.float64") == 0.1)
      #expect(try file.metadata.bool("a.bool") == true)
      #expect(try file.metadata.strings("a.strings") == ["one", "", "drei ▁"])
      #expect(try file.metadata.integers("a.integers") == [1, -2, 3])
      #expect(try file.metadata.floats("a.floats") == [0.5, -1e9])
      #expect(try file.metadata.bools("a.flags") == [true, false])
      #expect(file.tensors.map(\.shape) == tensors.map(\.shape))
      for (found, tensor) in zip(file.tensors, tensors) {
        #expect(found.name == tensor.name)
        #expect(found.elementType == tensor.elementType)
        #expect(found.byteRange.lowerBound % 32 == 0)
        let bytes = file.withBytes(of: found) { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
        #expect(bytes == content(tensor))
      }
    }
  }

  @Test("It writes what the builder of tests writes") func sameAsBuilder() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.gguf"
      try write(to: path, inPiecesOf: 64)
      var builder = GGUFBuilder()
      for entry in metadata { builder.set(entry.key, entry.value) }
      for tensor in tensors { builder.add(tensor.name, shape: tensor.shape, tensor.elementType, content(tensor)) }
      #expect(
        try MappedFile(path: path).withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } } == builder.bytes())
    }
  }

  @Test("Values copied from another file are the same bytes") func copiedMetadata() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/first.gguf", inPiecesOf: 64)
      let first = try GGUFFile(path: "\(folder)/first.gguf")
      let entries = try first.metadata.keys.map { key in
        GGUFWriter.Entry(key, try #require(try first.metadata.encodedValue(key)))
      }
      var writer = try GGUFWriter(path: "\(folder)/second.gguf", metadata: entries, tensors: tensors)
      for tensor in tensors { try writer.append(content(tensor).span.bytes) }
      try writer.publish()
      let files = try ["first", "second"].map { name in
        try MappedFile(path: "\(folder)/\(name).gguf").withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
      }
      #expect(files[0] == files[1])
    }
  }

  @Test("A string table is the array of its strings") func stringTable() {
    var table = StringTable()
    for text in ["one", "", "drei ▁"] { table.append(Array(text.utf8).span.bytes) }
    var (one, other): ([UInt8], [UInt8]) = ([], [])
    one.appendGGUF(.stringTable(table))
    other.appendGGUF(.strings(["one", "", "drei ▁"]))
    #expect(one == other)
  }

  @Test("A file that is given up leaves nothing behind, and the old one stays") func abandoned() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.gguf"
      try MosoFormatsTests.write([1, 2, 3], to: path)
      do {
        var writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors)
        try writer.append(content(tensors[0]).span.bytes)
      }
      #expect(try MappedFile(path: path).count == 3)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.gguf"])
    }
  }

  @Test("Where nothing can be written, the error says so") func refused() {
    let error = #expect(throws: FormatError.self) {
      _ = try GGUFWriter(path: "/nowhere/model.gguf", metadata: [], tensors: []).publish()
    }
    #expect(error?.description.contains("/nowhere/model.gguf") == true)
  }
}
