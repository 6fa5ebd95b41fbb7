/// A place in a template's context whose text the template may treat as its own, control tokens included.
///
/// Everything else in the context is somebody's input. Trust only text that comes from the model's own files, or that
/// is one of a few known words.
public struct TrustedInput: Sendable, Hashable {
  /// The keys that lead to the text from the context; `*` stands for every element of a list.
  public var path: [String]
  /// The only texts that are trusted there; `nil` trusts any text.
  public var words: Set<String>?

  /// A place in the context whose text may form control tokens.
  public init(path: [String], words: Set<String>? = nil) {
    self.path = path
    self.words = words
  }

  /// The names of roles, from which some templates build control tokens (`'<|' + message['role'] + '|>'`).
  public static let roles: Set<String> = ["system", "developer", "user", "assistant", "tool", "model", "ipython"]

  /// The tokens that a tokenizer names, and the well-known roles of messages.
  public static let standard: [TrustedInput] =
    ["bos_token", "eos_token", "pad_token", "unk_token"].map { TrustedInput(path: [$0]) } + [
      TrustedInput(path: ["messages", "*", "role"], words: roles)
    ]
}
