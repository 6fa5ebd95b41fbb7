import Foundation
import Synchronization
import Testing

@testable import MosoTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A real pseudo-terminal: the program under test has `device`, and the test is the user and the screen at the other end.
final class PseudoTerminal {
  private var controller: Int32
  let device: Int32
  let path: String
  private(set) var screen: VirtualTerminal
  /// Everything the program has written.
  private(set) var output: [UInt8] = []
  private var undecoded: [UInt8] = []
  var answersQuestions = true

  init(columns: Int = 40, rows: Int = 12) throws {
    var (controller, device): (Int32, Int32) = (-1, -1)
    try #require(openpty(&controller, &device, nil, nil, nil) == 0)
    (self.controller, self.device) = (controller, device)
    path = String(cString: try #require(ttyname(device)))
    _ = fcntl(controller, F_SETFL, O_NONBLOCK)
    screen = VirtualTerminal(columns: columns, rows: rows)
    setSize(columns: columns, rows: rows)
  }

  deinit {
    hangUp()
    close(device)
  }

  var capabilities: TerminalCapabilities { Self.capabilities(of: device) }

  /// The device as a program sees it that runs in an ordinary terminal.
  static func capabilities(of device: Int32) -> TerminalCapabilities {
    TerminalCapabilities(descriptor: device, isTerminal: true) { $0 == "TERM" ? "xterm-256color" : nil }
  }

  func hangUp() {
    if controller >= 0 { close(controller) }
    controller = -1
  }

  private func setSize(columns: Int, rows: Int) {
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = UInt16(rows)
    #if canImport(Darwin)
      let request: UInt = 0x8008_7467
    #else
      let request = UInt(TIOCSWINSZ)
    #endif
    _ = ioctl(controller, request, &size)
  }

  /// Changes the window's size as a user does with the mouse; a process without a controlling terminal has to be told.
  func resize(
    columns: Int, rows: Int, behaviour: VirtualTerminal.ResizeBehaviour = .reflow, tellingThisProcess: Bool = true
  ) {
    screen.resize(columns: columns, rows: rows, behaviour: behaviour)
    setSize(columns: columns, rows: rows)
    if tellingThisProcess { kill(getpid(), SIGWINCH) }
  }

  /// Presses keys.
  func type(_ keys: String) throws {
    let bytes = Array(keys.utf8)
    #expect(write(controller, bytes, bytes.count) == bytes.count)
  }

  /// Lets the program write until `condition` holds on the screen; fails after a generous time.
  func wait(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    until condition: (VirtualTerminal) -> Bool
  ) {
    for _ in 0..<12_000 {
      receive()
      if condition(screen) { return }
      usleep(5000)
    }
    Issue.record("the screen never came to it: \(screen.lines) \(comment ?? "")", sourceLocation: sourceLocation)
  }

  private func receive() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(controller, &bytes, bytes.count)
      guard count > 0 else { break }
      output += bytes[..<count]
      undecoded += bytes[..<count]
    }
    let incomplete = KeyDecoder.incompleteSuffixLength(undecoded)
    screen.feed(String(decoding: undecoded.dropLast(incomplete), as: UTF8.self))
    undecoded = Array(undecoded.suffix(incomplete))
    let answers = Array(screen.answers.utf8)
    if answersQuestions && !answers.isEmpty { _ = write(controller, answers, answers.count) }
    screen.answers = ""
  }

  /// The terminal's settings in a form that can be compared.
  var settings: [UInt64] {
    var settings = termios()
    _ = tcgetattr(device, &settings)
    return [UInt64(settings.c_iflag), UInt64(settings.c_oflag), UInt64(settings.c_lflag), UInt64(settings.c_cflag)]
  }
}

/// Something done on a thread of its own, since it blocks, and its result when it is done.
final class Background<Value: Sendable>: Sendable {
  private let state = Mutex<Swift.Result<Value, any Error>?>(nil)

  init(_ body: @escaping @Sendable () throws -> Value) {
    let thread = Thread {
      let result = Swift.Result { try body() }
      self.state.withLock { $0 = result }
    }
    thread.start()
  }

  var isDone: Bool { state.withLock { $0 != nil } }

  func value() throws -> Value {
    for _ in 0..<12_000 {
      if let result = state.withLock({ $0 }) { return try result.get() }
      usleep(5000)
    }
    throw Unfinished()
  }

  struct Unfinished: Error {}
}

/// Sends this thread a signal and returns when it has been handled.
///
/// The threads that tasks run on block signals, so it is let through first.
func deliver(_ signal: Int32) {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, signal)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  raise(signal)
}
