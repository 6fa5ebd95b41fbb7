import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gives changed terminals their settings back when the process ends without saying so: by a signal, a crash or `exit`.
///
/// The handler restores the settings of every active mode, puts back whatever handled the signal before (the default
/// action, or a crash reporter), and raises the signal again, so the process still dies of the cause it would have died
/// of. All it calls is allowed in a signal handler (`tcsetattr`, `tcgetpgrp`, `write`, `sigaction`, `raise`), and all it
/// reads lies behind constant pointers, as in `SignalBoard`. Nothing can help against `SIGKILL` or a stack overflow on a
/// thread without an alternate signal stack.
enum TerminalRescue {
  /// One changed terminal. `isActive` is taken back exactly once, by whoever restores.
  fileprivate struct Slot: ~Copyable {
    let isActive = Atomic<Bool>(false)
    var input: Int32 = -1
    var output: Int32 = -1
    var settings = termios()
  }

  static let slotCount = 8

  /// Signals that end a process, which a user or another process sends; only caught where nobody else catches them.
  private static let requests: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  /// Signals of a crash; a crash reporter that already catches them is called after the terminal is restored.
  private static let crashes: [Int32] = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS]

  private struct Users {
    var count = 0
    var isRegisteredAtExit = false
    var installed: [Int32] = []
  }

  private static let users = Mutex(Users())

  /// Remembers the settings to give back to `input`; `nil` when too many terminals are changed already.
  static func begin(input: Int32, output: Int32?, settings: TerminalSettings) -> Int? {
    users.withLock { users in
      // The newest slot is the highest, so that restoring from the top ends with the oldest settings.
      var index = slotCount
      while index > 0, unsafe !slots[index - 1].isActive.load(ordering: .acquiring) { index -= 1 }
      guard index < slotCount else { return nil }
      unsafe slots[index].input = input
      unsafe slots[index].output = output ?? -1
      unsafe slots[index].settings = settings.raw
      unsafe slots[index].isActive.store(true, ordering: .releasing)
      users.count += 1
      if users.count == 1 { installHandlers(&users) }
      return index
    }
  }

  /// Gives the settings of one slot back, unless a signal handler already did.
  static func end(_ index: Int) {
    restoreSlot(index)
    users.withLock { users in
      users.count -= 1
      if users.count == 0 { removeHandlers(&users) }
    }
  }

  private static func installHandlers(_ users: inout Users) {
    if !users.isRegisteredAtExit {
      users.isRegisteredAtExit = atexit(restoreEverySlot) == 0
    }
    let ours = SignalAction(handler: rescue)
    for signal in requests + crashes {
      guard let current = SignalAction(current: signal), !current.isIgnored else { continue }
      guard current.isDefault || crashes.contains(signal) else { continue }
      unsafe previousActions[Int(signal)] = current.raw
      if ours.install(for: signal) { users.installed.append(signal) }
    }
  }

  private static func removeHandlers(_ users: inout Users) {
    let ours = SignalAction(handler: rescue).handlerAddress
    for signal in users.installed where SignalAction(current: signal)?.handlerAddress == ours {
      var previous = unsafe previousActions[Int(signal)]
      _ = unsafe sigaction(signal, &previous, nil)
    }
    users.installed = []
  }
}

nonisolated(unsafe) private let slots: UnsafeMutablePointer<TerminalRescue.Slot> = {
  let memory = UnsafeMutablePointer<TerminalRescue.Slot>.allocate(capacity: TerminalRescue.slotCount)
  for index in 0..<TerminalRescue.slotCount { unsafe (memory + index).initialize(to: TerminalRescue.Slot()) }
  return unsafe memory
}()

nonisolated(unsafe) private let previousActions: UnsafeMutablePointer<sigaction> = {
  let memory = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
  unsafe memory.initialize(repeating: sigaction(), count: 65)
  return unsafe memory
}()

/// Gives one terminal its settings back if it is still changed; safe in a signal handler.
private func restoreSlot(_ index: Int) {
  guard unsafe slots[index].isActive.exchange(false, ordering: .acquiringAndReleasing) else { return }
  let input = unsafe slots[index].input
  // A process in the background must leave the terminal to the shell that has it now; asking would also stop it.
  let foreground = tcgetpgrp(input)
  guard foreground < 0 || foreground == getpgrp() else { return }
  let output = unsafe slots[index].output
  // Pasted text is marked no longer, and colours end. (A global constant might be initialised lazily, which takes a lock.)
  let farewell: StaticString = "\u{1B}[?2004l\u{1B}[0m"
  if output >= 0 { _ = unsafe write(output, farewell.utf8Start, farewell.utf8CodeUnitCount) }
  _ = unsafe tcsetattr(input, TCSANOW, &slots[index].settings)
}

private func restoreEverySlot() {
  var index = 8
  while index > 0 {
    index -= 1
    restoreSlot(index)
  }
}

/// The signal handler; see `TerminalRescue` for what it may do.
private func rescue(_ signal: Int32) {
  let savedError = errno
  restoreEverySlot()
  _ = unsafe sigaction(signal, &previousActions[Int(signal)], nil)
  _ = raise(signal)
  errno = savedError
}
