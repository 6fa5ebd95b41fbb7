import Testing

@testable import MosoFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("MappedFile") struct MappedFileTests {
  @Test("The bytes are those of the file", arguments: [0, 1, 4_095, 4_096, 4_097, 100_000])
  func bytes(count: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try write(bytes, to: "\(folder)/file")
      let file = try MappedFile(path: "\(folder)/file")
      #expect(file.count == count)
      #expect(file.withBytes { $0.withUnsafeBytes { Array($0) } } == bytes)
      #expect(
        file.withBytes(in: count / 3..<count / 2) { $0.withUnsafeBytes { Array($0) } }
          == Array(bytes[count / 3..<count / 2]))
      file.advise(.sequential, in: 0..<count)
      file.advise(.willNeed, in: count / 3..<count)
      file.advise(.drop, in: count / 4..<count)
      #expect(file.withBytes { $0.withUnsafeBytes { Array($0) } } == bytes)
      try file.checkSize()
    }
  }

  @Test("What is not a regular file is refused with a sentence")
  func refusals() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.missing(path: "\(folder)/none")) { try MappedFile(path: "\(folder)/none") }
      #expect(throws: FileError.isDirectory(path: folder)) { try MappedFile(path: folder) }
      #expect(throws: FileError.notRegular(path: "/dev/null")) { try MappedFile(path: "/dev/null") }
      try write([1], to: "\(folder)/file")
      let inside = #expect(throws: FileError.self) { try MappedFile(path: "\(folder)/file/inside") }
      #expect(inside?.description == "cannot open \(folder)/file/inside: Not a directory")
    }
  }

  @Test("A file that changes its length is noticed")
  func resized() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try write([UInt8](repeating: 1, count: 10_000), to: path)
      let file = try MappedFile(path: path)
      // Not atomically: the file is changed in place, not replaced.
      try Data(repeating: 1, count: 10_004).write(to: URL(filePath: path))
      #expect(throws: FileError.resized(path: path, from: 10_000, to: 10_004)) { try file.checkSize() }
    }
  }

  @Test("Reading past the end of bytes in memory ends the process instead of reading on")
  func guardPage() async {
    await #expect(processExitsWith: .failure) {
      let file = try MappedFile(copying: [1, 2, 3], path: "memory")
      let byte = unsafe file.baseAddress.load(fromByteOffset: 3, as: UInt8.self)
      #expect(byte == 0)
    }
  }

  @Test("A range outside of the file is the caller's mistake")
  func outside() async {
    await #expect(processExitsWith: .failure) {
      let file = try MappedFile(copying: [1, 2, 3], path: "memory")
      #expect(file.withBytes(in: 2..<4) { $0.byteCount } == 2)
    }
  }

  @Test("Dropped pages leave resident memory")
  func dropping() throws {
    try withTemporaryFolder { folder in
      let count = 64 << 20
      try write([UInt8](repeating: 7, count: count), to: "\(folder)/file")
      let file = try MappedFile(path: "\(folder)/file")
      func sum() -> Int {
        file.withBytes { bytes in
          stride(from: 0, to: count, by: 4_096).reduce(0) {
            $0 + Int(bytes.unsafeLoad(fromByteOffset: $1, as: UInt8.self))
          }
        }
      }
      #expect(sum() == 7 * count / 4_096)
      guard let before = residentFileBytes() else { return }
      file.advise(.drop, in: 0..<count)
      let after = try #require(residentFileBytes())
      #expect(before - after > 48 << 20)
      #expect(sum() == 7 * count / 4_096)
    }
  }

  /// Bytes of mapped files that are resident, where the system tells.
  private func residentFileBytes() -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssFile:") })
    else { return nil }
    return Int(line.filter(\.isNumber)).map { $0 << 10 }
  }
}
