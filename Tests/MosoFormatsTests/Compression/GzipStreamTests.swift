import Testing

@testable import MosoFormats

@Suite("Gzip") struct GzipStreamTests {
  private func inflate(_ bytes: [UInt8], pieceSize: Int = 1 << 18) throws(FormatError) -> [UInt8] {
    let stream = GzipStream(MemoryStream(bytes, path: "x.gz", pieceSize: pieceSize))
    var result: [UInt8] = []
    while true {
      let piece = try stream.next()
      if piece.isEmpty { break }
      result += piece
    }
    #expect(try stream.next() == [])
    return result
  }

  @Test("Two members of Python's are one text, in pieces of any size", arguments: [1, 2, 7, 1_000, 1 << 18])
  func members(pieceSize: Int) throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.gz")
    #expect(try inflate(bytes, pieceSize: pieceSize) == fixtureBytes("Text/corpus.jsonl"))
    #expect(try inflate(bytes + [0, 0, 0], pieceSize: pieceSize) == fixtureBytes("Text/corpus.jsonl"))
  }

  @Test("A file that is cut short names its end, wherever it is; only after the first member is it whole")
  func cut() throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.gz")
    var whole: [Int] = []
    for count in 0..<bytes.count {
      do throws(FormatError) {
        _ = try inflate(Array(bytes[..<count]), pieceSize: 100)
        whole.append(count)
      } catch {
        let member = whole.isEmpty ? 1 : 2
        #expect(
          "\(error)" == "x.gz, byte \(count), gzip member \(member): found the end of the file, "
            + "expected the rest of the member; fetch or compress the file again")
      }
    }
    #expect(whole.count == 1)
  }

  @Test("Changed bytes and bytes after the end are refused")
  func damage() throws {
    let bytes = try fixtureBytes("Text/corpus.jsonl.gz")
    func failure(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: FormatError.self) { try inflate(bytes, pieceSize: 50) }
      return error?.description
    }
    #expect(
      failure(bytes + [1]) == "x.gz, byte \(bytes.count + 1), gzip member 3: found the end of the file, "
        + "expected the rest of the member; fetch or compress the file again")
    #expect(
      failure(bytes + Array("more".utf8))
        == "x.gz, byte \(bytes.count + 2), gzip member 3: found incorrect header check, "
        + "expected sound compressed data; fetch or compress the file again")
    #expect(
      failure(bytes + [0, 0, 1]) == "x.gz, byte \(bytes.count + 2), gzip member 2: found data after padding, "
        + "expected zero bytes up to the end of the file; fetch or compress the file again")
    var changed = bytes
    changed[bytes.count - 6] ^= 1
    #expect(failure(changed)?.contains("gzip member 2: found incorrect data check") == true)
    #expect(
      failure(Array("no gzip file".utf8))?.hasPrefix("x.gz, byte 2, gzip member 1: found incorrect header check")
        == true)
  }

  @Test("A thousand times the length of the file takes the memory of a piece")
  func bomb() throws {
    let stream = GzipStream(MemoryStream(try fixtureBytes("Text/zeros.gz"), path: "bomb.gz"))
    var size = 0
    var largest = 0
    while true {
      let piece = try stream.next()
      if piece.isEmpty { break }
      size += piece.count
      largest = max(largest, piece.capacity)
    }
    #expect(size == 8 << 20)
    #expect(largest <= 1 << 19)
  }

  @Test("The checksum is that of gzip")
  func checksum() {
    // The check value that the catalogue of CRC algorithms gives for these digits.
    #expect(crc32(of: Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(crc32(of: Array("789".utf8), after: crc32(of: Array("123456".utf8))) == 0xCBF4_3926)
    #expect(crc32(of: []) == 0)
  }
}
