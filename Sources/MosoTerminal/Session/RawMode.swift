/// A terminal whose keys arrive one by one; its former settings come back exactly once, when the value ends.
///
/// They also come back when the process ends by `exit`, by a signal that would kill it, or by a crash. Only one mode should
/// be active on a terminal at a time.
///
/// ```swift
/// let mode = try RawMode(.quiet)   // no echo while an answer streams
/// try stream(answer)               // if this throws, the terminal is restored all the same
/// mode.restore()
/// ```
public struct RawMode: ~Copyable, Sendable {
  /// What keys do while the mode is active.
  public enum Kind: Sendable {
    /// Every key is delivered as itself, Ctrl-C included: for a line editor.
    case editing
    /// Keys wait unseen for the next reader, and Ctrl-C still sends its signal: while an answer streams.
    case quiet
  }

  private let slot: Int
  private let changed: TerminalSettings
  private let input: Int32
  private let output: Int32?
  /// How many of the bytes that come first were typed before the mode began, with line feeds for the Enter key.
  let typedBefore: Int

  /// Changes the terminal on `input`.
  ///
  /// - Parameters:
  ///   - kind: what keys do from now on.
  ///   - input: the descriptor of the terminal that keys come from.
  ///   - output: where to ask the terminal to mark pasted text; `nil` for a terminal without escape sequences.
  /// - Throws: `TerminalError` when `input` is no terminal or its settings cannot be changed.
  public init(_ kind: Kind, input: Int32 = 0, output: Int32? = nil) throws(TerminalError) {
    let former = try TerminalSettings(descriptor: input)
    var changed = former
    switch kind {
    case .editing: changed.becomeEditing()
    case .quiet: changed.becomeQuiet()
    }
    guard let slot = TerminalRescue.begin(input: input, output: output, settings: former) else {
      throw .tooManyModes(limit: TerminalRescue.slotCount)
    }
    do throws(TerminalError) {
      try Self.apply(changed, input: input, output: output)
    } catch {
      TerminalRescue.end(slot)
      throw error
    }
    typedBefore = former.turnsReturnsIntoLineFeeds ? SystemTerminal.waitingBytes(of: input) : 0
    self.slot = slot
    self.changed = changed
    self.input = input
    self.output = output
  }

  /// Changes the terminal again, after a shell has used it while this process was stopped.
  func reapply() throws(TerminalError) {
    try Self.apply(changed, input: input, output: output)
  }

  private static func apply(_ settings: TerminalSettings, input: Int32, output: Int32?) throws(TerminalError) {
    try settings.apply(to: input)
    if let output { try SystemInput.write("\u{1B}[?2004h", to: output) }
  }

  /// Gives the terminal its former settings back now.
  public consuming func restore() {}

  deinit {
    TerminalRescue.end(slot)
  }
}
