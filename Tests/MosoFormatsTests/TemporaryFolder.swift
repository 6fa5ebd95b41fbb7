#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that is there for the length of a closure.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = "\(FileManager.default.temporaryDirectory.path())moso-\(UInt64.random(in: 0 ... .max))"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// Writes `bytes` to `path`, replacing what was there.
func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(filePath: path))
}
