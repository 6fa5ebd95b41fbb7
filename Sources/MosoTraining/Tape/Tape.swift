package import MosoTensor

/// What a forward pass did, so that it can be walked back.
///
/// Each operation leaves one entry that knows what it needs on the way back and nothing else; what no entry needs is let go
/// during the forward pass, and what an entry needs once it has been walked.
///
/// `@unchecked Sendable`: a tape is used by one thread at a time.
public final class Tape: @unchecked Sendable {
  let compute: TrainingCompute
  /// The values of all parameters.
  let values: ParameterStore
  /// What slopes of parameters are added to.
  let slopes: ParameterStore
  private var entries: [() -> Void] = []
  /// Whether operations leave entries.
  private(set) var records: Bool

  /// - Parameter records: `false` for a pass that is not walked back, as an evaluation.
  package init(values: ParameterStore, slopes: ParameterStore, records: Bool = true, on compute: TrainingCompute) {
    self.compute = compute
    self.values = values
    self.slopes = slopes
    self.records = records
  }

  func record(_ entry: @escaping () -> Void) {
    if records { entries.append(entry) }
  }

  /// Calls `body` without leaving entries.
  func pause<Result>(_ body: () -> Result) -> Result {
    let recorded = records
    records = false
    defer { records = recorded }
    return body()
  }

  /// Walks back, last operation first, and forgets all of it.
  package func walkBack() { walkBack(to: 0) }

  /// Walks back what came after the first `count` entries.
  func walkBack(to count: Int) {
    while entries.count > count { entries.removeLast()() }
  }

  var entryCount: Int { entries.count }
}
