/// What the Tab key offers at one place in the text.
public struct Completion: Equatable, Sendable {
  /// One way to go on.
  public struct Candidate: Equatable, Sendable {
    /// The text that replaces what was typed.
    public var text: String
    /// What is added when this is the only candidate: a space after a command, nothing after a folder's slash.
    public var suffix: String
    /// How the candidate is shown in a list.
    public var label: String

    /// A candidate that is shown as `label`, or as its text.
    public init(text: String, suffix: String = " ", label: String? = nil) {
      self.text = text
      self.suffix = suffix
      self.label = label ?? text
    }
  }

  /// How many characters before the caret the candidates replace.
  public var replacedCount: Int
  /// The ways to go on, in the order they are listed; several of them complete only what they share.
  public var candidates: [Candidate]

  /// An offer of candidates for the characters before the caret.
  public init(replacedCount: Int, candidates: [Candidate]) {
    self.replacedCount = replacedCount
    self.candidates = candidates
  }

  /// The answer where the Tab key has nothing to offer.
  public static let none = Completion(replacedCount: 0, candidates: [])

  /// The beginning that all candidates share.
  var commonPrefix: String {
    guard let first = candidates.first?.text else { return "" }
    var shared = first[...]
    for candidate in candidates.dropFirst() {
      let length = zip(shared, candidate.text).prefix { $0 == $1 }.count
      shared = shared.prefix(length)
    }
    return String(shared)
  }
}

/// Answers the Tab key, given the text before the caret.
public typealias Completer = @Sendable (_ textBeforeCaret: String) -> Completion
