import CZlib

/// Undoes the deflate compression (RFC 1951) of a stream that is given in pieces, with zlib.
@safe
package final class Inflater {
  /// What stands around the deflated blocks.
  package enum Wrapping: Sendable, Hashable {
    /// Nothing, as in a zip archive.
    case none
    /// One member of a gzip file, with its header and its checksum (RFC 1952).
    case gzip
    /// A gzip member or zlib's own frame (RFC 1950), whichever the first bytes are.
    case gzipOrZlib

    /// zlib's number for a window of 32 KiB in such a wrapping.
    fileprivate var windowBits: Int32 {
      switch self {
      case .none: -15
      case .gzip: 15 + 16
      case .gzipOrZlib: 15 + 32
      }
    }
  }

  private static let pieceSize = 1 << 18

  // zlib keeps a pointer to the stream inside its own state, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  /// How many bytes of the input that was given last have been used.
  package private(set) var consumed = 0
  /// Whether the last block, and the checksum after it where there is one, has been seen.
  package private(set) var isFinished = false

  /// An inflater before the first byte of a stream.
  package init(_ wrapping: Wrapping) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let status = unsafe inflateInit2_(stream, wrapping.windowBits, ZLIB_VERSION, size)
    precondition(status == Z_OK, "zlib does not start: \(status)")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// How many bytes of the input have not been used: after the end of the stream, those that follow it.
  package var unusedCount: Int { input.count - consumed }

  /// The first byte that has not been used.
  ///
  /// - Precondition: `unusedCount` is not 0.
  package var nextUnused: UInt8 { input[consumed] }

  /// Passes over the first byte that has not been used.
  ///
  /// - Precondition: `unusedCount` is not 0.
  package func skipUnused() {
    precondition(unusedCount > 0, "all input has been used")
    consumed += 1
  }

  /// Gives the next compressed bytes; call once `next` has nothing left of the last ones.
  package func give(_ bytes: [UInt8]) {
    precondition(unusedCount == 0, "\(unusedCount) bytes of the input have not been used")
    input = bytes
    consumed = 0
  }

  /// Begins another stream of the same wrapping with the bytes that have not been used.
  package func restart() {
    unsafe inflateReset(stream)
    isFinished = false
  }

  /// The next bytes of the result: none when more input is needed or the stream has ended, `nil` when the data is damaged.
  package func next() -> [UInt8]? {
    guard !isFinished else { return [] }
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
      return output
    // No progress is possible: all input is used and all output was given.
    case Z_OK, Z_BUF_ERROR: return output
    default: return nil
    }
  }

  /// What zlib says is wrong, once `next` has returned `nil`.
  package var damage: String {
    unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "data that is not deflated"
  }
}

/// The CRC-32 of gzip, zip and Parquet of bytes that follow those with the sum `checksum`; 0 is the sum of no bytes.
package func crc32(of bytes: [UInt8], after checksum: UInt32 = 0) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { bytes in
    // zlib counts in 32 bits, so longer arrays are summed part by part.
    var sum = UInt(checksum)
    var start = 0
    while start < bytes.count {
      let count = min(bytes.count - start, 1 << 30)
      sum = unsafe CZlib.crc32(sum, bytes.baseAddress.map { unsafe $0 + start }, UInt32(count))
      start += count
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
