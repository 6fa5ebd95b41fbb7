/// Completes commands such as `/load` at the start of a message, and what comes after them.
public struct CommandCompletion: Sendable {
  /// What a command takes.
  public enum Argument: Sendable {
    /// No argument: the command is complete as it is.
    case nothing
    /// Any text, in which there is nothing to complete.
    case text
    /// A path of a file, to the end of the line.
    case path
    /// One of some words.
    case words([String])
  }

  private let commands: [(name: String, argument: Argument)]
  private static let entryLimit = 4096

  /// Completes these commands and no others.
  ///
  /// - Parameter commands: names with their slash, and what each takes.
  public init(_ commands: [(name: String, argument: Argument)]) {
    self.commands = commands
  }

  /// Answers the Tab key.
  public func complete(_ textBeforeCaret: String) -> Completion {
    guard textBeforeCaret.hasPrefix("/"), !textBeforeCaret.contains("\n") else { return .none }
    guard let space = textBeforeCaret.firstIndex(of: " ") else {
      let matching = commands.filter { $0.name.hasPrefix(textBeforeCaret) }
      let candidates = matching.map { command in
        if case .nothing = command.argument { return Completion.Candidate(text: command.name, suffix: "") }
        return Completion.Candidate(text: command.name)
      }
      return Completion(replacedCount: textBeforeCaret.count, candidates: candidates)
    }
    let name = textBeforeCaret[..<space]
    let rest = String(textBeforeCaret[space...].drop { $0 == " " })
    switch commands.first(where: { $0.name == name })?.argument {
    case .words(let words) where !rest.contains(" "):
      let matching = words.filter { $0.hasPrefix(rest) }
      return Completion(replacedCount: rest.count, candidates: matching.map { Completion.Candidate(text: $0) })
    case .path:
      return Completion(replacedCount: rest.count, candidates: Self.paths(beginningWith: rest))
    default: return .none
    }
  }

  /// The files and folders whose paths begin with `text`, in order; `~/` stands for the home folder.
  public static func paths(beginningWith text: String) -> [Completion.Candidate] {
    let typedFolder = text.lastIndex(of: "/").map { text[...$0] } ?? ""
    let name = String(text[typedFolder.endIndex...])
    var folder = typedFolder.isEmpty ? "." : String(typedFolder)
    if folder.hasPrefix("~/"), let home = SystemTerminal.environmentVariable("HOME") {
      folder = home + folder.dropFirst()
    }
    let entries = SystemFolder.entries(of: folder, prefix: name, limit: entryLimit).sorted { $0.name < $1.name }
    return entries.map { entry in
      let shown = entry.isFolder ? entry.name + "/" : entry.name
      return Completion.Candidate(text: typedFolder + shown, suffix: "", label: shown)
    }
  }
}
