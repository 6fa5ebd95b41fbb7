import Foundation
import Testing

@testable import MosoTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.serialized) struct RawModeTests {
  @Test func aModeChangesTheTerminalAndGivesItBackOnce() throws {
    let terminal = try PseudoTerminal()
    let before = terminal.settings
    for kind in [RawMode.Kind.editing, .quiet] {
      let mode = try RawMode(kind, input: terminal.device, output: terminal.device)
      #expect(terminal.settings != before)
      mode.restore()
      #expect(terminal.settings == before)
    }
  }

  @Test func aModeEndsWhenAnErrorLeavesItsScope() throws {
    struct Failure: Error {}
    let terminal = try PseudoTerminal()
    let before = terminal.settings
    func fail() throws {
      let mode = try RawMode(.quiet, input: terminal.device)
      #expect(terminal.settings != before)
      if terminal.settings != before { throw Failure() }
      mode.restore()
    }
    #expect(throws: Failure.self) { try fail() }
    #expect(terminal.settings == before)
  }

  @Test func aPipeIsNoTerminal() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    #expect(throws: TerminalError.notATerminal(descriptor: ends[0])) { _ = try RawMode(.editing, input: ends[0]) }
  }

  @Test func aProcessKilledByASignalGivesTheTerminalBack() async throws {
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV] {
      let terminal = try PseudoTerminal()
      let before = terminal.settings
      let path = terminal.path
      await #expect(processExitsWith: .signal(signal)) { [path = path as String, signal = signal as Int32] in
        let device = open(path, O_RDWR | O_NOCTTY)
        let mode = try RawMode(.editing, input: device, output: device)
        guard try TerminalSettings(descriptor: device).raw.c_lflag & tcflag_t(ICANON) == 0 else { exit(1) }
        deliver(signal)
        mode.restore()
      }
      #expect(terminal.settings == before, "signal \(signal)")
      terminal.wait { !$0.isPasteMarked }
    }
  }

  @Test func aCrashGivesTheTerminalBack() async throws {
    let terminal = try PseudoTerminal()
    let before = terminal.settings
    let path = terminal.path
    await #expect(processExitsWith: .failure) { [path = path as String] in
      let device = open(path, O_RDWR | O_NOCTTY)
      let mode = try RawMode(.editing, input: device, output: device)
      let numbers = [1, 2, 3]
      print(numbers[Int(device) + 3])
      mode.restore()
    }
    #expect(terminal.settings == before)
  }

  @Test func exitGivesTheTerminalBack() async throws {
    let terminal = try PseudoTerminal()
    let before = terminal.settings
    let path = terminal.path
    await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
      let device = open(path, O_RDWR | O_NOCTTY)
      let mode = try RawMode(.editing, input: device, output: device)
      if device >= 0 { exit(3) }
      mode.restore()
    }
    #expect(terminal.settings == before)
  }

  @Test func aSignalTheProgramHandlesItselfLeavesTheModeAlone() async throws {
    let terminal = try PseudoTerminal()
    let path = terminal.path
    await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
      let device = open(path, O_RDWR | O_NOCTTY)
      let interrupts = try InterruptSource()
      let mode = try RawMode(.quiet, input: device)
      deliver(SIGINT)
      let isRaw = try TerminalSettings(descriptor: device).raw.c_lflag & tcflag_t(ICANON) == 0
      let isCounted = interrupts.take()
      mode.restore()
      exit(isRaw && isCounted ? 0 : 1)
    }
  }
}
