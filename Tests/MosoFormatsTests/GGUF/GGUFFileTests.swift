import MosoTensor
import Testing

@testable import MosoFormats

@Suite("GGUFFile") struct GGUFFileTests {
  /// Written by another program; see Scripts/make_gguf_fixture.py.
  private let file = Result { try GGUFFile(path: fixturePath("every-type.gguf")) }

  @Test("Every type of single value is read")
  func singleValues() throws {
    let metadata = try file.get().metadata
    #expect(try file.get().architecture() == "llama")
    #expect(try metadata.integer("n.uint8") == 200)
    #expect(try metadata.integer("n.int8") == -100)
    #expect(try metadata.integer("n.uint16") == 60_000)
    #expect(try metadata.integer("n.int16") == -30_000)
    #expect(try metadata.integer("n.uint32") == 4_000_000_000)
    #expect(try metadata.integer("n.int32") == -2_000_000_000)
    #expect(try metadata.integer("n.int64") == -(1 << 62))
    #expect(try metadata.number("n.uint64") == 0x1p64)
    #expect(try metadata.number("n.float32") == Double(Float(0.1)))
    #expect(try metadata.number("n.float64") == 0.1)
    #expect(try metadata.number("n.int8") == -100)
    #expect(try metadata.bool("n.bool") == true)
    #expect(try metadata.string("text") == "Größe 中 😀")
    #expect(try metadata.string("none") == nil)
    #expect(try metadata.integer("none") == nil)
    #expect(metadata.keys.first == "general.architecture")
  }

  @Test("Every type of array is read")
  func arrays() throws {
    let metadata = try file.get().metadata
    #expect(try metadata.strings("list.strings") == ["a", "", "Ġthe", "中"])
    #expect(try metadata.integers("list.integers") == [1, -2, 3])
    #expect(try metadata.floats("list.floats") == [0.5, -1.5])
    #expect(try metadata.floats("list.integers") == [1, -2, 3])
    #expect(try metadata.bools("list.bools") == [true, false])
    #expect(metadata.count(of: "list.strings") == 4)
    #expect(metadata.count(of: "text") == nil)
    let table = try #require(try metadata.stringTable("list.strings"))
    #expect((0..<table.count).map { table.text($0) } == ["a", "", "Ġthe", "中"])
    var seen: [[UInt8]] = []
    let isThere = try metadata.forEachString("list.strings") { position, bytes in
      #expect(position == seen.count)
      seen.append(bytes.withUnsafeBytes { Array($0) })
    }
    #expect(isThere)
    #expect(seen == ["a", "", "Ġthe", "中"].map { Array($0.utf8) })
    #expect(try !metadata.forEachString("none") { _, _ in })
  }

  @Test("Tensors have their shapes outermost first, and their bytes")
  func tensors() throws {
    let file = try file.get()
    #expect(file.tensors.map(\.name) == ["cube", "half", "blocks"])
    #expect(file.tensors.map(\.shape) == [[2, 3, 4], [6, 4], [2, 64]])
    #expect(file.tensors.map(\.elementType) == [.f32, .f16, .q8_0])
    #expect(file.tensors.map(\.elementCount) == [24, 24, 128])
    #expect(file.tensors.map(\.byteRange.count) == [96, 48, 136])
    let cube = try file.requiredTensor(named: "cube")
    let values = file.withBytes(of: cube) { bytes in
      (0..<24).map { bytes.unsafeLoadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(values == (0..<24).map { Float($0) / 8 })
    #expect(unsafe file.baseAddress(of: cube).loadUnaligned(fromByteOffset: 4, as: Float.self) == 0.125)
    #expect(file.tensor(named: "Cube") == nil)
    let error = #expect(throws: FormatError.self) { try file.requiredTensor(named: "Cube") }
    #expect(
      error?.description.hasSuffix("has no tensor Cube; the file is incomplete or belongs to another architecture")
        == true)
    file.prefetchPages(of: cube)
    file.dropPages(of: cube)
  }

  @Test("A value of another type or out of range is an error that names the key and both")
  func wrongTypes() throws {
    let metadata = try file.get().metadata
    func message(_ body: () throws -> Void) throws -> String {
      let text = try #require(throws: FormatError.self, performing: body).description
      return String(text[(text.firstRange(of: ", byte ")?.lowerBound ?? text.startIndex)...])
    }
    #expect(try message { _ = try metadata.integer("text") }.hasSuffix("text: found string, expected a whole number"))
    #expect(try message { _ = try metadata.string("n.int8") }.hasSuffix("n.int8: found int8, expected a string"))
    #expect(try message { _ = try metadata.bool("n.int8") }.hasSuffix("found int8, expected a bool"))
    #expect(try message { _ = try metadata.number("n.bool") }.hasSuffix("found bool, expected a number"))
    #expect(
      try message { _ = try metadata.strings("list.integers") }
        .hasSuffix("found an array of 3 int32, expected an array of strings"))
    #expect(try message { _ = try metadata.integers("list.floats") }.contains("found an array of 2 float32"))
    #expect(
      try message { _ = try metadata.integers("n.int8") }.hasSuffix("found int8, expected an array of whole numbers"))
    #expect(try message { _ = try metadata.integer("n.uint64") }.contains("found a number beyond 63 bits"))
    #expect(try message { _ = try metadata.integer("n.uint8", in: 1...100) }.hasSuffix("found 200, expected 1 to 100"))
    #expect(
      try message { _ = try metadata.integers("list.integers", in: 0...9) }.hasSuffix("found -2, expected 0 to 9"))
    #expect(try message { _ = try metadata.requiredInteger("none") }.contains("has no metadata key none"))
  }

  @Test("A number a layer may be one for all or a list")
  func layers() throws {
    let metadata = try file.get().metadata
    #expect(try metadata.integers("n.uint8", forLayers: 2) == [200, 200])
    #expect(try metadata.integers("list.integers", forLayers: 3) == [1, -2, 3])
    #expect(throws: FormatError.self) { try metadata.integers("list.integers", forLayers: 2) }
    #expect(try metadata.integers("none", forLayers: 2) == nil)
  }

  @Test(
    "What the builder makes is read back, versions and alignments included", arguments: [2, 3] as [UInt32],
    [1, 32, 4_096])
  func roundTrip(version: UInt32, alignment: Int) throws {
    var builder = GGUFBuilder()
    builder.version = version
    builder.alignment = alignment
    builder.set("general.architecture", .string("test"))
    builder.add("first", shape: [3], [1, 2, 3])
    builder.add("second", shape: [2, 32], .q4_0, [UInt8](0..<36))
    builder.add("scalar", shape: [], [5])
    let file = try GGUFFile(MappedFile(copying: builder.bytes(), path: "memory"))
    #expect(file.version == Int(version))
    let second = try file.requiredTensor(named: "second")
    #expect(file.withBytes(of: second) { $0.withUnsafeBytes { Array($0) } } == [UInt8](0..<36))
    #expect((second.byteRange.lowerBound) % alignment == 0)
    #expect(try file.requiredTensor(named: "scalar").elementCount == 1)
  }

  @Test("A file without tensors is a vocabulary")
  func noTensors() throws {
    var builder = GGUFBuilder()
    builder.set("general.architecture", .string("test"))
    var bytes = builder.bytes()
    while bytes.last == 0 { bytes.removeLast() }
    #expect(try GGUFFile(MappedFile(copying: bytes, path: "memory")).tensors.isEmpty)
  }
}
