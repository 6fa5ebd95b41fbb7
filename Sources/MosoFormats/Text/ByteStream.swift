/// Bytes that come piece by piece: from a file, a pipe or a decompressor, never all of them at once.
protocol ByteStream: AnyObject {
  /// What errors call the file that the bytes come from.
  var path: String { get }

  /// The next bytes; none means that there are no more.
  func next() throws(FormatError) -> [UInt8]
}

/// The bytes of an open file, a pipe or a terminal.
final class FileStream: ByteStream {
  let path: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private static let pieceSize = 1 << 18

  /// Opens the file at `path`; a pipe there makes this wait for somebody who writes into it.
  init(path: String) throws(FormatError) {
    self.path = path
    closesDescriptor = true
    descriptor = try FormatError.wrapping { () throws(FileError) in try SystemCalls.openForStreaming(path) }
  }

  /// Reads what comes to the process's standard input.
  init(readingStandardInput: Void) {
    path = "standard input"
    closesDescriptor = false
    descriptor = 0
  }

  deinit {
    if closesDescriptor { SystemCalls.close(descriptor) }
  }

  func next() throws(FormatError) -> [UInt8] {
    try FormatError.wrapping { () throws(FileError) in
      try SystemCalls.read(from: descriptor, atMost: Self.pieceSize, path: path)
    }
  }
}

/// Bytes in memory, given in pieces of any size.
final class MemoryStream: ByteStream {
  let path: String
  private let bytes: [UInt8]
  private let pieceSize: Int
  private var offset = 0

  init(_ bytes: [UInt8], path: String, pieceSize: Int = 1 << 18) {
    self.path = path
    self.bytes = bytes
    self.pieceSize = pieceSize
  }

  func next() -> [UInt8] {
    let end = min(offset + pieceSize, bytes.count)
    defer { offset = end }
    return offset == 0 && end == bytes.count ? bytes : Array(bytes[offset..<end])
  }
}

/// A stream whose first piece has already been looked at.
final class PeekedStream: ByteStream {
  private let rest: any ByteStream
  private var first: [UInt8]?

  /// Gives `first`, then what `rest` gives.
  init(first: [UInt8], rest: any ByteStream) {
    self.first = first
    self.rest = rest
  }

  var path: String { rest.path }

  func next() throws(FormatError) -> [UInt8] {
    if let first, !first.isEmpty {
      self.first = nil
      return first
    }
    return try rest.next()
  }
}
