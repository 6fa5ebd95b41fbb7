/// What is wrong with a recipe: one sentence that names the file and the line.
public struct RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file and the line, or the option of the command.
  public var place: String
  /// What was found there, what was expected, and what to do.
  public var problem: String

  /// A problem at a place.
  public init(place: String, problem: String) {
    self.place = place
    self.problem = problem
  }

  public var description: String { "\(place): \(problem)" }
}
