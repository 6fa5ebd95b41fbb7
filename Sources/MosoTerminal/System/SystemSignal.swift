#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a process does when a signal arrives (`sigaction`), with the differences between C libraries kept in this file.
struct SignalAction {
  var raw = sigaction()

  /// Calls `handler`, which may do only what POSIX allows in a signal handler (System Interfaces, section 2.4.3).
  ///
  /// Interrupted system calls are restarted, and a stack of its own is used where the thread has one.
  init(handler: @escaping @convention(c) (Int32) -> Void) {
    #if canImport(Darwin)
      unsafe raw.__sigaction_u.__sa_handler = handler
    #elseif canImport(Musl)
      unsafe raw.__sa_handler.sa_handler = handler
    #else
      unsafe raw.__sigaction_handler.sa_handler = handler
    #endif
    raw.sa_flags = Int32(SA_RESTART) | Int32(SA_ONSTACK)
    _ = unsafe sigemptyset(&raw.sa_mask)
  }

  /// The action now in force, or `nil` for a number that is no signal.
  init?(current signal: Int32) {
    guard unsafe sigaction(signal, nil, &raw) == 0 else { return nil }
  }

  /// Puts this action in force.
  func install(for signal: Int32) -> Bool {
    var action = raw
    return unsafe sigaction(signal, &action, nil) == 0
  }

  /// The handler's address as a number: 0 for the default action, 1 for ignoring the signal.
  var handlerAddress: Int {
    #if canImport(Darwin)
      return unsafe unsafeBitCast(raw.__sigaction_u.__sa_handler, to: Int.self)
    #elseif canImport(Musl)
      return unsafe unsafeBitCast(raw.__sa_handler.sa_handler, to: Int.self)
    #else
      return unsafe unsafeBitCast(raw.__sigaction_handler.sa_handler, to: Int.self)
    #endif
  }

  var isDefault: Bool { handlerAddress == 0 }
  var isIgnored: Bool { handlerAddress == 1 }
}
