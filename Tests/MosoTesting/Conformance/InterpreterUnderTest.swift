public import MosoModel

/// An interpreter of transformers, as the conformance suite sees it: something that opens sessions on a model.
///
/// Conforming takes a dozen lines; then one test runs the whole suite:
///
///     @Test("MyOps does what every interpreter must", arguments: ConformanceCase.all)
///     func conforms(_ conformance: ConformanceCase) throws { try conformance.check(MyInterpreter()) }
///
/// An interpreter that keeps nothing between batches, as a tape, takes `ConformanceCase.withoutHistory` instead.
public protocol InterpreterUnderTest: Sendable {
  associatedtype Session: SessionUnderTest

  /// How far results may be from the reference, as a share of a row's largest value.
  var tolerance: Double { get }

  /// Whether a row's result is the same bits however rows are shared out over batches; otherwise it is the same within
  /// `tolerance`.
  var isExact: Bool { get }

  /// A session on `model` with nothing remembered, for sequences up to `contextLength` tokens.
  ///
  /// - Parameter capacity: How many positions all sequences together may take.
  func session(on model: TinyModel, contextLength: Int, capacity: Int) throws -> Session
}

extension InterpreterUnderTest {
  public var tolerance: Double { 1e-4 }
}

/// A model ready to run on one interpreter, with what it remembers of its sequences.
public protocol SessionUnderTest {
  associatedtype Ops: TransformerOps

  var transformer: Transformer<Ops.Parameter> { get }

  /// The interpreter for one forward pass of `batch`.
  mutating func ops(for batch: Batch) throws -> Ops

  /// The values of an activation, row by row.
  func values(_ activation: Ops.Activation) -> [[Float]]

  /// Forgets the positions of `sequence` from `count` on.
  mutating func truncate(_ sequence: Int, to count: Int)
}

extension SessionUnderTest {
  /// The logits of the rows that `batch` wants.
  public mutating func logits(_ batch: Batch) throws -> [[Float]] {
    var ops = try ops(for: batch)
    return values(transformer.logits(on: &ops))
  }

  /// Reads `tokens` as the positions from `position` on, in chunks, and returns every row's logits.
  public mutating func read(
    _ tokens: [Int32], to sequence: Int = 0, at position: Int = 0, chunk: Int = .max
  ) throws -> [[Float]] {
    var rows: [[Float]] = []
    var start = 0
    while start < tokens.count {
      let end = start + min(chunk, tokens.count - start)
      var batch = Batch()
      batch.append(tokens[start..<end], to: sequence, at: position + start, outputs: Array(0..<end - start))
      rows += try logits(batch)
      start = end
    }
    return rows
  }
}
