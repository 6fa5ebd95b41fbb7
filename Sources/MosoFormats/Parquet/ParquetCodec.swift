/// How the pages of a chunk are compressed, by the numbers that the footer has for it.
enum ParquetCodec: Int {
  case uncompressed, snappy, gzip, lzo, brotli, lz4, zstandard, lz4Raw

  /// What comes out of `bytes`, which must be `count` bytes.
  ///
  /// No more memory is taken than the bytes really give, whatever `count` says.
  func decompress(_ bytes: [UInt8], count: Int) throws(PageDamage) -> [UInt8] {
    let result: [UInt8]
    switch self {
    case .uncompressed: result = bytes
    case .snappy:
      do throws(DecompressionError) {
        result = try Snappy.decompress(bytes, count: count)
      } catch {
        throw PageDamage(
          "page compressed with \(name), byte \(error.offset) of it", found: error.found, expected: error.expected)
      }
    case .gzip: result = try drain(GzipStream(MemoryStream(bytes, path: ""), wrapping: .gzipOrZlib), count: count)
    case .zstandard: result = try drain(ZstandardStream(MemoryStream(bytes, path: "")), count: count)
    case .lzo, .brotli, .lz4, .lz4Raw:
      throw PageDamage(
        "page", found: "the codec \(name), which is not supported",
        expected: "none, SNAPPY, GZIP or ZSTD; convert the file, as with pandas.read_parquet and to_parquet")
    }
    guard result.count == count else {
      throw PageDamage("page", found: "\(result.count) bytes after decompression", expected: "\(count) bytes")
    }
    return result
  }

  /// The name that Parquet has for it.
  private var name: String {
    switch self {
    case .uncompressed: "UNCOMPRESSED"
    case .snappy: "SNAPPY"
    case .gzip: "GZIP"
    case .lzo: "LZO"
    case .brotli: "BROTLI"
    case .lz4: "LZ4"
    case .zstandard: "ZSTD"
    case .lz4Raw: "LZ4_RAW"
    }
  }

  /// All that `stream` gives, and not much more than `count` bytes of it.
  private func drain(_ stream: any ByteStream, count: Int) throws(PageDamage) -> [UInt8] {
    var result: [UInt8] = []
    do throws(FormatError) {
      while true {
        let piece = try stream.next()
        guard !piece.isEmpty else { return result }
        result += piece
        guard result.count <= count else { break }
      }
    } catch {
      // The path is for whoever knows the file, and the offset is one in the page.
      guard case .malformed(_, let offset, _, let found, let expected) = error else {
        throw PageDamage("page compressed with \(name)", found: "\(error)", expected: "sound compressed data")
      }
      throw PageDamage("page compressed with \(name), byte \(offset) of it", found: found, expected: expected)
    }
    throw PageDamage("page", found: "more than \(count) bytes after decompression", expected: "\(count) bytes")
  }
}
