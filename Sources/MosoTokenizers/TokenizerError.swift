public import MosoFormats

/// Why a tokenizer could not be made; every description is one sentence.
public enum TokenizerError: Error, Equatable, Sendable {
  /// The tokenizer needs something that its file does not have.
  case missing(field: String, expected: String)
  /// A field holds something else than it may.
  case invalid(field: String, found: String, expected: String)
  /// The file asks for something that this tokenizer does not know.
  case unsupported(field: String, found: String, expected: String)
  /// Two tokens have the same text.
  case duplicateToken(text: String, first: Int, second: Int)
  /// A merge rule cannot be understood or names a token that does not exist.
  case invalidMerge(index: Int, found: String, expected: String)
  /// The file cannot be read, or is not what its format demands.
  case format(FormatError)
  /// What is wrong with the tokenizer in the file at `path`, and the byte at which it was seen, where that is known.
  indirect case inFile(path: String, offset: Int?, TokenizerError)
}

extension TokenizerError {
  /// The same error with the name of the file, unless it has one.
  func inFile(_ path: String, offset: Int? = nil) -> TokenizerError {
    switch self {
    case .format, .inFile: self
    default: .inFile(path: path, offset: offset, self)
    }
  }
}

extension TokenizerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let field, let expected):
      "the tokenizer's \(field) is missing, where \(expected) was expected; is the model file complete?"
    case .invalid(let field, let found, let expected):
      "the tokenizer's \(field) is \(found), where \(expected) was expected; the file is damaged or was made by a faulty tool"
    case .unsupported(let field, let found, let expected):
      "the tokenizer's \(field) is \(found), which this version does not know; it knows \(expected)"
    case .duplicateToken(let text, let first, let second):
      "the tokens \(first) and \(second) both have the text \"\(text)\", where every text may have only one token"
    case .invalidMerge(let index, let found, let expected):
      "merge \(index) of the tokenizer is \(found), where \(expected) was expected"
    case .format(let error): error.description
    case .inFile(let path, let offset, let error): "\(path)\(offset.map { ", byte \($0)" } ?? ""): \(error)"
    }
  }
}

/// Something in a tokenizer's file that may make it cut text differently from the tokenizer the model was trained with.
public enum TokenizerWarning: Equatable, Sendable {
  /// A GGUF file with byte-level merges does not say how text is cut before merging.
  case missingPreTokenizer
  /// A GGUF file names a way to cut text that is not known.
  case unknownPreTokenizer(name: String)
  /// The vocabulary has no token for some bytes of ordinary text, so text that holds them loses them.
  case missingBytes(count: Int)
}

extension TokenizerWarning: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingPreTokenizer:
      "the file does not say how text is cut before merging (tokenizer.ggml.pre), so GPT-2's way is used and answers may be worse"
    case .unknownPreTokenizer(let name):
      "the way to cut text named \"\(name)\" (tokenizer.ggml.pre) is not known, so GPT-2's is used and answers may be worse"
    case .missingBytes(let count):
      "the vocabulary has no token for \(count) bytes that occur in texts, which lose them"
    }
  }
}
