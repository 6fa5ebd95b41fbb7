import Foundation

@testable import MosoHub

/// Another process that pulls a model; see `Tests/PullProbe`.
final class Probe: Sendable {
  /// How it ended.
  struct End: Sendable {
    /// The exit code, or the number of the signal that ended it.
    let status: Int32
    let wasKilled: Bool
    /// What it printed: the model's path, or why there is none.
    let output: String
  }

  let processIdentifier: Int32
  private let ending: Task<End, Never>

  /// Starts the process.
  ///
  /// - Parameters:
  ///   - prefix: The words of a shell command that sets something up first, with `exec "$@"` at its end.
  init(
    pulling reference: String, into folder: String, endpoint: String? = nil, environment: [String: String]? = nil,
    in workingFolder: String? = nil, after prefix: String? = nil
  ) throws {
    let process = Process()
    let words = [Self.executable, folder, reference]
    process.executableURL = URL(fileURLWithPath: prefix == nil ? Self.executable : "/bin/sh")
    process.arguments = prefix.map { ["-c", $0, "sh"] + words } ?? Array(words.dropFirst())
    var variables = environment ?? ProcessInfo.processInfo.environment
    if let endpoint { variables["HF_ENDPOINT"] = endpoint }
    process.environment = variables
    if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder) }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    processIdentifier = process.processIdentifier
    let box = Unchecked((process, pipe))
    ending = Task {
      await withCheckedContinuation { continuation in
        // A thread that may wait, for those that run tasks may not.
        Thread.detachNewThread {
          let (process, pipe) = box.value
          let output = pipe.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          continuation.resume(
            returning: End(
              status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
              output: String(decoding: output, as: UTF8.self)))
        }
      }
    }
  }

  /// Waits until it ends.
  func end() async -> End { await ending.value }

  /// Kills it as soon as a file has so many bytes.
  func kill(whenSizeOf path: String, reaches bytes: Int) {
    let identifier = processIdentifier
    Thread.detachNewThread {
      // The process ends by itself in time, so this ends too.
      while Foundation.kill(identifier, 0) == 0 {
        if let size = Folder.fileSize(path), size >= bytes {
          _ = Foundation.kill(identifier, SIGKILL)
          return
        }
        usleep(200)
      }
    }
  }

  /// The values are used by one thread after the other.
  private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  /// The program, which is built beside the tests.
  private static let executable: String = {
    #if canImport(Darwin)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath ?? ""
    #else
      let bundle = CommandLine.arguments[0]
    #endif
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("PullProbe").path
  }()
}
