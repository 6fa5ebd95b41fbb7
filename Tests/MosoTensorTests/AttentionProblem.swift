import MosoModel
import MosoTesting

@testable import MosoTensor

/// One layer's attention over random queries, keys and values, and what plain arithmetic makes of it.
struct AttentionProblem: CustomStringConvertible, Sendable {
  var cacheType: ElementType
  var heads: Int
  var keyValueHeads: Int
  var headSize: Int
  var window: Int?
  var softcap: Float?
  /// How large keys are; the scale makes up for it.
  var keyMagnitude: Float = 1
  var valueMagnitude: Float = 1
  /// How far apart scores are.
  var sharpness: Float = 4
  var length = 1_030

  var description: String {
    "\(cacheType) \(heads)/\(keyValueHeads)×\(headSize)"
      + (window.map { " window \($0)" } ?? "") + (softcap.map { " softcap \($0)" } ?? "")
  }

  var plan: AttentionPlan {
    AttentionPlan(
      headCount: heads, keyValueHeadCount: keyValueHeads, headSize: headSize,
      scale: sharpness / Float(headSize).squareRoot() / keyMagnitude, scoreSoftcap: softcap)
  }

  var shape: AttentionShape {
    AttentionShape(headCount: heads, scale: plan.scale, softcap: softcap, window: window)
  }

  func draw() -> AttentionInputs { AttentionInputs(self) }
}

/// A problem's queries, keys and values, one row per position.
struct AttentionInputs {
  let problem: AttentionProblem
  var queries: [[Float]]
  var keys: [[Float]]
  var values: [[Float]]

  init(_ problem: AttentionProblem) {
    self.problem = problem
    var generator = RepeatableGenerator(seed: 1)
    func rows(_ width: Int, within magnitude: Float) -> [[Float]] {
      (0..<problem.length).map { _ in generator.floats(width, in: -magnitude...magnitude) }
    }
    queries = rows(problem.heads * problem.headSize, within: 1)
    keys = rows(problem.keyValueHeads * problem.headSize, within: problem.keyMagnitude)
    values = rows(problem.keyValueHeads * problem.headSize, within: problem.valueMagnitude)
  }
}

// MARK: What is expected

extension AttentionInputs {
  /// The outputs at `positions`, from keys and values as the cache's type holds them.
  func expected(at positions: [Int]) -> [[Double]] {
    PlainAttention.attend(
      queries: queries.map(problem.used), keys: keys.map(problem.stored), values: values.map(problem.stored),
      positions: positions,
      plan: problem.plan, window: problem.window)
  }
}

extension AttentionProblem {
  /// How far outputs may be from exact arithmetic on what is stored, as a share of the largest.
  ///
  /// With keys and values in bfloat16, the weights of values are rounded to it as well.
  var tolerance: Double { cacheType == .bf16 ? 5e-3 : 1e-5 }

  /// A row of queries as it is multiplied: beside keys in bfloat16 it is rounded to that, once it is scaled.
  func used(_ row: [Float]) -> [Float] {
    guard cacheType == .bf16 else { return row }
    let scale = plan.scale * 1.442695
    return row.map { ElementType.roundedToBFloat16($0 * scale) / scale }
  }

  /// What is left of a row of heads after it was stored.
  func stored(_ row: [Float]) -> [Float] {
    stride(from: 0, to: row.count, by: headSize).flatMap { cacheType.cached(row[$0..<$0 + headSize]) }
  }
}

// MARK: What the kernels do

extension AttentionProblem {
  /// A cache whose pages for two sequences lie in no order, in memory full of what is no number.
  func makeCache() -> KeyValueMemory? {
    let pages = Self.pages.count * 2
    let cache = KeyValueMemory(
      elementType: cacheType, layerCount: 2, headCount: keyValueHeads, headSize: headSize, pageCount: pages)
    guard let cache else { return nil }
    unsafe cache.memory.base.initializeMemory(as: UInt8.self, repeating: 0xff, count: cache.memory.byteCount)
    return cache
  }

  static let pages: [Int32] = {
    var generator = RepeatableGenerator(seed: 9)
    return Array(0..<Int32(18)).shuffled(using: &generator)
  }()
}

extension AttentionInputs {
  /// Every position's output, with positions stored and attended in runs of `chunk`.
  func outputs(chunk: Int, threads: Int = 2) throws -> [[Float]] {
    let compute = Compute(pool: ThreadPool(threads: threads))
    guard let cache = problem.makeCache() else { throw CheckFailure("no memory for \(problem)") }
    var outputs: [[Float]] = []
    for start in stride(from: 0, to: problem.length, by: chunk) {
      outputs += attend(start..<min(start + chunk, problem.length), cache: cache, on: compute)
    }
    return outputs
  }

  /// The outputs of one run of positions, kept in `pages`.
  func attend(
    _ range: Range<Int>, pages: [Int32] = AttentionProblem.pages, cache: KeyValueMemory, on compute: Compute
  ) -> [[Float]] {
    let run = AttentionRun(pages: pages, firstRow: 0, firstPosition: range.lowerBound, count: range.count)
    let output = compute.attend(
      query: compute.rows(Array(queries[range])), key: compute.rows(Array(keys[range])),
      value: compute.rows(Array(values[range])), runs: [run], cache: cache, layer: 1, shape: problem.shape)
    return (0..<range.count).map { output.array(row: $0) }
  }
}
