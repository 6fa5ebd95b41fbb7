import Synchronization

/// Collects what the parts of a pull report and passes it on, about ten times a second.
final class ProgressReporter: Sendable {
  private struct State: Sendable {
    var phase = PullProgress.Phase.resolving
    var file: String?
    var bytesDone = 0
    var bytesTotal: Int?
    var rate = RateMeter()
    var lastReport: ContinuousClock.Instant?
  }

  private static let interval = Duration.milliseconds(100)

  private let model: String
  private let report: @Sendable (PullProgress) -> Void
  private let state = Mutex(State())

  init(model: String, report: @escaping @Sendable (PullProgress) -> Void) {
    self.model = model
    self.report = report
  }

  /// Says at once that something else is going on.
  func enter(_ phase: PullProgress.Phase, file: String? = nil) {
    send(force: true) { state in
      state.phase = phase
      state.file = file ?? state.file
    }
  }

  /// Says that so many bytes are expected in all.
  func expect(_ total: Int) {
    send(force: false) { $0.bytesTotal = total }
  }

  /// Says how many bytes of all files are there.
  func reach(_ bytes: Int) {
    send(force: false) { state in
      state.bytesDone = bytes
      state.rate.note(bytes, at: .now)
    }
  }

  /// Says how many bytes were there before the next one arrives, so that old ones do not count as speed.
  func start(at bytes: Int) {
    send(force: false) { state in
      state.bytesDone = bytes
      state.rate.restart(at: bytes, time: .now)
    }
  }

  /// Says something a person should see once.
  func remark(_ note: String) {
    send(force: true, note: note) { _ in }
  }

  private func send(force: Bool, note: String? = nil, change: (inout sending State) -> Void) {
    let progress = state.withLock { state -> PullProgress? in
      change(&state)
      let now = ContinuousClock.now
      if !force, let last = state.lastReport, last.duration(to: now) < Self.interval { return nil }
      state.lastReport = now
      return PullProgress(
        model: model, phase: state.phase, file: state.file, bytesDone: state.bytesDone, bytesTotal: state.bytesTotal,
        bytesPerSecond: state.phase == .downloading ? state.rate.bytesPerSecond : nil, note: note)
    }
    // Outside the lock: the closure is a stranger's.
    if let progress { report(progress) }
  }
}
