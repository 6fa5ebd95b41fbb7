public import MosoFormats
public import MosoTokenizers

/// Why a corpus cannot be made or read; every description is one sentence.
public enum CorpusError: Error, Sendable {
  /// A file cannot be read.
  case file(FileError)
  /// A file is not what its format says.
  case format(FormatError)
  /// The tokenizer cannot be read.
  case tokenizer(TokenizerError)
  /// What is at `place` is of no use; `found` and `expected` say why, `hint` what to do.
  case unusable(place: String, found: String, expected: String, hint: String)
  /// Reading was given up because the caller asked for it.
  case cancelled
}

extension CorpusError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .format(let error): error.description
    case .tokenizer(let error): error.description
    case .unusable(let place, let found, let expected, let hint):
      "\(place): found \(found), where \(expected) was expected; \(hint)"
    case .cancelled: "making the corpus was interrupted; run the same command again to make it anew"
    }
  }
}

extension CorpusError {
  /// Runs `body`, turning errors of files into those of a corpus.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(CorpusError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// Runs `body`, turning errors of formats into those of a corpus.
  static func reading<Result>(_ body: () throws(FormatError) -> Result) throws(CorpusError) -> Result {
    do throws(FormatError) { return try body() } catch { throw .format(error) }
  }
}
