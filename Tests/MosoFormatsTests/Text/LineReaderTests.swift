import Testing

@testable import MosoFormats

@Suite("Lines") struct LineReaderTests {
  @Test("Lines do not depend on where pieces end", arguments: [1, 2, 3, 5, 100])
  func pieces(size: Int) throws {
    let text = "first\n\nthird is longer\r\n\nlast"
    var reader = LineReader(MemoryStream(Array(text.utf8), path: "x", pieceSize: size), limit: 100)
    var lines: [String] = []
    var places: [[Int]] = []
    while let line = try reader.next() {
      lines.append(String(decoding: line, as: UTF8.self))
      places.append([reader.number, reader.offset])
    }
    #expect(lines == ["first", "", "third is longer\r", "", "last"])
    #expect(places == [[1, 0], [2, 6], [3, 7], [4, 24], [5, 25]])
    #expect(try reader.next() == nil)
  }

  @Test("A line may be as long as the limit", arguments: [1, 4, 100])
  func limit(size: Int) throws {
    var reader = LineReader(MemoryStream(Array("12345\n12345\n123456\n".utf8), path: "x", pieceSize: size), limit: 5)
    #expect(try reader.next()?.count == 5)
    #expect(try reader.next()?.count == 5)
    let error = #expect(throws: FormatError.self) { try reader.next() }
    #expect(
      error?.description == "x:3: column 6 (byte 5): found a line that goes on, expected lines of at most 5 bytes; "
        + "split it, or allow longer ones")
  }

  @Test("A line without an end has one after the limit")
  func endless() throws {
    final class Endless: ByteStream {
      let path = "endless"
      var count = 0
      func next() -> [UInt8] {
        count += 1
        return [UInt8](repeating: 97, count: 1_000)
      }
    }
    let stream = Endless()
    var reader = LineReader(stream, limit: 10_000)
    #expect(throws: FormatError.self) { try reader.next() }
    #expect(stream.count == 11)
  }

  @Test("UTF-8 is told from other bytes at every place in a text", arguments: [0, 1, 7, 8, 9, 15, 16, 17, 40])
  func validation(count: Int) {
    let plain = [UInt8](repeating: 97, count: count)
    let sound: [[UInt8]] = [[0x7F], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xF0, 0x90, 0x80, 0x80]]
    for character in sound {
      #expect(firstInvalidUTF8(in: plain + character + plain) == nil)
      if character.count > 1 {
        #expect(firstInvalidUTF8(in: plain + character.dropLast() + plain) == count)
        #expect(firstInvalidUTF8(in: plain + character.dropLast()) == count)
        #expect(firstInvalidUTF8(in: plain + character + character.dropFirst()) == count + character.count)
      }
    }
    let bad: [[UInt8]] = [
      [0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF5], [0xFF],
    ]
    for character in bad { #expect(firstInvalidUTF8(in: plain + character + plain) == count) }
  }
}
