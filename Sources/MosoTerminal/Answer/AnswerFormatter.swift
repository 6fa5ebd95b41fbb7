/// Prepares a streamed answer for where it goes: wrapped and styled for a terminal, untouched for a pipe.
///
/// What a model writes may be hostile. On its way to a terminal every control character but newline and tab becomes a visible
/// picture, so that no answer can move the cursor, change colours or titles, or make the terminal send anything back.
public struct AnswerFormatter {
  /// Where answers go.
  public enum Destination: Equatable, Sendable {
    /// A pipe or a file: the text as it is.
    case pipe
    /// A terminal without escape sequences: harmless text, wrapped by the terminal itself.
    case plainTerminal(isUTF8: Bool)
    /// A terminal that can erase: wrapped between words, and styled if `isStyled`.
    case terminal(isStyled: Bool, isUTF8: Bool)
  }

  private let destination: Destination
  private var scanner = MarkdownScanner()
  private var wrapper: WordWrapper
  private var isAfterReturn = false
  private var lastScalar: Unicode.Scalar = "\n"

  /// In a narrower window words are no longer kept together.
  private static let narrowest = 10

  /// A formatter for one answer after another.
  public init(destination: Destination) {
    self.destination = destination
    wrapper = WordWrapper(columns: 80)
  }

  /// The text to write for the next piece of the answer, given the window's width now.
  public mutating func format(_ piece: String, columns: Int) -> String {
    let isUTF8: Bool
    let isStyled: Bool
    switch destination {
    case .pipe: return piece
    case .plainTerminal(let encoding): (isUTF8, isStyled) = (encoding, false)
    case .terminal(let styled, let encoding): (isUTF8, isStyled) = (encoding, styled)
    }
    // Too narrow for words: the terminal's own wrapping does as well.
    wrapper.setColumns(columns < Self.narrowest ? Int.max / 8 : columns)
    var output = ""
    for scalar in piece.unicodeScalars {
      if isAfterReturn && scalar != "\n" { show("\r", isUTF8, isStyled, &output) }
      isAfterReturn = scalar == "\r"
      if !isAfterReturn { show(scalar, isUTF8, isStyled, &output) }
    }
    return output
  }

  /// The text that ends the answer on a terminal: what was held back, plain style, and a newline if the last line has none.
  public mutating func finish() -> String {
    if destination == .pipe { return "" }
    var output = ""
    if case .terminal(let isStyled, let isUTF8) = destination {
      if isAfterReturn { show("\r", isUTF8, isStyled, &output) }
      var marks: [MarkdownScanner.Mark] = []
      scanner.finish(into: &marks)
      write(marks, isStyled, &output)
      wrapper.finish(into: &output)
    }
    let isOpenLine = lastScalar != "\n"
    self = AnswerFormatter(destination: destination)
    return output + (isOpenLine ? "\n" : "")
  }

  private mutating func show(_ scalar: Unicode.Scalar, _ isUTF8: Bool, _ isStyled: Bool, _ output: inout String) {
    guard let safe = HarmlessText.replacement(for: scalar, isUTF8: isUTF8) else { return }
    lastScalar = safe
    guard case .terminal = destination else {
      output.unicodeScalars.append(safe)
      return
    }
    var marks: [MarkdownScanner.Mark] = []
    scanner.scan(safe, into: &marks)
    write(marks, isStyled, &output)
  }

  private mutating func write(_ marks: [MarkdownScanner.Mark], _ isStyled: Bool, _ output: inout String) {
    for var mark in marks {
      if !isStyled { mark.style = [] }
      wrapper.show(mark, into: &output)
    }
  }
}

/// Prints a streamed answer on a file descriptor, as its kind and size ask for.
public struct AnswerPrinter {
  private let capabilities: TerminalCapabilities
  private var formatter: AnswerFormatter

  /// Prints on the descriptor that `capabilities` describes.
  ///
  /// - Parameter capabilities: where the answer goes; standard output, as a rule.
  public init(to capabilities: TerminalCapabilities = .standardOutput) {
    self.capabilities = capabilities
    let destination: AnswerFormatter.Destination
    if !capabilities.isTerminal {
      destination = .pipe
    } else if capabilities.movesCursor {
      destination = .terminal(isStyled: capabilities.allowsColour, isUTF8: capabilities.isUTF8)
    } else {
      destination = .plainTerminal(isUTF8: capabilities.isUTF8)
    }
    formatter = AnswerFormatter(destination: destination)
  }

  /// Prints the next piece at once.
  ///
  /// - Throws: `TerminalError.cannotWrite` when the output is gone.
  public mutating func print(_ piece: String) throws(TerminalError) {
    if piece.isEmpty { return }
    let columns = capabilities.isTerminal ? capabilities.size.columns : 0
    try write(formatter.format(piece, columns: columns))
  }

  /// Ends the answer, and on a terminal its line; the next one may follow.
  public mutating func finish() throws(TerminalError) {
    try write(formatter.finish())
  }

  private func write(_ text: String) throws(TerminalError) {
    if !text.isEmpty { try SystemInput.write(text, to: capabilities.descriptor) }
  }
}
