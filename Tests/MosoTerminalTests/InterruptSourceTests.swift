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

// Signals concern the whole process, so each test runs in one of its own.
@Suite struct InterruptSourceTests {
  @Test func anInterruptIsCountedAndTakenOnce() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let source = try InterruptSource()
      let other = try InterruptSource()
      let wasQuiet = !source.isInterrupted && !source.take()
      deliver(SIGINT)
      deliver(SIGINT)
      let wasCounted = source.pendingCount == 2 && source.isInterrupted
      let wasTaken = source.take() && !source.take() && !source.isInterrupted
      let isSeparate = other.pendingCount == 2
      exit(wasQuiet && wasCounted && wasTaken && isSeparate ? 0 : 1)
    }
  }

  @Test func withoutASourceTheSignalEndsTheProcessAgain() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      var source: InterruptSource? = try InterruptSource()
      deliver(SIGINT)
      guard source?.take() == true else { exit(1) }
      source = nil
      deliver(SIGINT)
      exit(2)
    }
  }

  @Test func aTaskCanAwaitInterrupts() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let source = try InterruptSource()
      let interrupts = try source.interrupts()
      var iterator = interrupts.makeAsyncIterator()
      for _ in 0..<3 {
        kill(getpid(), SIGINT)
        await iterator.next()
        guard source.take() else { exit(1) }
      }
      let waiting = Task { () -> Bool in
        for await _ in try source.interrupts() { return false }
        return true
      }
      waiting.cancel()
      exit(try await waiting.value ? 0 : 2)
    }
  }

  @Test func manySignalsOnManyThreadsAreAllCounted() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let source = try InterruptSource()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { for _ in 0..<5000 { deliver(SIGINT) } }
        }
      }
      exit(source.pendingCount == 20_000 ? 0 : 1)
    }
  }

  @Test func controlCAtATerminalStopsTheAnswerAndNotTheProgram() async throws {
    let terminal = try PseudoTerminal()
    let path = terminal.path
    async let result = #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
      // A new session takes the terminal as its controlling one, as a shell's child has it.
      setsid()
      let device = open(path, O_RDWR)
      #if canImport(Darwin)
        _ = ioctl(device, UInt(0x2000_7461), 0)
      #endif
      let capabilities = PseudoTerminal.capabilities(of: device)
      let interrupts = try InterruptSource()
      var editor = LineEditor(input: capabilities, outputs: [capabilities], historyFile: nil, configuration: .init())
      guard try editor.read(Prompt("> ")) == .message("go") else { exit(1) }
      let mode = try RawMode(.quiet, input: device, output: device)
      try SystemInput.write("answer", to: device)
      while !interrupts.take() { usleep(1000) }
      try SystemInput.write("\nstopped\n", to: device)
      mode.restore()
      // What was typed during the answer is the beginning of the next message.
      guard try editor.read(Prompt("> ")) == .message("typed ahead") else { exit(2) }
      exit(0)
    }
    terminal.wait { $0.lines == [">"] }
    try terminal.type("go\r")
    terminal.wait { $0.lines == ["> go", "answer"] }
    try terminal.type("typed \u{3}")
    terminal.wait { $0.lines.starts(with: ["> go", "answer", "stopped"]) }
    terminal.wait { $0.lines.last == "> typed" }
    try terminal.type("ahead\r")
    _ = await result
  }
}
