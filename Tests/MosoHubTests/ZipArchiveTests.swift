import Foundation
import Testing

@testable import MosoHub

@Suite("Zip archives") struct ZipArchiveTests {
  private static let content = Array("hello, ".utf8) + sampleBytes(500) + [UInt8](repeating: 1, count: 2_000)

  /// A small wheel, as Python writes it.
  private static func wheel(_ method: String) async throws -> [UInt8] {
    let scratch = try Scratch()
    return try contents(try await PythonWheel.write(in: scratch.path, content: content, method: method))
  }

  /// Reads all of an archive; its errors are the only ones that may come.
  private static func readAll(_ bytes: [UInt8], in folder: String) async throws -> [UInt8]? {
    let path = folder + "/archive.zip"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    do {
      let archive = try ZipArchive(path)
      var result: [UInt8]?
      for member in archive.members {
        var read: [UInt8] = []
        try await archive.read(member) { read += $0 }
        #expect(read.count == member.size)
        if member.name == "tiny_model/tiny.gguf" { result = read }
      }
      return result
    } catch let error as ZipError {
      #expect(!"\(error)".isEmpty)
      return nil
    }
  }

  @Test("What Python packs is unpacked", .enabled(if: PythonWheel.isAvailable), arguments: ["stored", "deflated"])
  func reads(method: String) async throws {
    let scratch = try Scratch()
    #expect(try await Self.readAll(await Self.wheel(method), in: scratch.path) == Self.content)
  }

  @Test(
    "A wheel cut anywhere is an error, never half a model", .enabled(if: PythonWheel.isAvailable),
    arguments: ["stored", "deflated"])
  func cut(method: String) async throws {
    let scratch = try Scratch()
    let wheel = try await Self.wheel(method)
    for length in 0..<wheel.count {
      #expect(try await Self.readAll(Array(wheel.prefix(length)), in: scratch.path) == nil, "cut at \(length)")
    }
  }

  @Test("A wheel with changed bytes is an error or the same model", .enabled(if: PythonWheel.isAvailable))
  func changed() async throws {
    let scratch = try Scratch()
    let wheel = try await Self.wheel("deflated")
    for (index, value) in sampleBytes(3_000, seed: 5).enumerated() {
      var bytes = wheel
      // The end of the file, with its directory, is what readers trust most.
      let place = index % 2 == 0 ? index * 7 % bytes.count : bytes.count - 1 - index % 700
      bytes[place] = index % 3 == 0 ? 0xFF : value
      let result = try await Self.readAll(bytes, in: scratch.path)
      #expect(result == nil || result == Self.content, "byte \(place) of \(bytes.count)")
    }
  }

  @Test("No more is unpacked than the directory announces", .enabled(if: PythonWheel.isAvailable))
  func bomb() async throws {
    let scratch = try Scratch()
    let path = try await PythonWheel.write(in: scratch.path, content: [UInt8](repeating: 0, count: 5_000_000))
    var bytes = try contents(path)
    // The size in the member's entry of the directory becomes 1,000.
    let entries = bytes.indices.dropLast(4).filter { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] }
    bytes.replaceSubrange(entries[1] + 24..<entries[1] + 28, with: [0xE8, 3, 0, 0])
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let archive = try ZipArchive(path)
    let member = try #require(archive["tiny_model/tiny.gguf"])
    #expect(member.size == 1_000)
    var received = 0
    await #expect(throws: ZipError.self) { try await archive.read(member) { received += $0.count } }
    #expect(received == 0)
  }

  @Test("A folder, a missing file and an empty file are errors") func notArchives() throws {
    let scratch = try Scratch()
    #expect(throws: DiskError.self) { try ZipArchive(scratch.path) }
    #expect(throws: DiskError.self) { try ZipArchive(scratch.path("nothing")) }
    try Data().write(to: URL(fileURLWithPath: scratch.path("empty")))
    #expect(throws: ZipError.noDirectory(path: scratch.path("empty"))) { try ZipArchive(scratch.path("empty")) }
  }
}
