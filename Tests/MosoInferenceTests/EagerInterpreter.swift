import MosoInference
import MosoModel
import MosoTensor
import MosoTesting

/// The eager interpreter as the conformance suite sees it.
struct EagerInterpreter: InterpreterUnderTest {
  var cacheType: ElementType = .f32
  /// One by default: what more threads do is tested apart.
  var threads = 1
  var tolerance = 2e-5
  var isExact: Bool { true }

  func session(on model: TinyModel, contextLength: Int, capacity: Int) throws -> EagerSession {
    try EagerSession(
      model, contextLength: contextLength, capacity: capacity, cacheType: cacheType, threads: threads)
  }
}

struct EagerSession: SessionUnderTest {
  let context: InferenceContext

  init(
    _ model: TinyModel, contextLength: Int? = nil, capacity: Int, cacheType: ElementType = .f32, threads: Int = 1
  ) throws {
    let pool = ThreadPool(threads: threads)
    context = try InferenceContext(
      try model.transformer.map { try EagerWeight($0, on: pool) },
      contextLength: contextLength ?? model.architecture.contextLength, capacity: capacity, cacheType: cacheType,
      pool: pool)
  }

  var transformer: Transformer<EagerWeight> { context.transformer }

  func ops(for batch: Batch) throws -> EagerOps { try context.ops(for: batch) }

  func values(_ activation: Rows) -> [[Float]] { (0..<activation.count).map { activation.array(row: $0) } }

  func truncate(_ sequence: Int, to count: Int) { context.truncate(sequence, to: count) }
}

extension EagerWeight {
  init(_ weight: TestWeight, on pool: ThreadPool) throws {
    switch weight {
    case .vector(let values): self = .vector(PackedVector(values))
    case .matrix(let matrix):
      let packed = PackedMatrix(
        packing: matrix.bytes.span.bytes, elementType: matrix.elementType, rows: matrix.rows, columns: matrix.columns,
        on: pool)
      guard let packed else { throw CheckFailure("no memory for \(matrix.rows) × \(matrix.columns)") }
      self = .matrix(packed)
    }
  }
}
