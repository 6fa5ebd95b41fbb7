import CZlib

/// Undoes the deflate compression of a stream that is given in pieces, with zlib.
@safe
final class Inflater {
  private static let pieceSize = 1 << 18

  // zlib keeps a pointer to the stream inside its own state, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var consumed = 0
  /// Whether the last block has been seen.
  private(set) var isFinished = false

  init() throws(ZipError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // Negative: raw deflate data without zlib's own header, as zip has it.
    let status = unsafe inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib does not start: \(status)")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Gives the next compressed bytes; call once `next` has nothing left of the last ones.
  func give(_ bytes: [UInt8]) {
    input = bytes
    consumed = 0
  }

  /// The next bytes of the result: none when more input is needed or the stream has ended, `nil` when the data is damaged.
  func next() -> [UInt8]? {
    guard !isFinished else { return consumed == input.count ? [] : nil }
    var status = Z_OK
    let output = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { output, filled in
      unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.pointee.next_in = unsafe input.baseAddress.map { unsafe $0 + consumed }
        unsafe stream.pointee.avail_in = UInt32(input.count - consumed)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(Self.pieceSize)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        consumed = unsafe input.count - Int(stream.pointee.avail_in)
        filled = unsafe Self.pieceSize - Int(stream.pointee.avail_out)
      }
    }
    switch status {
    case Z_STREAM_END:
      isFinished = true
      // What follows the last block inside the member would be hidden from every reader.
      return consumed == input.count ? output : nil
    // No progress is possible: all input is used and all output was given.
    case Z_OK, Z_BUF_ERROR: return output
    default: return nil
    }
  }
}
