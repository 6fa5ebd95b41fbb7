import Testing

@testable import MosoFormats

@Suite("Damaged Parquet files") struct ParquetDamageTests {
  /// Small files that have between them every codec, encoding and version of pages.
  static let names = [
    "none-plain-v1", "snappy-dictionary-v1", "gzip-plain-v2", "zstd-dictionary-v2", "deltas-v1", "lists-v2", "structs",
  ]

  /// Reads every column of a file that has `bytes`, and returns the sentence of the first error.
  private func failure(_ bytes: [UInt8]) throws -> String? {
    let mapped = try MappedFile(copying: bytes, path: "damaged.parquet")
    do throws(FormatError) {
      let file = try ParquetFile(mapped)
      for column in file.columns where column.listDepth < 2 {
        var rows = try file.rows(of: column)
        while try rows.next() != nil {}
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("A file that is cut short anywhere is refused", arguments: names)
  func cut(name: String) throws {
    let bytes = try fixtureBytes("Parquet/\(name).parquet")
    #expect(try failure(bytes) == nil)
    for count in 0..<bytes.count {
      let sentence = try failure(Array(bytes[..<count]))
      #expect(sentence?.hasPrefix("damaged.parquet, byte ") == true, "\(count)")
    }
  }

  @Test("A byte that has changed is refused in a sentence or is only another value", arguments: names)
  func changes(name: String) throws {
    let bytes = try fixtureBytes("Parquet/\(name).parquet")
    var refused = 0
    let step = bytes.count / 150
    for place in stride(from: 0, to: bytes.count, by: step) {
      var changed = bytes
      changed[place] ^= 0xFF
      guard let sentence = try failure(changed) else { continue }
      refused += 1
      #expect(sentence.hasPrefix("damaged.parquet"))
      #expect(sentence.contains("expected") || sentence.contains("; "), "\(sentence)")
      #expect(!sentence.contains("\n"))
    }
    #expect(refused > 30)
  }

  @Test("A byte that has changed in a page with a checksum is always noticed", arguments: ["1", "2"])
  func checksums(version: String) throws {
    let bytes = try fixtureBytes("Parquet/checksums-v\(version).parquet")
    #expect(try failure(bytes) == nil)
    let file = try MappedFile(copying: bytes, path: "whole")
    let chunk = try #require(try ParquetFooter(file).rowGroups.first?.chunks.first)
    let header = try ParquetPageHeader(file, in: chunk.range, maximumSize: 1 << 20)
    #expect(header.kind == .dictionary)
    for place in header.offset..<header.offset + header.compressedSize {
      var changed = bytes
      changed[place] ^= 1
      let sentence = try #require(try failure(changed))
      #expect(
        sentence.hasPrefix(
          "damaged.parquet, byte \(header.offset), column \"text\", row 1, page: found the checksum "), "\(sentence)")
    }
  }

  @Test("What is no Parquet file is told apart from a damaged one")
  func otherFiles() throws {
    #expect(
      try failure([])
        == "damaged.parquet, byte 0, start of the file: found something else, expected PAR1, the mark of a Parquet file"
    )
    #expect(
      try failure(Array("PARE00000000PARE".utf8))
        == "damaged.parquet, byte 0, start of the file: found an encrypted file, expected PAR1, the mark of a Parquet file"
    )
    #expect(
      try failure(Array("PAR1 and something that is cut".utf8))
        == "damaged.parquet, byte 26, end of the file: found something else, expected PAR1, the mark of a Parquet file; "
        + "the file was cut short, so fetch it again")
    #expect(
      try failure(Array("PAR1\u{09}\0\0\0PAR1".utf8))
        == "damaged.parquet, byte 4, length of the footer: found 9, expected 1 to 0, what the file has")
  }

  @Test("A count of rows that does not fit is refused before anything is read")
  func counts() throws {
    // Field 2: a list of one group; field 3: 2^62 rows; field 4: no groups of rows.
    let schema: [UInt8] = [0x29, 0x1C, 0x48, 0x01, UInt8(ascii: "s"), 0x00]
    let footer = schema + [0x16] + [UInt8](repeating: 0x80, count: 8) + [0x40, 0x19, 0x0C, 0x00]
    let bytes = Array("PAR1".utf8) + footer + [UInt8(footer.count), 0, 0, 0] + Array("PAR1".utf8)
    #expect(
      try failure(bytes)
        == "damaged.parquet, byte 4, number of rows: found 2305843009213693952 for the file, "
        + "expected the sum of those of its groups")
  }

  @Test("Pages and lists beyond the limits are refused")
  func limits() throws {
    var limits = ParquetFile.Limits()
    limits.pageSize = 100
    var rows = try ParquetFile(path: fixturePath("Parquet/long-gzip.parquet"), limits: limits).rows(of: "text")
    let page = #expect(throws: FormatError.self) { try rows.next() }
    #expect(page?.description.contains("size of a page: found ") == true)
    #expect(page?.description.contains("expected at most 100 bytes; write the file with smaller pages") == true)
    limits = ParquetFile.Limits()
    limits.rowSize = 700 * MemoryLayout<ParquetValue>.stride - 1
    var lists = try ParquetFile(path: fixturePath("Parquet/lists-v1.parquet"), limits: limits).rows(of: "tokens")
    for _ in 0..<11 { #expect(try lists.next() != nil) }
    let list = #expect(throws: FormatError.self) { try lists.next() }
    #expect(list?.description.contains("column \"tokens\", row 12, list: found more than") == true)
  }
}
