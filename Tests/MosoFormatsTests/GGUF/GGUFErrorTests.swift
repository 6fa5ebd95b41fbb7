import MosoTensor
import Testing

@testable import MosoFormats

@Suite("GGUF files that are wrong") struct GGUFErrorTests {
  private func builder(_ change: (inout GGUFBuilder) -> Void = { _ in }) -> GGUFBuilder {
    var builder = GGUFBuilder()
    builder.set("general.architecture", .string("test"))
    change(&builder)
    return builder
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    try #require(throws: FormatError.self) { try GGUFFile(MappedFile(copying: bytes, path: "m")) }.description
  }

  /// Puts a number over the bytes from `offset` on.
  private func patched(_ bytes: [UInt8], at offset: Int, _ number: some FixedWidthInteger) -> [UInt8] {
    var bytes = bytes
    for index in 0..<number.bitWidth / 8 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    return bytes
  }

  @Test("The first bytes are checked")
  func beginning() throws {
    let bytes = builder().bytes()
    #expect(try message([]) == "m, byte 0, magic: found the end of the file after 0 bytes, expected 4 bytes")
    #expect(
      try message(Array("PK\u{3}\u{4}____".utf8)) == "m, byte 0, magic: found 0x504b0304, expected GGUF (0x47475546)")
    #expect(
      try message(patched(bytes, at: 4, UInt32(1))).contains("byte 4, version: found 1, expected 2 or 3; convert"))
    #expect(try message(patched(bytes, at: 4, UInt32(4))) == "m, byte 4, version: found 4, expected 2 or 3")
    #expect(try message(patched(bytes, at: 4, UInt32(3).byteSwapped)).contains("a little-endian file"))
    #expect(try message(patched(bytes, at: 8, UInt64.max)).contains("byte 8, tensor count: found 18446744073709551615"))
    #expect(
      try message(patched(bytes, at: 16, UInt64(1) << 40)).contains("byte 16, metadata count: found 1099511627776"))
    #expect(try message(patched(bytes, at: 24, UInt64.max)).contains("byte 24, length of metadata key 0"))
    #expect(try message(patched(bytes, at: 24, UInt64(0))).contains("byte 24, metadata key 0: found a key of 0 bytes"))
    #expect(try message(patched(bytes, at: 32, UInt8(0xFF))).contains("another encoding, expected UTF-8"))
    #expect(try message(patched(bytes, at: 52, UInt32(13))).contains("found 13, expected a value type from 0 to 12"))
  }

  @Test("Repeated keys and names are refused")
  func repeated() throws {
    let key = builder { $0.set("general.architecture", .bool(true)) }
    #expect(try message(key.bytes()).contains("found \"general.architecture\" a second time, expected each key once"))
    let name = builder {
      $0.add("t", shape: [1], [1])
      $0.add("t", shape: [1], [1])
    }
    #expect(try message(name.bytes()).contains("found \"t\" a second time, expected each name once"))
  }

  @Test("Arrays within arrays and arrays longer than the file are refused")
  func arrays() throws {
    let nested = builder { $0.set("a", .array(.array, [])) }
    #expect(try message(nested.bytes()).contains("element type of \"a\": found arrays within an array"))
    for type in GGUFValueType.allCases where type != .array {
      let bytes = builder { $0.set("a", .array(type, [])) }.bytes()
      // The count is the last number before the padding; the header ends at 83.
      let end = 24 + 8 + 20 + 4 + 8 + 4 + 8 + 1 + 4 + 4
      for count in [UInt64(100), 1 << 32, 1 << 61, 1 << 62, 1 << 63, .max] {
        let text = try message(patched(bytes, at: end, count))
        #expect(text.contains("byte \(end), element count of \"a\": found \(count), expected at most"))
      }
    }
  }

  @Test("The alignment is a power of two of type uint32, and not too large")
  func alignment() throws {
    for (value, found) in [
      (GGUFBuilder.Value.uint32(0), "found 0"), (.uint32(24), "found 24"), (.uint32(1 << 21), "found 2097152"),
      (.uint64(32), "found uint64, expected uint32"), (.int32(32), "found int32"), (.string("32"), "found string"),
      (.uint32(0x8000_0000), "found 2147483648"),
    ] {
      let text = try message(builder { $0.set("general.alignment", value) }.bytes())
      #expect(text.contains("general.alignment: \(found)"), "\(text)")
    }
  }

  @Test("Names, shapes and element types of tensors are checked")
  func tensors() throws {
    func tensor(_ shape: [Int], name: String = "t", type: UInt32 = 0, bytes: Int = 64) throws -> String {
      try message(builder { $0.add(name, shape: shape, typeNumber: type, [UInt8](repeating: 0, count: bytes)) }.bytes())
    }
    #expect(
      try tensor([1], name: String(repeating: "n", count: 64)).contains("found a name of 64 bytes, expected 1 to 63"))
    #expect(try tensor([1], name: "").contains("found a name of 0 bytes"))
    #expect(try tensor([1, 1, 1, 1, 1]).contains("dimension count of \"t\": found 5, expected at most 4"))
    #expect(try tensor([0, 2]).contains("dimension 1 of \"t\": found 0, expected at least 1"))
    #expect(try tensor([-2]).contains("dimension 0 of \"t\": found -2"))
    #expect(try tensor([1 << 40, 1 << 40]).contains("shape of \"t\": found [1099511627776, 1099511627776]"))
    #expect(try tensor([1 << 62]).contains("less than 2^63 bytes"))
    #expect(try tensor([33], type: 2).contains("expected rows of whole Q4_0 blocks of 32"))
    #expect(try tensor([64, 8], type: 12).contains("expected rows of whole Q4_K blocks of 256"))
    #expect(try tensor([1], type: 16).contains("found IQ2_XXS (16), which is not supported, expected one of F32, F16"))
    #expect(try tensor([1], type: 26).contains("found I32 (26), which is not supported"))
    #expect(try tensor([1], type: 77).contains("found the unknown type 77, which is not supported"))
    #expect(try tensor([17]).contains("found 64 bytes up to the end of the file, expected 68 bytes of F32"))
  }

  @Test("Tensors must follow each other without holes or overlaps")
  func offsets() throws {
    let bytes = builder {
      $0.add("a", shape: [4], [1, 2, 3, 4])
      $0.add("b", shape: [4], [1, 2, 3, 4])
    }.bytes()
    _ = try GGUFFile(MappedFile(copying: bytes, path: "m"))
    // The descriptions end 64 bytes before the data does, rounded down to the offset of b.
    let end = try #require(bytes.indices.last { bytes[$0] == 32 && bytes[$0 + 1..<$0 + 8].allSatisfy { $0 == 0 } })
    for offset in [0, 16, 31, 33, 64, 1 << 40, UInt64.max] {
      #expect(try message(patched(bytes, at: end, offset)).contains("offset of \"b\": found \(offset), expected 32"))
    }
  }

  @Test("A file cut at any byte of its head or of its data is an error, and never a model")
  func cutAnywhere() throws {
    let bytes = builder {
      $0.alignment = 64
      $0.set("numbers", .integers([1, 2, 3]))
      $0.set("words", .strings(["a", "bc", ""]))
      $0.set("switch", .bool(true))
      $0.add("a", shape: [2, 32], .q4_0, [UInt8](repeating: 1, count: 36))
      $0.add("b", shape: [16], [Float](repeating: 1, count: 16))
    }.bytes()
    let file = try GGUFFile(MappedFile(copying: bytes, path: "m"))
    #expect(file.tensors.last?.byteRange.upperBound == bytes.count)
    for length in 0..<bytes.count {
      let text = try message(Array(bytes[..<length]))
      #expect(text.hasPrefix("m, byte "), "cut at \(length)")
    }
  }
}
