/// How large a grammar may become, and how long it may take to make, before it is refused.
///
/// A few thousand states are usual; the default lets through objects of hundreds of members, and takes a fraction of a
/// second at most.
public struct GrammarLimits: Hashable, Sendable {
  /// States of all automata together.
  public var states: Int
  /// Edges followed, sets compared and keywords read.
  public var steps: Int

  /// The usual limits, unless told otherwise.
  public init(states: Int = 120_000, steps: Int = 3_000_000) {
    self.states = states
    self.steps = steps
  }
}

/// Bounds the size of a grammar and the work of making it, so that hostile schemas end in an error and soon.
final class GrammarBudget {
  private var states: Int
  private var steps: Int

  init(_ limits: GrammarLimits = GrammarLimits()) {
    states = limits.states
    steps = limits.steps
  }

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
