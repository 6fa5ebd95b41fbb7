/// Why runs do not determine a scaling law.
public enum ScalingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are fewer runs than a law with five constants needs.
  case tooFewRuns(found: Int, needed: Int)
  /// All runs have as many parameters, or as many tokens.
  case oneSize(of: String)
  /// A number of a run is not one that training can have.
  case notPositive(run: Int, what: String, found: Double)

  public var description: String {
    switch self {
    case .tooFewRuns(let found, let needed):
      "there are \(found) runs, but a law with five constants needs at least \(needed); add runs of other sizes"
    case .oneSize(let what):
      "all runs have the same number of \(what), from which nothing can be learned about others; add runs of other sizes"
    case .notPositive(let run, let what, let found):
      "run \(run + 1): \(what) is \(found), but has to be a number above zero"
    }
  }

  static func check(_ runs: [MeasuredRun]) throws(ScalingError) {
    for (index, run) in runs.enumerated() {
      for (what, value) in [
        ("parameters", run.size.parameters), ("tokens", run.size.tokens), ("loss", run.loss), ("compute", run.compute),
      ] where !(value > 0 && value.isFinite) {
        throw .notPositive(run: index, what: what, found: value)
      }
    }
    if runs.count < 6 { throw .tooFewRuns(found: runs.count, needed: 6) }
    if Set(runs.map(\.size.parameters)).count < 2 { throw .oneSize(of: "parameters") }
    if Set(runs.map(\.size.tokens)).count < 2 { throw .oneSize(of: "tokens") }
  }
}
