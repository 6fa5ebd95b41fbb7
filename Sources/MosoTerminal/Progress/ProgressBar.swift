import Synchronization

/// A line on a terminal that says how far a job is, how fast it goes and how long it will still take.
///
/// It is drawn at most ten times a second, on standard error unless told otherwise, and not at all where that is a pipe or a
/// file. Any thread may move it on.
///
/// ```swift
/// let bar = ProgressBar("smollm2", total: size, unit: .bytes)
/// for try await chunk in body {
///   received += chunk.count
///   bar.update(completed: received)
/// }
/// bar.cancel()
/// ```
public final class ProgressBar: Sendable {
  private struct State {
    var meter: ProgressMeter
    var lastDrawn: Int?
    var isOver = false
  }

  private let output: TerminalCapabilities
  private let clock: @Sendable () -> Int
  private let state: Mutex<State>

  private static let interval = 100

  /// Shows a job at its beginning.
  ///
  /// - Parameters:
  ///   - label: what is being done; a model's name, as a rule.
  ///   - total: how much there is to do, or `nil` when nobody knows.
  ///   - unit: what is counted.
  ///   - completed: what an earlier, interrupted run has done already.
  ///   - output: where the line is drawn.
  public convenience init(
    _ label: String,
    total: Int?,
    unit: ProgressUnit,
    completed: Int = 0,
    output: TerminalCapabilities = .standardError
  ) {
    self.init(label, total: total, unit: unit, completed: completed, output: output) {
      SystemInput.monotonicMilliseconds()
    }
  }

  init(
    _ label: String, total: Int?, unit: ProgressUnit, completed: Int, output: TerminalCapabilities,
    clock: @escaping @Sendable () -> Int
  ) {
    self.output = output
    self.clock = clock
    let meter = ProgressMeter(label: label, total: total, unit: unit, completed: completed, at: clock())
    state = Mutex(State(meter: meter))
    change { _, _ in }
  }

  /// Removes a line that nobody has finished, so that an error message stands alone.
  deinit {
    cancel()
  }

  /// Says how much has been done in all.
  public func update(completed: Int) {
    change { meter, now in meter.record(completed, at: now) }
  }

  /// Says how much there is to do, once that is known.
  public func setTotal(_ total: Int?) {
    change { meter, _ in meter.total = total }
  }

  /// Removes the line; nothing is drawn any more.
  public func cancel() {
    state.withLock { state in
      guard !state.isOver else { return }
      state.isOver = true
      if output.movesCursor { draw("") }
    }
  }

  private func change(_ body: (inout ProgressMeter, Int) -> Void) {
    let now = clock()
    state.withLock { state in
      body(&state.meter, now)
      guard output.movesCursor, !state.isOver else { return }
      if let last = state.lastDrawn, now - last < Self.interval { return }
      state.lastDrawn = now
      // The last column stays free: behind it some terminals wrap, and the line would be drawn twice.
      draw(state.meter.line(columns: output.size.columns - 1, isUTF8: output.isUTF8, at: now))
    }
  }

  /// Replaces the line; when the terminal is gone the job goes on without it.
  private func draw(_ line: String) {
    try? SystemInput.write("\r\u{1B}[K" + line, to: output.descriptor)
  }
}
