import MosoHub
import MosoTerminal
import Synchronization

/// The line on standard error that says how far a pull is; nothing where that is not a terminal, but for remarks.
final class PullDisplay: Sendable {
  private struct State {
    var note: String?
    /// What the bar is about: another phase or file gets a bar, and a rate, of its own.
    var subject: String?
    var bar: ProgressBar?
    var isLineShown = false
  }

  private let terminal: TerminalCapabilities
  private let state = Mutex(State())

  init(on terminal: TerminalCapabilities = .standardError) { self.terminal = terminal }

  func show(_ progress: PullProgress) {
    state.withLock { state in
      if let note = progress.note, state.note != note {
        state.note = note
        clear(&state)
        StandardError.writeLine(note)
      }
      guard terminal.movesCursor else { return }
      if progress.phase == .finished { return clear(&state) }
      guard progress.bytesDone > 0, let total = progress.bytesTotal, progress.phase.hasAmounts else {
        return write(progress.activity, &state)
      }
      let subject = progress.subject
      if state.subject != subject {
        clear(&state)
        state.subject = subject
        state.bar = ProgressBar(subject, total: total, unit: .bytes, completed: progress.bytesDone, output: terminal)
      }
      state.bar?.setTotal(total)
      state.bar?.update(completed: progress.bytesDone)
    }
  }

  /// Removes the line, so that what follows stands alone.
  func clear() { state.withLock { clear(&$0) } }

  private func write(_ activity: String, _ state: inout State) {
    if state.bar != nil { clear(&state) }
    state.isLineShown = true
    let width = max(1, terminal.size.columns - 1)
    StandardError.write("\r\u{1B}[K" + HarmlessText.line(activity, isUTF8: terminal.isUTF8).truncated(toWidth: width))
  }

  private func clear(_ state: inout State) {
    state.bar?.cancel()
    state.bar = nil
    state.subject = nil
    if state.isLineShown { StandardError.write("\r\u{1B}[K") }
    state.isLineShown = false
  }
}

extension PullProgress.Phase {
  /// Whether the numbers say how far this phase is.
  fileprivate var hasAmounts: Bool {
    switch self {
    case .downloading, .unpacking, .waitingForOtherPull: true
    case .resolving, .retrying, .verifying, .finished: false
    }
  }
}

extension PullProgress {
  /// What stands before the bar: the file that comes in needs no verb, whatever else happens to it does.
  fileprivate var subject: String {
    phase == .downloading ? (file?.split(separator: "/").last.map(String.init) ?? model) : activity
  }
}
