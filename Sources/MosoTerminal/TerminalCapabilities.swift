/// What a file descriptor can show: whether it is a terminal, and what that terminal understands.
///
/// The size is asked for again on every use, so a resized window is seen without any signal handler.
public struct TerminalCapabilities: Sendable, Equatable {
  /// The file descriptor that this is about.
  public let descriptor: Int32
  /// Whether the descriptor is a terminal (and not a pipe or a file).
  public let isTerminal: Bool
  /// Whether escape sequences that move the cursor and erase are understood.
  public let movesCursor: Bool
  /// Whether text may be styled; follows `NO_COLOR`, `CLICOLOR_FORCE` and `TERM`.
  public let allowsColour: Bool
  /// Whether the locale's encoding is UTF-8; the bare C locale, which says nothing, counts as UTF-8.
  public let isUTF8: Bool
  private let fallback: TerminalSize

  /// Asks the system about `descriptor`, and the process environment about the rest.
  public init(descriptor: Int32) {
    self.init(
      descriptor: descriptor,
      isTerminal: SystemTerminal.isTerminal(descriptor),
      environment: SystemTerminal.environmentVariable
    )
  }

  /// Decides from the given facts; `environment` returns the value of a variable or `nil`.
  init(descriptor: Int32, isTerminal: Bool, environment: (String) -> String?) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    let terminalName = environment("TERM") ?? ""
    movesCursor = isTerminal && !terminalName.isEmpty && terminalName != "dumb"
    let forced = environment("CLICOLOR_FORCE") ?? ""
    if !(environment("NO_COLOR") ?? "").isEmpty {
      allowsColour = false
    } else {
      allowsColour = movesCursor || !(forced.isEmpty || forced == "0")
    }
    isUTF8 = Self.isUTF8(environment)
    fallback = TerminalSize(
      columns: Self.count(environment("COLUMNS")) ?? 80,
      rows: Self.count(environment("LINES")) ?? 24
    )
  }

  /// Where keys and piped text come from.
  public static var standardInput: TerminalCapabilities { TerminalCapabilities(descriptor: 0) }
  /// Where results go.
  public static var standardOutput: TerminalCapabilities { TerminalCapabilities(descriptor: 1) }
  /// Where progress, remarks and errors go.
  public static var standardError: TerminalCapabilities { TerminalCapabilities(descriptor: 2) }

  /// The window's size now; `COLUMNS` and `LINES`, or 80 by 24, where there is no window.
  public var size: TerminalSize {
    guard isTerminal, let size = SystemTerminal.size(of: descriptor) else { return fallback }
    return TerminalSize(
      columns: size.columns > 0 ? size.columns : fallback.columns,
      rows: size.rows > 0 ? size.rows : fallback.rows
    )
  }

  /// `text` in `style` if this descriptor may show it.
  public func styled(_ text: String, _ style: Style) -> String {
    style.applied(to: text, when: allowsColour)
  }

  /// POSIX takes the first of the three that is set and not empty (Base Definitions, chapter 8.2).
  private static func isUTF8(_ environment: (String) -> String?) -> Bool {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? "C"
    // Containers and services run in the C locale while the terminal in front of them reads UTF-8.
    if name == "C" || name == "POSIX" { return true }
    guard let dot = name.firstIndex(of: ".") else { return true }
    let encoding = name[name.index(after: dot)...].prefix { $0 != "@" }.lowercased()
    return encoding == "utf-8" || encoding == "utf8"
  }

  private static func count(_ text: String?) -> Int? {
    guard let text, let count = Int(text), (1...10_000).contains(count) else { return nil }
    return count
  }
}

/// The size of a terminal's window in character cells.
public struct TerminalSize: Sendable, Equatable {
  /// How many characters of ordinary width fit in a row.
  public var columns: Int
  /// How many rows are visible at once.
  public var rows: Int

  /// A size that is known from elsewhere.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}
