public import MosoModel

/// The reference as the suite's own subject: it has to pass what others are held to.
public struct ReferenceInterpreter: InterpreterUnderTest {
  public init() {}

  public var tolerance: Double { 1e-6 }
  public var isExact: Bool { true }

  public func session(on model: TinyModel, contextLength: Int, capacity: Int) -> ReferenceSession {
    ReferenceSession(model, contextLength: contextLength)
  }
}

public struct ReferenceSession: SessionUnderTest {
  public let transformer: Transformer<ReferenceWeight>
  private let contextLength: Int
  private let memory = ReferenceMemory()

  public init(_ model: TinyModel, contextLength: Int? = nil) {
    transformer = model.transformer.map(ReferenceWeight.init)
    self.contextLength = contextLength ?? model.architecture.contextLength
  }

  public func ops(for batch: Batch) -> ReferenceOps {
    ReferenceOps(
      batch: batch, architecture: transformer.architecture, contextLength: contextLength, memory: memory)
  }

  public func values(_ activation: [[Double]]) -> [[Float]] { activation.map { $0.map(Float.init) } }

  public func truncate(_ sequence: Int, to count: Int) { memory.truncate(sequence, to: count) }
}

extension ReferenceSession {
  /// The logits of the rows that `batch` wants, in full precision.
  public func exactLogits(_ batch: Batch) -> [[Double]] {
    var ops = ops(for: batch)
    return transformer.logits(on: &ops)
  }
}
