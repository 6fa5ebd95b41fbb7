/// A file that grows at its end.
package enum AppendedFile {
  /// Writes bytes behind those that are there.
  package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = try SystemCalls.openForAppending(path)
    defer { SystemCalls.close(descriptor) }
    try unsafe bytes.span.bytes.withUnsafeBytes { (raw) throws(FileError) in
      try unsafe SystemCalls.write(raw, to: descriptor, path: path)
    }
  }
}
