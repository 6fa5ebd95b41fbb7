public import MosoCorpora
public import MosoFormats

/// Why a run cannot begin or go on; every description is one sentence.
public enum TrainingError: Error, Sendable {
  /// The recipe is wrong.
  case recipe(RecipeError)
  /// The corpus cannot be made or read.
  case corpus(CorpusError)
  /// A file cannot be read or written.
  case file(FileError)
  /// A file is not what its format says.
  case format(FormatError)
  /// A checkpoint, or what belongs to it, is of no use.
  case unusable(place: String, found: String, expected: String, hint: String)
  /// The loss or a gradient is no number, or the loss has risen far: the run was stopped at `step`.
  case diverged(step: Int, what: String, checkpoint: String?)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .recipe(let error): error.description
    case .corpus(let error): error.description
    case .file(let error): error.description
    case .format(let error): error.description
    case .unusable(let place, let found, let expected, let hint):
      "\(place): found \(found), where \(expected) was expected; \(hint)"
    case .diverged(let step, let what, let checkpoint):
      "the run was stopped at step \(step) because \(what); "
        + (checkpoint.map { "\($0) is as it was, " } ?? "nothing was saved yet, ")
        + "so start a new run with a lower training.rate or a longer training.warmup"
    }
  }
}

extension TrainingError {
  /// Runs `body`, turning errors of files into those of training.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(TrainingError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// Runs `body`, turning errors of formats into those of training.
  static func reading<Result>(_ body: () throws(FormatError) -> Result) throws(TrainingError) -> Result {
    do throws(FormatError) { return try body() } catch { throw .format(error) }
  }

  /// Runs `body`, turning errors of corpora into those of training.
  static func preparing<Result>(_ body: () throws(CorpusError) -> Result) throws(TrainingError) -> Result {
    do throws(CorpusError) { return try body() } catch { throw .corpus(error) }
  }

  /// Runs `body`, turning errors of recipes into those of training.
  static func planning<Result>(_ body: () throws(RecipeError) -> Result) throws(TrainingError) -> Result {
    do throws(RecipeError) { return try body() } catch { throw .recipe(error) }
  }
}
