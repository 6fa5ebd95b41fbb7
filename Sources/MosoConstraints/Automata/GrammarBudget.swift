/// Bounds the size of a grammar and the work of making it, so that hostile schemas end in an error and soon.
final class GrammarBudget {
  /// States of all automata together.
  private(set) var states = 120_000
  /// Edges followed, sets compared and keywords read.
  private(set) var steps = 3_000_000

  /// Takes `count` states out of the budget.
  func spend(states count: Int, at path: String) throws(GrammarError) {
    states -= count
    guard states >= 0 else { throw GrammarError(path: path, reason: .tooComplex("the grammar needs too many states")) }
  }

  /// Takes `count` steps of work out of the budget.
  func spend(steps count: Int, at path: String) throws(GrammarError) {
    steps -= count
    guard steps >= 0 else { throw GrammarError(path: path, reason: .tooComplex("the grammar takes too long to make")) }
  }
}
