import Testing

@testable import MosoFormats

@Suite("Encodings of Parquet") struct ParquetEncodingTests {
  @Test("Runs and groups of eight are read one after the other")
  func runs() throws {
    // The groups are 0 to 7 in three bits, from the format's own description; then five times 6, then a cut group.
    let bytes: [UInt8] = [0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010, 0x0A, 0x06, 0x03, 0b0000_0101]
    var reader = RunLengthReader(bytes, in: bytes.indices, bitWidth: 3)
    var numbers: [Int] = []
    for _ in 0..<15 { numbers.append(try reader.next()) }
    #expect(numbers == Array(0...7) + [6, 6, 6, 6, 6, 5, 0])
    #expect(throws: PageDamage.self) { try reader.next() }
  }

  @Test("Numbers of no bits and of 32 bits are read")
  func extremeWidths() throws {
    var none = RunLengthReader([0x08], in: 0..<1, bitWidth: 0)
    for _ in 0..<4 { #expect(try none.next() == 0) }
    var wide = RunLengthReader([0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x03] + Array(1...32), in: 0..<38, bitWidth: 32)
    #expect(try wide.next() == 0xFFFF_FFFF)
    #expect(try wide.next() == 0x0403_0201)
    #expect(try wide.next() == 0x0807_0605)
  }

  @Test("A run of a number that is too large or a length of too many bits is refused")
  func badRuns() {
    var large = RunLengthReader([0x02, 0x08], in: 0..<2, bitWidth: 3)
    #expect(throws: PageDamage.self) { try large.next() }
    var long = RunLengthReader([UInt8](repeating: 0xFF, count: 9), in: 0..<9, bitWidth: 3)
    #expect(throws: PageDamage.self) { try long.next() }
  }

  @Test("The format's own example of differences is read, and passed over")
  func deltas() throws {
    // 7, 5, 3, 1, 2, 3, 4, 5: the differences are -2, -2, -2, 1, 1, 1, 1; above the least one 0 or 3, in two bits.
    let bytes: [UInt8] =
      [0x80, 0x01, 0x04, 0x08, 0x0E, 0x03, 0x02, 0x00, 0x00, 0x00, 0b1100_0000, 0b0011_1111] + [0, 0, 0, 0, 0, 0, 99]
    var reader = try DeltaReader(bytes, in: bytes.indices)
    #expect(reader.count == 8)
    var ahead = reader
    #expect(try ahead.skipAll() == 18)
    #expect(bytes[18] == 99)
    var numbers: [Int] = []
    while reader.count > 0 { numbers.append(try reader.next()) }
    #expect(numbers == [7, 5, 3, 1, 2, 3, 4, 5])
    #expect(throws: PageDamage.self) { try reader.next() }
  }

  @Test(
    "Blocks of wrong sizes are refused",
    arguments: [
      [0x00, 0x04, 0x08, 0x00], [0x7F, 0x01, 0x08, 0x00], [0x80, 0x01, 0x00, 0x08, 0x00],
      [0x80, 0x01, 0x08, 0x08, 0x00],
      [0x80, 0x80, 0x08, 0x04, 0x08, 0x00], [0x80, 0x01, 0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x00], [0x80],
      [0x40, 0x02, 0x08, 0x00],
      [0x80, 0x01, 0x04, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
    ] as [[UInt8]])
  func badBlocks(bytes: [UInt8]) {
    #expect(throws: PageDamage.self) { try DeltaReader(bytes, in: bytes.indices) }
  }

  @Test("A dictionary has no place beyond its last value, and no more values than bytes")
  func dictionary() throws {
    let texts = try ParquetFile(path: fixturePath("Parquet/one-row.parquet")).columns[0]
    let numbers = try ParquetFile(path: fixturePath("Parquet/types.parquet")).columns[3]
    let table = try PlainTable([1, 0, 0, 0, 97, 0, 0, 0, 0], count: 2, texts)
    #expect(try table.value(at: 0) == .bytes([97]))
    #expect(try table.value(at: 1) == .bytes([]))
    #expect(throws: PageDamage.self) { try table.value(at: 2) }
    let small = try PlainTable([1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 9, 9, 9, 9], count: 2, numbers)
    #expect(try small.value(at: 1) == .integer(-2))
    #expect(throws: PageDamage.self) { try small.value(at: 2) }
    for column in [texts, numbers] {
      #expect(throws: PageDamage.self) { try PlainTable([UInt8](repeating: 0, count: 8), count: 3, column) }
    }
    #expect(throws: PageDamage.self) { try PlainTable([5, 0, 0, 0, 97], count: 1, texts) }
    let error = #expect(throws: PageDamage.self) {
      try ParquetValues([0], in: 0..<1, encoding: 8, column: texts, dictionary: nil)
    }
    #expect(error?.expected == "a dictionary before them")
  }

  @Test("Structures that do not end, nest too deeply or count too far are refused")
  func thrift() throws {
    func failure(_ bytes: [UInt8]) throws -> String? {
      var reader = try ThriftReader(MappedFile(copying: bytes, path: "t"), in: bytes.indices)
      do throws(FormatError) {
        try reader.beginStructure()
        while let field = try reader.nextField() { try reader.skip(field) }
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(try failure([0x15, 0x02, 0x11, 0x00]) == nil)
    #expect(
      try failure([0x15, 0x02]) == "t, byte 2, field: found the end of the structure after 0 bytes, expected 1 bytes")
    #expect(
      try failure([UInt8](repeating: 0x1C, count: 100))
        == "t, byte 32, structure: found one more level of nesting, expected at most 32 levels")
    #expect(
      try failure([0x19] + [UInt8](repeating: 0x19, count: 100))
        == "t, byte 33, value: found one more level of nesting, expected at most 32 levels")
    #expect(
      try failure([0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        == "t, byte 6, text: found a count of 4294967295, expected at most 0, the bytes that are left")
    #expect(
      try failure([0x19, 0xF5, 0x10])
        == "t, byte 3, list: found a count of 16, expected at most 0, the bytes that are left")
    #expect(
      try failure([0x19, 0xE5]) == "t, byte 2, list: found a count of 14, expected at most 0, the bytes that are left")
    #expect(
      try failure([0x16] + [UInt8](repeating: 0xFF, count: 11))
        == "t, byte 11, number: found a number of more than 64 bits, expected at most 64 bits")
    #expect(
      try failure([0x1E, 0x00]) == "t, byte 1, type of a value: found 14, expected a type of Thrift's compact protocol")
  }
}
