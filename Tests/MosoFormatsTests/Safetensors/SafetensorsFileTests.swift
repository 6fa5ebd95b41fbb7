import MosoTensor
import Testing

@testable import MosoFormats

@Suite("SafetensorsFile") struct SafetensorsFileTests {
  @Test("A file that the format's own writer made is read")
  func golden() throws {
    let file = try SafetensorsFile(path: fixturePath("written-by-python.safetensors"))
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensors.map(\.name) == ["empty", "größe \"x\"", "scalar", "wide", "brain", "half"])
    #expect(file.tensors.map(\.shape) == [[0, 5], [1], [], [2, 3], [2, 1], [4]])
    #expect(file.tensors.map(\.elementType) == [.f32, .f32, .f32, .f32, .bf16, .f16])
    #expect(file.unreadable.isEmpty)
    let wide = try file.requiredTensor(named: "wide")
    let values = file.withBytes(of: wide) { bytes in
      (0..<6).map { bytes.unsafeLoadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(values == [0, 0.5, -1, 2, 3, 1e-8])
    let scalar = try file.requiredTensor(named: "scalar")
    #expect(scalar.elementCount == 1)
    #expect(file.withBytes(of: scalar) { $0.unsafeLoadUnaligned(as: Float.self) } == 7)
    #expect(try file.requiredTensor(named: "empty").byteRange.isEmpty)
  }

  @Test("Tensors of types that are no weights do not hinder the others")
  func mixedTypes() throws {
    let file = try SafetensorsFile(path: fixturePath("mixed-types.safetensors"))
    #expect(file.tensors.map(\.name) == ["weight"])
    #expect(file.unreadable == ["attention.mask": "U8", "positions": "I64"])
    #expect(file.tensor(named: "positions") == nil)
    let error = #expect(throws: FormatError.self) { try file.requiredTensor(named: "positions") }
    #expect(error?.description.hasSuffix("that can be read: it is \"I64\"; save it as F32, F16 or BF16") == true)
    #expect(throws: FormatError.self) { try file.requiredTensor(named: "other") }
  }

  private func content(_ header: String, data: Int = 0) -> [UInt8] {
    let length = header.utf8.count
    let start = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return start + Array(header.utf8) + [UInt8](repeating: 1, count: data)
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    try #require(throws: FormatError.self) { try SafetensorsFile(MappedFile(copying: bytes, path: "m")) }.description
  }

  @Test("The length of the header is checked")
  func headerLength() throws {
    #expect(
      try message([]) == "m, byte 0, length of the header: found the end of the file after 0 bytes, expected 8 bytes")
    #expect(try message([UInt8](repeating: 255, count: 8)).contains("found 18446744073709551615, expected at most 0"))
    #expect(try message([1, 0, 0, 0, 0, 0, 0, 0, 0x7B]).contains("found 1, expected 2 to 100000000"))
    #expect(try message(content(" {}")).hasPrefix("m, byte 8, header: found another character, expected '{'"))
    #expect(try SafetensorsFile(MappedFile(copying: content("{}  "), path: "m")).tensors.isEmpty)
  }

  @Test("Mistakes in the header are named with their bytes")
  func header() throws {
    func tensor(_ body: String, data: Int = 8) throws -> String {
      try message(content(#"{"t":{\#(body)}}"#, data: data))
    }
    #expect(
      try message(content("{]"))
        == "m, in the JSON from byte 8 on, line 1, column 2 (byte 1): found ']', expected a key in quotes or '}'")
    #expect(try message(content(#"{"t":1}"#)).contains("found '1', expected an object"))
    #expect(try message(content(#"{"__metadata__":{"a":1}}"#)).contains("found '1', expected a string in quotes"))
    #expect(
      try tensor(#""shape":[2],"data_offsets":[0,8]"#)
        == "m, byte 9, dtype of \"t\": found none, expected F32, F16 or BF16")
    #expect(try tensor(#""dtype":"F32","data_offsets":[0,8]"#).contains("shape of \"t\": found none"))
    #expect(try tensor(#""dtype":"F32","shape":[-2],"data_offsets":[0,8]"#).contains("shape of \"t\": found [-2]"))
    #expect(try tensor(#""dtype":"F32","shape":[2]"#).contains("data_offsets of \"t\": found none"))
    #expect(try tensor(#""dtype":"F32","shape":[2.5],"data_offsets":[0,8]"#).contains("found the number 2.5"))
    for offsets in ["[0]", "[0,8,9]", "[8,0]", "[-8,0]", "[0,9]", "[4,12]", "[0,9223372036854775807]"] {
      let text = try tensor(#""dtype":"F32","shape":[2],"data_offsets":\#(offsets)"#)
      #expect(text.contains("expected a start and an end within the 8 bytes of data"), "\(text)")
    }
    #expect(
      try tensor(#""dtype":"F32","shape":[3],"data_offsets":[0,8]"#).contains(
        "found 8 bytes, expected as many as [3] of F32 take"))
    #expect(try tensor(#""dtype":"I64","shape":[2],"data_offsets":[0,8]"#).contains("as many as [2] of I64 take"))
    let huge = "4611686018427387904"
    #expect(try tensor(#""dtype":"F32","shape":[\#(huge),4],"data_offsets":[0,0]"#, data: 0).contains("as many as"))
    #expect(try tensor(#""dtype":"U8","shape":[\#(huge),4],"data_offsets":[0,0]"#, data: 0).contains("as many as"))
    #expect(try tensor(#""dtype":"F32","shape":[1],"data_offsets":[4,8]"#).contains("found a start at 4, expected 0"))
    #expect(try tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#).contains("data: found 4 bytes more"))
    let one = #""dtype":"F32","shape":[1],"data_offsets""#
    #expect(
      try message(content("{\"a\":{\(one):[0,4]},\"a\":{\(one):[4,8]}}", data: 8)).contains(
        "found the name a second time")
    )
    #expect(
      try message(content("{\"a\":{\(one):[0,4]},\"b\":{\(one):[0,4]}}", data: 8)).contains(
        "found a start at 0, expected 4"))
    #expect(
      try message(content("{\"a\":{\(one):[0,4]},\"b\":{\(one):[8,12]}}", data: 12)).contains(
        "found a start at 8, expected 4"))
  }

  @Test("A file cut at any byte is an error, and never a model")
  func cutAnywhere() throws {
    let bytes = try fixtureBytes("written-by-python.safetensors")
    _ = try SafetensorsFile(MappedFile(copying: bytes, path: "m"))
    for length in 0..<bytes.count {
      let text = try message(Array(bytes[..<length]))
      #expect(text.hasPrefix("m, "), "cut at \(length)")
    }
    #expect(try message(bytes + [0]).contains("data: found 1 bytes more"))
  }

  @Test("Several files are found by their index, which is not trusted")
  func index() throws {
    try withTemporaryFolder { folder in
      func shard(_ name: String) -> [UInt8] {
        content(#"{"\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4)
      }
      func message(_ map: String) throws -> String {
        try write(Array("{\"weight_map\": \(map)}".utf8), to: "\(folder)/i.json")
        return try #require(throws: FormatError.self) { try SafetensorsFile(path: "\(folder)/i.json") }.description
      }
      try write(shard("a"), to: "\(folder)/1.safetensors")
      try write(shard("b"), to: "\(folder)/2.safetensors")
      try write(shard("a"), to: "\(folder)/3.safetensors")
      try write(
        Array(#"{"metadata": {}, "weight_map": {"b": "2.safetensors", "a": "1.safetensors"}}"#.utf8),
        to: "\(folder)/i.json")
      let file = try SafetensorsFile(path: "\(folder)/i.json")
      #expect(file.tensors.map(\.name) == ["a", "b"])
      #expect(file.tensors.map(\.shard) == [0, 1])
      #expect(try message("[]").contains("weight_map: found none, expected an object"))
      #expect(try message("{}").contains("found 0 files, expected 1 to 512"))
      #expect(try message(#"{"a": 1}"#).contains("found a number for \"a\", expected the name of a file"))
      for name in [
        "../1.safetensors", "/1.safetensors", "x/1.safetensors", "1.bin", "", ".safetensors", #"x\\1.safetensors"#,
      ] {
        #expect(try message("{\"a\": \"\(name)\"}").contains("the name of a .safetensors file in the same folder"))
      }
      #expect(try message(#"{"a": "2.safetensors"}"#).contains("the files do not belong together"))
      #expect(try message(#"{"a": "1.safetensors", "x": "1.safetensors"}"#).contains("has no tensor \"x\", though"))
      #expect(try message(#"{"a": "4.safetensors"}"#).hasSuffix("4.safetensors does not exist; check the path"))
      #expect(
        try message(#"{"a": "1.safetensors", "b": "3.safetensors"}"#).contains(
          "which an earlier file of the model has too"))
    }
  }
}
