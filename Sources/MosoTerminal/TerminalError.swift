/// Why a terminal could not be used.
public enum TerminalError: Error, Equatable, Sendable {
  /// Keys were to be read from something that has none.
  case notATerminal(descriptor: Int32)
  /// The system does not say how the terminal is set.
  case cannotReadSettings(descriptor: Int32, reason: String)
  /// The system refuses other settings, as it does to a program in the background.
  case cannotChangeSettings(descriptor: Int32, reason: String)
  /// Nothing more can be read, for another reason than the end.
  case cannotRead(descriptor: Int32, reason: String)
  /// The output is full or gone.
  case cannotWrite(descriptor: Int32, reason: String)
  /// A piped line would fill the memory.
  case lineTooLong(limit: Int)
  /// More terminals are in use at once than are restored in a crash.
  case tooManyModes(limit: Int)
  /// A signal would pass unnoticed.
  case cannotWatchSignal(name: String, reason: String)
}

extension TerminalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notATerminal(let descriptor):
      "file descriptor \(descriptor) is not a terminal: read it line by line instead of editing on it"
    case .cannotReadSettings(let descriptor, let reason):
      "the terminal's settings on file descriptor \(descriptor) could not be read (\(reason)): check that it is still open"
    case .cannotChangeSettings(let descriptor, let reason):
      "the terminal's settings on file descriptor \(descriptor) could not be changed (\(reason)): run in the foreground"
    case .cannotRead(let descriptor, let reason):
      "reading from file descriptor \(descriptor) failed (\(reason)): check what standard input is connected to"
    case .cannotWrite(let descriptor, let reason):
      "writing to file descriptor \(descriptor) failed (\(reason)): check what the output is connected to"
    case .lineTooLong(let limit):
      "a line of standard input is longer than \(limit) bytes, the most that is read: split it into several lines"
    case .tooManyModes(let limit):
      "\(limit) terminal modes are already active, the most that can be: restore one before starting another"
    case .cannotWatchSignal(let name, let reason):
      "\(name) could not be watched (\(reason)): stop some other watcher or raise the limit on open files"
    }
  }
}
