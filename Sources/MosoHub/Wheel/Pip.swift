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

  /// The words that start it.
  let command: [String]
  /// The environment of the child processes.
  let environment: [String: String]

  /// Finds a pip that runs.
  ///
  /// It is started in a folder of ours, for `python -m` would import a module of that name from the working folder.
  static func find(environment: [String: String], in folder: String) async throws -> Pip {
    for command in candidates {
      let pip = Pip(command: command, environment: environment)
      if let result = try? await pip.run(["--version"], in: folder), result.isSuccess { return pip }
      try Task.checkCancellation()
    }
    throw WheelError.noPip(tried: candidates.map { $0.joined(separator: " ") })
  }

  /// Downloads the wheel of a package into a folder, by way of a folder for what is half there; nothing of it is
  /// executed, and nothing it depends on is fetched.
  func download(_ requirement: String, to destination: String, temporary: String) async throws {
    let pip = Pip(command: command, environment: environment.merging(["TMPDIR": temporary]) { $1 })
    let arguments = [
      "download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--no-cache-dir",
      "--progress-bar=off", "--dest", destination, requirement,
    ]
    let result = try await pip.run(arguments, in: temporary)
    guard result.isSuccess else {
      throw WheelError.pipFailed(
        command: (command + ["download", requirement]).joined(separator: " "), status: result.status,
        message: Self.essence(of: result.messages))
    }
  }

  private struct Result {
    let isSuccess: Bool
    let status: String
    let messages: String
  }

  private func run(_ arguments: [String], in folder: String) async throws -> Result {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let result = try await Subprocess.run(
      .name(command[0]), arguments: Arguments(Array(command.dropFirst()) + arguments),
      environment: .custom(Dictionary(variables) { $1 }), workingDirectory: FilePath(folder), platformOptions: options,
      output: .string(limit: 4_000_000), error: .string(limit: 4_000_000))
    return Result(
      isSuccess: result.terminationStatus.isSuccess, status: "\(result.terminationStatus)",
      messages: result.standardError)
  }

  /// The lines in which pip says what is wrong; without such, its last ones.
  static func essence(of messages: String) -> String {
    let lines = messages.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }
    let errors = lines.filter { $0.hasPrefix("ERROR:") }
    return (errors.isEmpty ? lines.suffix(3) : errors.prefix(3)).joined(separator: " ")
  }
}
