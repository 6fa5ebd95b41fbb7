/// The tokens of one forward pass: rows of any number of sequences, each a run of consecutive positions.
///
/// One chat, sixteen streams and a chunk of a long prompt are the same call.
public struct Batch: Sendable, Hashable {
  /// Consecutive positions of one sequence.
  public struct Run: Sendable, Hashable {
    /// The sequence's slot in the interpreter's cache.
    public var sequence: Int
    /// The row of the run's first token.
    public var firstRow: Int
    /// The position of the run's first token in its sequence.
    public var firstPosition: Int
    public var count: Int
  }

  /// The tokens of all runs, one after another.
  public private(set) var tokens: [Int32] = []
  /// Which tokens belong to which sequence.
  public private(set) var runs: [Run] = []
  /// The rows whose logits are wanted, ascending.
  public private(set) var outputRows: [Int] = []

  /// A batch without tokens.
  public init() {}

  /// Appends `tokens` as positions `firstPosition...` of `sequence`.
  ///
  /// What continues the run that was appended last becomes part of it.
  ///
  /// - Parameter outputs: The offsets within `tokens` whose logits are wanted, ascending.
  /// - Precondition: No other run is of `sequence`: one would need what the other has yet to store.
  public mutating func append(_ tokens: some Collection<Int32>, to sequence: Int, at firstPosition: Int, outputs: [Int])
  {
    let firstRow = self.tokens.count
    self.tokens.append(contentsOf: tokens)
    outputRows.append(contentsOf: outputs.map { firstRow + $0 })
    let count = self.tokens.count - firstRow
    if let last = runs.last, last.sequence == sequence, last.firstPosition + last.count == firstPosition {
      runs[runs.count - 1].count += count
    } else {
      precondition(!runs.contains { $0.sequence == sequence }, "two runs of sequence \(sequence) in one batch")
      runs.append(Run(sequence: sequence, firstRow: firstRow, firstPosition: firstPosition, count: count))
    }
  }

  /// The number of rows.
  public var count: Int { tokens.count }
}
