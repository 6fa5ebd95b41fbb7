/// What comes out of a Zstandard file (RFC 8878): the contents of its frames one after the other.
///
/// In memory are a frame's window, at most 128 MiB, and half as much again. Checksums are compared; frames that need a
/// dictionary of their own are refused.
final class ZstandardStream: ByteStream {
  private var input: StreamInput
  private var output = DecompressedBytes()
  private var frame: Frame?

  private static let maximumWindow = 1 << 27
  private static let magic = 0xFD2F_B528
  /// The marks of frames that hold something else and are passed over.
  private static let skippable = 0x184D_2A50...0x184D_2A5F

  /// What the head of a frame says, and what has been read of it.
  private struct Frame {
    var size: Int?
    var hasChecksum: Bool
    var blocks: ZstandardBlocks
    var read = 0
    var hash = XXHash64()
  }

  /// Reads `compressed` as it is asked for.
  init(_ compressed: any ByteStream) {
    input = StreamInput(compressed)
  }

  var path: String { input.path }

  func next() throws(FormatError) -> [UInt8] {
    while true {
      if frame == nil {
        frame = try readHead()
        guard frame != nil else { return [] }
        output.keepLast(0)
      }
      let piece = try readBlock()
      if !piece.isEmpty { return piece }
    }
  }

  // MARK: Frames

  /// Reads the head of the next frame with contents, or returns `nil` at the end of the file.
  private func readHead() throws(FormatError) -> Frame? {
    while true {
      let start = input.offset
      let bytes = try input.take(4)
      // An empty file is cut short, but a file of frames may end after any of them.
      if bytes.isEmpty && start > 0 { return nil }
      guard bytes.count == 4 else { throw ended() }
      let mark = Int(littleEndian(bytes))
      if Self.skippable.contains(mark) {
        let count = Int(littleEndian(try take(4)))
        guard try input.skip(count) == count else { throw ended() }
        continue
      }
      guard mark == Self.magic else {
        throw malformed(
          at: start, found: "the mark 0x\(String(mark, radix: 16))",
          expected: "0x\(String(Self.magic, radix: 16)), that of a frame")
      }
      return try readFrameHead()
    }
  }

  private func readFrameHead() throws(FormatError) -> Frame {
    let start = input.offset
    let descriptor = try take(1)[0]
    let isSingleSegment = descriptor & 0x20 != 0
    guard descriptor & 0x08 == 0 else { throw malformed(at: start, found: "a reserved bit", expected: "none") }
    var windowSize = 0
    if !isSingleSegment {
      let byte = Int(try take(1)[0])
      let base = 1 << (10 + byte >> 3)
      windowSize = base + base / 8 * (byte & 7)
    }
    let dictionary = littleEndian(try take([0, 1, 2, 4][Int(descriptor & 3)]))
    guard dictionary == 0 else {
      throw malformed(
        at: start, found: "a frame that needs the dictionary \(dictionary)", expected: "a frame without dictionary")
    }
    var size: Int?
    switch descriptor >> 6 {
    case 0: if isSingleSegment { size = Int(littleEndian(try take(1))) }
    case 1: size = Int(littleEndian(try take(2))) + 256
    case 2: size = Int(littleEndian(try take(4)))
    default:
      let count = littleEndian(try take(8))
      guard let count = Int(exactly: count) else {
        throw malformed(at: start, found: "a content of \(count) bytes", expected: "at most \(Int.max)")
      }
      size = count
    }
    if isSingleSegment { windowSize = size ?? 0 }
    // A frame in one segment may be of any size; copies from further back than the window cannot be made.
    guard isSingleSegment || windowSize <= Self.maximumWindow else {
      throw malformed(
        at: start, found: "a window of \(windowSize) bytes",
        expected: "at most \(Self.maximumWindow), as without the option --long")
    }
    return Frame(
      size: size, hasChecksum: descriptor & 0x04 != 0,
      blocks: ZstandardBlocks(windowSize: min(windowSize, Self.maximumWindow)))
  }

  // MARK: Blocks

  /// What is in the next block of the frame; the last one also ends the frame.
  private func readBlock() throws(FormatError) -> [UInt8] {
    guard var frame else { return [] }
    let start = input.offset
    let head = littleEndian(try take(3))
    let size = Int(head >> 3)
    guard size <= ZstandardBlocks.maximumSize else {
      throw malformed(at: start, found: "a block of \(size) bytes", expected: "at most \(ZstandardBlocks.maximumSize)")
    }
    let outputStart = makeRoom(windowSize: frame.blocks.windowSize)
    switch head >> 1 & 3 {
    case 0:
      let bytes = try take(size)
      output.append(bytes, in: bytes.indices)
    case 1: output.append(repeating: try take(1)[0], count: size)
    case 2:
      let block = try take(size)
      do throws(DecompressionError) {
        try frame.blocks.decode(block, to: &output)
      } catch {
        throw malformed(at: start + 3 + error.offset, found: error.found, expected: error.expected)
      }
    default: throw malformed(at: start, found: "a block of a reserved kind", expected: "one of the kinds 0 to 2")
    }
    let piece = output.bytes(from: outputStart)
    frame.read += piece.count
    guard frame.read <= frame.size ?? Int.max else {
      throw malformed(at: start, found: "more content", expected: "\(frame.size ?? 0) bytes, as the frame says")
    }
    if frame.hasChecksum { frame.hash.update(piece) }
    self.frame = frame
    if head & 1 == 1 { try endFrame(frame) }
    return piece
  }

  private func endFrame(_ frame: Frame) throws(FormatError) {
    self.frame = nil
    guard frame.size ?? frame.read == frame.read else {
      throw malformed(
        at: input.offset, found: "\(frame.read) bytes of content", expected: "\(frame.size ?? 0), as the frame says")
    }
    guard frame.hasChecksum else { return }
    let start = input.offset
    let expected = UInt32(littleEndian(try take(4)))
    let found = UInt32(truncatingIfNeeded: frame.hash.value)
    guard found == expected else {
      throw malformed(
        at: start, found: "content with the checksum \(String(found, radix: 16))", expected: String(expected, radix: 16)
      )
    }
  }

  /// Forgets what lies outside of the window, now and then, and returns where the next bytes are written.
  private func makeRoom(windowSize: Int) -> Int {
    if output.count >= windowSize + max(windowSize / 2, 1 << 20) { output.keepLast(windowSize) }
    return output.count
  }

  // MARK: Errors

  private func take(_ count: Int) throws(FormatError) -> [UInt8] {
    let bytes = try input.take(count)
    guard bytes.count == count else { throw ended() }
    return bytes
  }

  private func ended() -> FormatError {
    malformed(at: input.offset, found: "the end of the file", expected: "the rest of the frame")
  }

  private func malformed(at offset: Int, found: String, expected: String) -> FormatError {
    .malformed(
      path: path, offset: offset, field: "Zstandard frame", found: found,
      expected: "\(expected); fetch or compress the file again")
  }
}
