import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The signals that a terminal program wants to hear of without dying from them.
enum WatchedSignal: Int, CaseIterable {
  case interrupt, windowChange, resumption

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .windowChange: SIGWINCH
    case .resumption: SIGCONT
    }
  }

  var name: String {
    switch self {
    case .interrupt: "SIGINT"
    case .windowChange: "SIGWINCH"
    case .resumption: "SIGCONT"
    }
  }

  fileprivate var bit: UInt32 { 1 << UInt32(rawValue) }
}

/// Where signal handlers leave word, for the whole process.
///
/// A handler may run between any two instructions of any thread, so it does three things only, all of which POSIX allows:
/// it adds one to an atomic counter, writes one byte to each pipe that somebody waits on, and keeps `errno`. It takes no
/// lock, allocates nothing, touches no reference count and no Swift variable that is checked for exclusive access: all
/// that it reads lies behind constant pointers to memory that is allocated before the first handler is installed and never
/// freed. For the same reason pipes are kept for reuse and never closed: a handler on another thread may be about to write.
enum SignalBoard {
  /// Who waits on one pipe.
  fileprivate struct Listener: ~Copyable {
    let signals = Atomic<UInt32>(0)
    let writeEnd = Atomic<Int32>(-1)
    var readEnd: Int32 = -1
  }

  fileprivate static let listenerCount = 16

  private struct Watchers {
    var counts = [Int](repeating: 0, count: WatchedSignal.allCases.count)
    var previous = [SignalAction?](repeating: nil, count: WatchedSignal.allCases.count)
  }

  private static let watchers = Mutex(Watchers())

  /// How often the signal has arrived since it was first watched.
  static func deliveries(of signal: WatchedSignal) -> Int {
    unsafe deliveryCounts[signal.rawValue].load(ordering: .acquiring)
  }

  /// Starts catching `signal`; each call needs one call of `stopWatching`.
  static func watch(_ signal: WatchedSignal) throws(TerminalError) {
    // The handler must find its memory initialised, because initialising it would take a lock.
    _ = unsafe (deliveryCounts, listeners)
    let failure: String? = watchers.withLock { watchers in
      if watchers.counts[signal.rawValue] == 0 {
        guard let previous = SignalAction(current: signal.number) else { return systemReason(errno) }
        guard SignalAction(handler: noteSignal).install(for: signal.number) else { return systemReason(errno) }
        watchers.previous[signal.rawValue] = previous
      }
      watchers.counts[signal.rawValue] += 1
      return nil
    }
    if let failure { throw .cannotWatchSignal(name: signal.name, reason: failure) }
  }

  /// Stops catching `signal` when nobody else watches it, and puts back what was in force before.
  static func stopWatching(_ signal: WatchedSignal) {
    watchers.withLock { watchers in
      watchers.counts[signal.rawValue] -= 1
      guard watchers.counts[signal.rawValue] == 0, let previous = watchers.previous[signal.rawValue] else { return }
      watchers.previous[signal.rawValue] = nil
      // Somebody may have replaced this module's handler; theirs stays.
      let ours = SignalAction(handler: noteSignal).handlerAddress
      if SignalAction(current: signal.number)?.handlerAddress == ours { _ = previous.install(for: signal.number) }
    }
  }

  /// Reserves a pipe that gets one byte for each of `signals`; `nil` when all are taken or none can be made.
  fileprivate static func reservePipe(for signals: [WatchedSignal]) -> Int? {
    let mask = signals.reduce(UInt32(0)) { $0 | $1.bit }
    return watchers.withLock { _ in
      for index in 0..<listenerCount where unsafe listeners[index].signals.load(ordering: .relaxed) == 0 {
        if unsafe listeners[index].readEnd < 0 {
          guard let ends = SystemPipe.make() else { return nil }
          unsafe listeners[index].readEnd = ends.read
          unsafe listeners[index].writeEnd.store(ends.write, ordering: .relaxed)
        } else {
          SystemPipe.drain(unsafe listeners[index].readEnd)
        }
        unsafe listeners[index].signals.store(mask, ordering: .releasing)
        return index
      }
      return nil
    }
  }

  fileprivate static func releasePipe(_ index: Int) {
    unsafe listeners[index].signals.store(0, ordering: .releasing)
  }

  fileprivate static func readEnd(_ index: Int) -> Int32 {
    unsafe listeners[index].readEnd
  }

  fileprivate static func wake(_ index: Int) {
    unsafe SystemPipe.wake(listeners[index].writeEnd.load(ordering: .relaxed))
  }
}

/// A pipe that becomes readable when one of some signals arrives; given back when the value ends.
struct SignalPipe: ~Copyable, Sendable {
  private let index: Int
  private let signals: [WatchedSignal]

  /// The descriptor to poll for input.
  var descriptor: Int32 { SignalBoard.readEnd(index) }

  init(_ signals: [WatchedSignal]) throws(TerminalError) {
    var watched: [WatchedSignal] = []
    do throws(TerminalError) {
      for signal in signals {
        try SignalBoard.watch(signal)
        watched.append(signal)
      }
      guard let index = SignalBoard.reservePipe(for: signals) else {
        let names = signals.map(\.name).joined(separator: ", ")
        throw .cannotWatchSignal(name: names, reason: "no pipe is free")
      }
      self.index = index
      self.signals = signals
    } catch {
      watched.forEach(SignalBoard.stopWatching)
      throw error
    }
  }

  /// Forgets the bytes that arrived so far.
  func drain() { SystemPipe.drain(descriptor) }

  /// Waits until a signal arrives or `wake` is called.
  func waitForByte() { SystemPipe.waitForByte(descriptor) }

  /// Makes the pipe readable as a signal would.
  func wake() { SignalBoard.wake(index) }

  deinit {
    SignalBoard.releasePipe(index)
    signals.forEach(SignalBoard.stopWatching)
  }
}

nonisolated(unsafe) private let deliveryCounts: UnsafeMutablePointer<Atomic<Int>> = {
  let memory = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: WatchedSignal.allCases.count)
  for index in WatchedSignal.allCases.indices { unsafe (memory + index).initialize(to: Atomic(0)) }
  return unsafe memory
}()

nonisolated(unsafe) private let listeners: UnsafeMutablePointer<SignalBoard.Listener> = {
  let memory = UnsafeMutablePointer<SignalBoard.Listener>.allocate(capacity: SignalBoard.listenerCount)
  for index in 0..<SignalBoard.listenerCount { unsafe (memory + index).initialize(to: SignalBoard.Listener()) }
  return unsafe memory
}()

/// The signal handler; see `SignalBoard` for what it may do.
private func noteSignal(_ number: Int32) {
  let savedError = errno
  let index = number == SIGINT ? 0 : number == SIGWINCH ? 1 : 2
  unsafe deliveryCounts[index].add(1, ordering: .acquiringAndReleasing)
  var listener = 0
  while listener < 16 {
    if unsafe listeners[listener].signals.load(ordering: .acquiring) & (1 << UInt32(index)) != 0 {
      unsafe SystemPipe.wake(listeners[listener].writeEnd.load(ordering: .relaxed))
    }
    listener += 1
  }
  errno = savedError
}
