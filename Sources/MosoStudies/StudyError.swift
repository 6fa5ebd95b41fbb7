public import MosoFormats
public import MosoScaling
public import MosoTraining

/// Why a study cannot begin or go on; every description is one sentence.
public enum StudyError: Error, Sendable {
  /// A run cannot begin or go on.
  case training(TrainingError)
  /// The recipe is wrong.
  case recipe(RecipeError)
  /// A file cannot be read or written.
  case file(FileError)
  /// A file is not what its format says.
  case format(FormatError)
  /// The runs do not determine a law; `place` says whose runs.
  case scaling(ScalingError, place: String)
  /// What is at `place` is of no use.
  case unusable(place: String, found: String, expected: String, hint: String)
}

extension StudyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .training(let error): error.description
    case .recipe(let error): error.description
    case .file(let error): error.description
    case .format(let error): error.description
    case .scaling(let error, let place): "\(place): \(error.description)"
    case .unusable(let place, let found, let expected, let hint):
      "\(place): found \(found), where \(expected) was expected; \(hint)"
    }
  }
}

extension StudyError {
  /// Runs `body`, turning errors of recipes into those of studies.
  static func planning<Result>(_ body: () throws(RecipeError) -> Result) throws(StudyError) -> Result {
    do throws(RecipeError) { return try body() } catch { throw .recipe(error) }
  }

  /// Runs `body`, turning errors of files into those of studies.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(StudyError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}
