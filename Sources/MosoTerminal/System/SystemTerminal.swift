#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The questions this module asks the C library about terminals and the environment.
enum SystemTerminal {
  static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// The window's size, or `nil` when `descriptor` has none; either number may be 0 when nobody set it.
  static func size(of descriptor: Int32) -> TerminalSize? {
    var size = winsize()
    #if canImport(Darwin)
      let request: UInt = 0x4008_7468  // TIOCGWINSZ, a macro Swift does not import there
    #else
      let request = UInt(TIOCGWINSZ)
    #endif
    guard unsafe ioctl(descriptor, request, &size) == 0 else { return nil }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// How many bytes have been typed that nobody has read.
  static func waitingBytes(of descriptor: Int32) -> Int {
    var count: Int32 = 0
    #if canImport(Darwin)
      let request: UInt = 0x4004_667F  // FIONREAD, a macro Swift does not import there
    #else
      let request = UInt(FIONREAD)
    #endif
    return unsafe ioctl(descriptor, request, &count) == 0 ? Int(count) : 0
  }

  static func environmentVariable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

/// The text for an error number, such as "Permission denied".
func systemReason(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// A terminal's settings (`termios`), and the two ways this module changes them.
struct TerminalSettings {
  var raw: termios

  init(descriptor: Int32) throws(TerminalError) {
    raw = termios()
    guard unsafe tcgetattr(descriptor, &raw) == 0 else {
      let code = errno
      throw code == ENOTTY
        ? .notATerminal(descriptor: descriptor)
        : .cannotReadSettings(descriptor: descriptor, reason: systemReason(code))
    }
  }

  /// Whether the Enter key arrives as a line feed, which otherwise is Ctrl-J.
  var turnsReturnsIntoLineFeeds: Bool { raw.c_iflag & tcflag_t(ICRNL) != 0 }

  /// Makes the settings the terminal's own, after what was written so far has been sent.
  func apply(to descriptor: Int32) throws(TerminalError) {
    var settings = raw
    while unsafe tcsetattr(descriptor, TCSADRAIN, &settings) != 0 {
      let code = errno
      guard code == EINTR else {
        throw .cannotChangeSettings(descriptor: descriptor, reason: systemReason(code))
      }
    }
  }

  /// Every key arrives at once and as itself; Ctrl-C, Ctrl-Z and Ctrl-S too. Output is left as it was.
  mutating func becomeEditing() {
    becomeQuiet()
    raw.c_iflag &= ~tcflag_t(BRKINT | ISTRIP | INPCK | IXON)
    raw.c_lflag &= ~tcflag_t(ISIG | IEXTEN)
    raw.c_cflag |= tcflag_t(CS8)
  }

  /// Keys are kept for the next reader exactly as typed and are not shown, while Ctrl-C still sends its signal.
  mutating func becomeQuiet() {
    raw.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR)
    raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON)
    // Otherwise Ctrl-C would throw away output that is on its way, and perhaps half an escape sequence with it.
    raw.c_lflag |= tcflag_t(NOFLSH)
    unsafe withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      unsafe characters[Int(VMIN)] = 1
      unsafe characters[Int(VTIME)] = 0
    }
  }
}
