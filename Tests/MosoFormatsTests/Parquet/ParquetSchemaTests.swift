import Testing

@testable import MosoFormats

@Suite("Schemas of Parquet") struct ParquetSchemaTests {
  /// A layer of a schema, as the footer has it.
  private struct Layer {
    var name: String
    var type: Int?
    var repetition = 0
    var children: Int?
    var converted: Int?

    /// The structure in Thrift's compact protocol.
    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      var last = 0
      func number(_ field: Int, _ value: Int?) {
        guard let value else { return }
        bytes += [UInt8(field - last) << 4 | 5, UInt8(value << 1)]
        last = field
      }
      number(1, type)
      number(3, repetition)
      bytes += [UInt8(4 - last) << 4 | 8, UInt8(name.utf8.count)] + Array(name.utf8)
      last = 4
      number(5, children)
      number(6, converted)
      return bytes + [0]
    }
  }

  private func columns(_ layers: [Layer]) throws -> [ParquetColumn] {
    let bytes = [0x19, UInt8(layers.count) << 4 | 0x0C] + layers.flatMap(\.bytes) + [0]
    let file = try MappedFile(copying: bytes, path: "schema")
    var reader = ThriftReader(file, in: 0..<bytes.count)
    try reader.beginStructure()
    let field = try #require(try reader.nextField())
    return try ParquetSchema(&reader, field).columns
  }

  @Test("Lists have the names of their groups, in every way that writers have laid them out")
  func lists() throws {
    let found = try columns([
      Layer(name: "schema", children: 5),
      // Three layers, the way the format asks for.
      Layer(name: "tokens", repetition: 1, children: 1, converted: 3), Layer(name: "list", repetition: 2, children: 1),
      Layer(name: "element", type: 1, repetition: 1),
      // Two layers, of a value and of a group that is the element.
      Layer(name: "tags", repetition: 1, children: 1, converted: 3),
      Layer(name: "array", type: 6, repetition: 2, converted: 0),
      Layer(name: "rows", repetition: 0, children: 1, converted: 3), Layer(name: "array", repetition: 2, children: 1),
      Layer(name: "text", type: 6, repetition: 1),
      Layer(name: "pairs", repetition: 1, children: 1, converted: 3),
      Layer(name: "pairs_tuple", repetition: 2, children: 1), Layer(name: "first", type: 2),
      // No list around it at all.
      Layer(name: "plain", type: 2, repetition: 2),
    ])
    #expect(found.map(\.name) == ["tokens", "tags", "rows.text", "pairs.first", "plain"])
    #expect(found.map(\.listDepth) == [1, 1, 1, 1, 1])
    #expect(found.map(\.maximumDefinition) == [3, 2, 2, 2, 1])
    #expect(found.map(\.elementDefinition) == [2, 2, 1, 2, 1])
    #expect(found.map(\.isOptional) == [true, true, true, true, false])
    #expect(found[1].isText)
    #expect(!found[2].isText)
    #expect(found[0].path == ["tokens", "list", "element"])
  }

  @Test("Structs in structs have dots in their names")
  func structs() throws {
    let found = try columns([
      Layer(name: "schema", children: 2), Layer(name: "meta", repetition: 1, children: 2),
      Layer(name: "inner", children: 1), Layer(name: "text", type: 6, repetition: 1, converted: 0),
      Layer(name: "n", type: 1), Layer(name: "last", type: 5),
    ])
    #expect(found.map(\.name) == ["meta.inner.text", "meta.n", "last"])
    #expect(found.map(\.maximumDefinition) == [2, 1, 0])
    #expect(found.map(\.type) == [.bytes, .int32, .double])
  }

  @Test("More layers than anybody writes are refused before they are read")
  func manyLayers() throws {
    let count = 500_001
    let head: [UInt8] = [0x19, 0xFC] + [0, 7, 14].map { UInt8(count >> $0 & 0x7F) | ($0 < 14 ? 0x80 : 0) }
    let bytes = head + [UInt8](repeating: 0, count: count)
    var reader = ThriftReader(try MappedFile(copying: bytes, path: "schema"), in: 0..<bytes.count)
    try reader.beginStructure()
    let field = try #require(try reader.nextField())
    let error = #expect(throws: FormatError.self) { try ParquetSchema(&reader, field) }
    #expect(error?.description == "schema, byte 1, schema: found 500001 layers, expected at most 500000")
  }

  @Test("Groups that hold more or fewer layers than they say are refused")
  func counts() {
    let leaf = Layer(name: "a", type: 1)
    for layers in [
      [], [leaf], [Layer(name: "s", children: 2), leaf], [Layer(name: "s", children: 1), leaf, leaf],
      [Layer(name: "s", children: 1), Layer(name: "a", type: 9)],
      [Layer(name: "s", children: 1), Layer(name: "a", type: 7)],
    ] {
      #expect(throws: FormatError.self) { try columns(layers) }
    }
    #expect(throws: FormatError.self) {
      try columns([Layer(name: "s", children: 1), Layer(name: "a", type: 1, repetition: 3)])
    }
  }
}
