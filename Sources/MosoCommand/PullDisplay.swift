import MosoHub
import MosoTerminal
import Synchronization

/// The line on standard error that says how far a pull is; nothing where that is not a terminal, but for remarks.
final class PullDisplay: Sendable {
  private let terminal = TerminalCapabilities.standardError
  private let shownNote = Mutex<String?>(nil)

  func show(_ progress: PullProgress) {
    if let note = progress.note, shownNote.withLock({ $0 != note }) {
      shownNote.withLock { $0 = note }
      clear()
      StandardError.write(HarmlessText.line(note) + "\n")
    }
    guard terminal.movesCursor else { return }
    if case .finished = progress.phase { return clear() }
    var line = progress.activity
    if progress.bytesDone > 0 { line += "  " + progress.amounts }
    if let fraction = progress.fraction { line = bar(fraction) + " " + line }
    StandardError.write("\r\u{1B}[K" + String(HarmlessText.line(line).prefix(max(20, terminal.size.columns - 1))))
  }

  func clear() {
    if terminal.movesCursor { StandardError.write("\r\u{1B}[K") }
  }

  private func bar(_ fraction: Double) -> String {
    let width = 24
    let full = min(width, Int(fraction * Double(width)))
    let (done, left) = terminal.isUTF8 ? ("█", "░") : ("#", "-")
    return String(repeating: done, count: full) + String(repeating: left, count: width - full)
  }
}
