/// A file that appears under its name only when it is complete.
///
/// Bytes go to a file beside it, `name.partial-…`. `complete()` waits until they are on the disk, and `publish()` gives
/// that file the name. When the object goes away unpublished, so does the partial file.
package final class AtomicFile {
  package let path: String
  private let partialPath: String
  /// -1 once everything has been written.
  private var descriptor: Int32
  private var isPublished = false
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 20

  /// Begins a file that will be called `path`.
  ///
  /// - Parameter permissions: Who may do what with it, as `chmod` counts; the process's mask takes away from them.
  package init(path: String, permissions: UInt32 = 0o644) throws(FileError) {
    let mark = String(UInt64.random(in: 0 ... .max), radix: 36)
    partialPath = "\(path).partial-\(SystemCalls.processIdentifier)-\(mark)"
    descriptor = try SystemCalls.create(partialPath, for: path, permissions: permissions)
    self.path = path
  }

  deinit {
    if descriptor >= 0 { SystemCalls.close(descriptor) }
    if !isPublished { SystemCalls.remove(partialPath) }
  }

  /// Writes `bytes` after those before.
  package func append(_ bytes: RawSpan) throws(FileError) {
    if buffer.count + bytes.byteCount > Self.bufferSize { try flush() }
    try unsafe bytes.withUnsafeBytes { (raw) throws(FileError) in
      if raw.count >= Self.bufferSize {
        try unsafe SystemCalls.write(raw, to: descriptor, path: path)
      } else {
        unsafe buffer.append(contentsOf: raw)
      }
    }
  }

  /// Writes `bytes` after those before.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    try unsafe append(bytes.span.bytes)
  }

  /// Waits until all bytes are on the disk; nothing can be appended after it.
  package func complete() throws(FileError) {
    try flush()
    try SystemCalls.synchronize(descriptor, path: path)
    SystemCalls.close(descriptor)
    descriptor = -1
  }

  /// Gives the completed file its name, in the place of any file that had it.
  package func publish() throws(FileError) {
    precondition(descriptor < 0, "\(path) is not complete")
    try SystemCalls.move(partialPath, to: path)
    isPublished = true
    SystemCalls.synchronizeFolder(of: path)
  }

  private func flush() throws(FileError) {
    let content = buffer
    try unsafe content.span.bytes.withUnsafeBytes { (raw) throws(FileError) in
      try unsafe SystemCalls.write(raw, to: descriptor, path: path)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// A file with these bytes, in the place of any file that has the name.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = try AtomicFile(path: path)
    try file.append(bytes)
    try file.complete()
    try file.publish()
  }
}
