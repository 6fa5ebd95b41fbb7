import Foundation
import Testing

/// The built program, and a place for its files that goes with the test.
final class Moso: Sendable {
  struct Outcome {
    /// As shells have it: the exit code, or 128 and the number of the signal that ended it.
    var status: Int
    var bytes: [UInt8]
    var errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// A tiny random model with a tokenizer.
  static let model =
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/Models/llama3/model.gguf"

  /// The program, which is built beside the tests.
  static let program: String =
    (CommandLine.arguments.first ?? "").split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/moso"

  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/moso-command-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func contents(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path(name)).map { [UInt8]($0) } ?? []
  }

  /// A process that has not started, with an environment of its own.
  func process(_ words: [String], environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
      "HOME": folder, "MOSO_HOME": folder + "/models", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color",
    ].merging(environment) { $1 }
    return process
  }

  /// Runs the program as a script does, and waits for its end.
  func run(
    _ arguments: [String], input: String = "", output: String? = nil, environment: [String: String] = [:]
  ) async throws -> Outcome {
    let process = process([Self.program] + arguments, environment: environment)
    try Data(input.utf8).write(to: URL(fileURLWithPath: path("input")))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path("input")))
    process.standardOutput = try writing(output ?? path("output"))
    process.standardError = try writing(path("errors"))
    let status = try await process.runToEnd()
    return Outcome(
      status: status, bytes: contents("output"), errors: String(decoding: contents("errors"), as: UTF8.self))
  }

  private func writing(_ path: String) throws -> FileHandle {
    if !path.hasPrefix("/dev/") { try Data().write(to: URL(fileURLWithPath: path)) }
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }
}

extension Process {
  /// Starts the process and waits for its end, calling `body` in between.
  func runToEnd(_ body: () throws -> Void = {}) async throws -> Int {
    let (ends, continuation) = AsyncStream<Void>.makeStream()
    terminationHandler = { _ in continuation.finish() }
    try run()
    try body()
    for await _ in ends {}
    return terminationReason == .exit ? Int(terminationStatus) : 128 + Int(terminationStatus)
  }
}
