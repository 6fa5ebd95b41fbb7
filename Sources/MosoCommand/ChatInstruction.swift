import MosoTerminal

/// What a line that begins with a slash asks for.
enum ChatInstruction: Equatable {
  case help
  case quit
  case reset
  /// A new system prompt, or nothing to see the present one.
  case system(String?)
  case set(Setting)
  /// The settings to show: one, or all.
  case show(String?)
  case save(String)
  case load(String)
  /// A command that lacks what it takes: how it is written.
  case incomplete(String)
  case unknown(String)

  struct Setting: Equatable {
    var name: String
    var value: String
  }

  init(_ line: String) {
    let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let rest = words.count > 1 ? String(words[1]).trimmed : ""
    switch words.first.map(String.init) ?? "" {
    case "/help", "/?": self = .help
    case "/quit", "/exit", "/bye": self = .quit
    case "/reset", "/clear": self = .reset
    case "/system": self = .system(rest.isEmpty ? nil : MultilineText.unquoted(rest))
    case "/save": self = rest.isEmpty ? .incomplete("/save FILE") : .save(rest)
    case "/load": self = rest.isEmpty ? .incomplete("/load FILE") : .load(rest)
    case "/set":
      let parts = rest.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
      switch parts.count {
      case 2: self = .set(Setting(name: parts[0], value: parts[1].trimmed))
      case 1: self = .show(parts[0])
      default: self = .show(nil)
      }
    case let word: self = .unknown(word)
    }
  }

  /// What the Tab key offers.
  static let completion = CommandCompletion([
    (name: "/help", argument: .nothing), (name: "/system", argument: .text),
    (name: "/set", argument: .words(ChatSettings.names)), (name: "/save", argument: .path),
    (name: "/load", argument: .path), (name: "/reset", argument: .nothing), (name: "/quit", argument: .nothing),
  ])

  static let helpText = """
    /system TEXT       tell the model how to behave; without TEXT, show what it was told
    /set NAME VALUE    change a setting, as in /set temperature 0.2; without NAME, show them all
    /save FILE         keep the conversation in a file
    /load FILE         go on with a saved conversation
    /reset             begin anew
    /quit              end the chat; so does Ctrl-D

    Several lines: put them between \"\"\" and \"\"\", end a line with \\, or press Alt-Enter.
    Ctrl-C stops an answer. The arrow keys bring back earlier messages, Ctrl-R searches them.
    The Tab key completes commands, settings and file names.

    """
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
