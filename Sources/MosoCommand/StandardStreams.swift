import MosoTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output, written at once: people watch it, and pipes may close it.
enum StandardOutput {
  static func write(_ text: String) { write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) {
    guard let failure = StandardStream.write(bytes, to: 1) else { return }
    // Nobody reads any more: what a pipe's end means to every command.
    if failure == EPIPE { exit(0) }
    StandardError.writeLine("Error: standard output cannot be written: \(systemReason(failure))")
    exit(1)
  }

  /// Writes text that a model or its file brought along: without what a terminal would act on, where one shows it.
  static func writeHarmlessly(_ text: String) {
    let terminal = TerminalCapabilities.standardOutput
    write(terminal.isTerminal ? HarmlessText.lines(text, isUTF8: terminal.isUTF8) : text)
  }
}

/// Standard error: progress, remarks and errors.
enum StandardError {
  /// Writes text that this program made itself; where standard error is gone, nobody can be told.
  static func write(_ text: String) { _ = StandardStream.write(Array(text.utf8), to: 2) }

  /// Writes a line of any origin: names and errors may quote a file or a server, and a terminal obeys control characters.
  static func writeLine(_ text: String) {
    let terminal = TerminalCapabilities.standardError
    write(HarmlessText.line(text, isUTF8: terminal.isUTF8 || !terminal.isTerminal) + "\n")
  }
}

enum StandardStream {
  /// Writes all of `bytes`; returns the error number when that fails.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}

/// The text for an error number, such as "Permission denied".
func systemReason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

// The members above have the names of the C functions they call.
#if canImport(Glibc)
  private let systemWrite = Glibc.write
#elseif canImport(Musl)
  private let systemWrite = Musl.write
#elseif canImport(Darwin)
  private let systemWrite = Darwin.write
#endif
