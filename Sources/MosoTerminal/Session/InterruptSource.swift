import Synchronization

/// Turns Ctrl-C into something a program looks at, so that it stops an answer and not the program.
///
/// While a source exists, `SIGINT` no longer ends the process. A loop on any thread asks `isInterrupted` between two steps;
/// a task awaits `interrupts`. Several sources may exist, each with its own view; when the last one goes, the former
/// handling of the signal comes back. The handler itself only counts and writes to a pipe (see `SignalBoard`).
public final class InterruptSource: Sendable {
  private let acknowledged: Atomic<Int>

  /// Starts catching `SIGINT`.
  ///
  /// - Throws: `TerminalError.cannotWatchSignal` when the system refuses.
  public init() throws(TerminalError) {
    try SignalBoard.watch(.interrupt)
    acknowledged = Atomic(SignalBoard.deliveries(of: .interrupt))
  }

  deinit {
    SignalBoard.stopWatching(.interrupt)
  }

  /// How many interrupts arrived that nobody has taken yet.
  public var pendingCount: Int {
    max(0, SignalBoard.deliveries(of: .interrupt) - acknowledged.load(ordering: .acquiring))
  }

  /// Whether an interrupt arrived that nobody has taken yet; cheap enough to ask for every token.
  public var isInterrupted: Bool { pendingCount > 0 }

  /// Whether an interrupt arrived since the last call; takes all that did.
  @discardableResult
  public func take() -> Bool {
    let delivered = SignalBoard.deliveries(of: .interrupt)
    return acknowledged.exchange(delivered, ordering: .acquiringAndReleasing) < delivered
  }

  /// One element for each time interrupts arrive from now on, several at once counting as one.
  ///
  /// A thread of its own waits for the signal until the stream's consumer stops.
  ///
  /// - Throws: `TerminalError.cannotWatchSignal` when no pipe or thread can be made.
  public func interrupts() throws(TerminalError) -> AsyncStream<Void> {
    let waiter = InterruptWaiter(try SignalPipe([.interrupt]))
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { _ in waiter.stop() }
    let failure = SystemThread.detach { waiter.forward(to: continuation) }
    guard failure == 0 else {
      throw .cannotWatchSignal(name: WatchedSignal.interrupt.name, reason: systemReason(failure))
    }
    return stream
  }
}

/// Waits on a pipe for interrupts, on a thread of its own, until it is told to stop.
private final class InterruptWaiter: Sendable {
  private let pipe: SignalPipe
  private let initialDeliveries: Int
  private let isStopped = Atomic<Bool>(false)

  init(_ pipe: consuming SignalPipe) {
    self.pipe = pipe
    initialDeliveries = SignalBoard.deliveries(of: .interrupt)
  }

  func stop() {
    isStopped.store(true, ordering: .releasing)
    pipe.wake()
  }

  func forward(to continuation: AsyncStream<Void>.Continuation) {
    var seen = initialDeliveries
    while true {
      pipe.waitForByte()
      if isStopped.load(ordering: .acquiring) { return }
      // A handler that was still at work for an earlier signal may have written to this pipe too.
      let delivered = SignalBoard.deliveries(of: .interrupt)
      if delivered != seen { continuation.yield() }
      seen = delivered
    }
  }
}
