/// What comes out of a gzip file (RFC 1952): the contents of its members one after the other.
///
/// The checksum and the length at the end of each member are compared. Zero bytes after the last member are passed over, as
/// tapes and block devices leave them; anything else there is an error.
final class GzipStream: ByteStream {
  private let compressed: any ByteStream
  private let inflater: Inflater
  /// Where the piece that the inflater has starts in the file.
  private var pieceOffset = 0
  private var pieceSize = 0
  /// Which member is being read, counted from 1.
  private var member = 1
  private var isAtEnd = false

  /// Reads `compressed` as it is asked for.
  init(_ compressed: any ByteStream, wrapping: Inflater.Wrapping = .gzip) {
    self.compressed = compressed
    inflater = Inflater(wrapping)
  }

  var path: String { compressed.path }

  func next() throws(FormatError) -> [UInt8] {
    while !isAtEnd {
      guard let piece = inflater.next() else {
        throw malformed(found: inflater.damage, expected: "sound compressed data")
      }
      if !piece.isEmpty { return piece }
      if !inflater.isFinished {
        guard try fill() else { throw malformed(found: "the end of the file", expected: "the rest of the member") }
      } else if try fill() {
        try beginMember()
      } else {
        isAtEnd = true
      }
    }
    return []
  }

  /// Sees that the inflater has input, and says whether there was any left.
  private func fill() throws(FormatError) -> Bool {
    guard inflater.unusedCount == 0 else { return true }
    let piece = try compressed.next()
    pieceOffset += pieceSize
    pieceSize = piece.count
    inflater.give(piece)
    return !piece.isEmpty
  }

  private func beginMember() throws(FormatError) {
    guard inflater.nextUnused == 0 else {
      member += 1
      inflater.restart()
      return
    }
    try checkPadding()
    isAtEnd = true
  }

  /// Sees that only zeros follow.
  private func checkPadding() throws(FormatError) {
    while try fill() {
      while inflater.unusedCount > 0 {
        guard inflater.nextUnused == 0 else {
          throw malformed(found: "data after padding", expected: "zero bytes up to the end of the file")
        }
        inflater.skipUnused()
      }
    }
  }

  private func malformed(found: String, expected: String) -> FormatError {
    .malformed(
      path: path, offset: pieceOffset + inflater.consumed, field: "gzip member \(member)", found: found,
      expected: "\(expected); fetch or compress the file again")
  }
}
