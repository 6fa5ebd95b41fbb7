/// Why a text does not name a model, with what may have been meant.
public enum ModelReferenceError: Error, Hashable, Sendable {
  /// Nothing was written.
  case empty
  /// Neither a known model nor a file has this name.
  case unknown(text: String, suggestion: String?)
  /// A page's address was written in place of a model's name.
  case address(text: String, suggestion: String?)
  /// What stands after `hf:` is not an owner and a name.
  case badRepository(text: String, found: String)
  /// What stands after the @ is no branch, tag or commit.
  case badRevision(text: String, found: String)
  /// What stands after the colon is no file and no quantisation.
  case badSelection(text: String, found: String)
}

extension ModelReferenceError: CustomStringConvertible {
  private static let forms = "smollm2, hf:owner/name, hf:owner/name:Q4_K_M or a path to a .gguf file or a model folder"

  public var description: String {
    switch self {
    case .empty:
      "no model was named; write \(Self.forms)"
    case .unknown(let text, let suggestion?):
      "no model or file is called \"\(text.printable())\"; did you mean \(suggestion.printable())?"
    case .unknown(let text, nil):
      "no model or file is called \"\(text.printable())\"; write \(Self.forms)"
    case .address(let text, let suggestion?):
      "\"\(text.printable())\" is an address, where a model's name was expected; write \(suggestion.printable())"
    case .address(let text, nil):
      "\"\(text.printable())\" is not an address models are fetched from; write \(Self.forms), or download the file and "
        + "give its path"
    case .badRepository(let text, let found):
      "\"\(text.printable())\" should name a repository as hf:owner/name (letters, digits, - _ .), but "
        + "\"\(found.printable())\" stands there; a file or quantisation follows a colon, as in hf:owner/name:Q4_K_M"
    case .badRevision(let text, let found):
      "\"\(text.printable())\" should name a branch, tag or commit after the @, but \"\(found.printable())\" stands there"
    case .badSelection(let text, let found):
      "\"\(text.printable())\" should name a file or a quantisation such as Q4_K_M after the colon, but "
        + "\"\(found.printable())\" stands there"
    }
  }
}
