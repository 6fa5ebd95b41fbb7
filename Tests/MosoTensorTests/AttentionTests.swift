import MosoTesting
import Testing

@testable import MosoTensor

/// Attention over the paged cache, against plain arithmetic and against itself.
@Suite("Attention", .serialized) struct AttentionTests {
  static let cacheTypes: [ElementType] = [.f32, .f16, .q8_0, .bf16]
  /// Around the ends of pages (64) and of the spans whose results are merged (512).
  static let positions = [0, 1, 15, 16, 62, 63, 64, 65, 127, 128, 510, 511, 512, 513, 575, 1_022, 1_023, 1_024, 1_029]

  static let shapes: [AttentionProblem] = cacheTypes.flatMap { type in
    [(1, 1, 8), (7, 1, 8), (2, 2, 16), (3, 1, 24), (6, 2, 40), (4, 2, 64), (2, 1, 80), (1, 1, 128), (50, 1, 8)].map {
      AttentionProblem(cacheType: type, heads: $0.0, keyValueHeads: $0.1, headSize: $0.2)
    }
  }

  static let windows: [AttentionProblem] = cacheTypes.flatMap { type in
    [1, 2, 63, 64, 65, 449, 511, 512, 513, 1_024, 5_000].map {
      AttentionProblem(cacheType: type, heads: 3, keyValueHeads: 1, headSize: 16, window: $0)
    }
  }

  static let softcaps: [AttentionProblem] = cacheTypes.flatMap { type in
    [(nil, 0.5), (100, 3), (nil, 50)].map {
      AttentionProblem(cacheType: type, heads: 2, keyValueHeads: 2, headSize: 24, window: $0.0, softcap: $0.1)
    }
  }

  @Test("Outputs agree with plain arithmetic on what the cache holds", arguments: shapes + windows + softcaps)
  func agreesWithPlainArithmetic(problem: AttentionProblem) throws {
    let inputs = problem.draw()
    let expected = inputs.expected(at: Self.positions)
    let found = try inputs.outputs(chunk: 300)
    try expectClose(Self.positions.map { found[$0] }, expected, tolerance: problem.tolerance, "\(problem)")
  }

  @Test(
    "A token's output is the same bits alone, in a chunk, and on any number of threads",
    arguments: [
      shapes[3], shapes[12], shapes[21], shapes[32], shapes[33], windows[5], windows[14], windows[30], windows[36],
      softcaps[1], softcaps[7], softcaps[10],
    ])
  func sameBits(problem: AttentionProblem) throws {
    var problem = problem
    problem.length = 580
    let inputs = problem.draw()
    let expected = try inputs.outputs(chunk: 580, threads: 1)
    for (chunk, threads) in [(1, 1), (1, 2), (1, 3), (7, 2), (64, 3), (100, 1), (512, 2)] {
      try expectSame(
        try inputs.outputs(chunk: chunk, threads: threads), expected, "in chunks of \(chunk) on \(threads) threads")
    }
  }

  @Test("Every instruction set gives the same bits", arguments: shapes + windows + softcaps)
  func everyInstructionSet(problem: AttentionProblem) throws {
    var problem = problem
    problem.length = problem.heads == 3 ? 530 : 70
    let inputs = problem.draw()
    let end = problem.length - 5
    let results = try InstructionSets.each { name in
      let compute = Compute(pool: ThreadPool(threads: 2))
      let cache = try #require(inputs.problem.makeCache())
      let chunk = inputs.attend(0..<end, cache: cache, on: compute)
      return (name, chunk + (end..<end + 5).flatMap { inputs.attend($0..<$0 + 1, cache: cache, on: compute) })
    }
    for (name, found) in results.dropFirst() { try expectSame(found, results[0].1, name) }
  }

  @Test("Single tokens of several long sequences are merged each with its own", arguments: cacheTypes, [nil, 513])
  func severalSequences(cacheType: ElementType, window: Int?) throws {
    let problem = AttentionProblem(cacheType: cacheType, heads: 3, keyValueHeads: 1, headSize: 24, window: window)
    let inputs = problem.draw()
    let expected = try inputs.outputs(chunk: 1_030, threads: 1)
    let compute = Compute(pool: ThreadPool(threads: 3))
    let cache = try #require(problem.makeCache())
    // Two sequences of different lengths, each in its own pages; three threads share them out by spans.
    let pages = Array(AttentionProblem.pages.prefix(17))
    let others = pages.map { $0 + 18 }
    _ = inputs.attend(0..<1_029, pages: pages, cache: cache, on: compute)
    _ = inputs.attend(0..<600, pages: others, cache: cache, on: compute)
    let positions = [600, 1_029]
    let output = compute.attend(
      query: compute.rows(positions.map { inputs.queries[$0] }), key: compute.rows(positions.map { inputs.keys[$0] }),
      value: compute.rows(positions.map { inputs.values[$0] }),
      runs: [
        AttentionRun(pages: others, firstRow: 0, firstPosition: 600, count: 1),
        AttentionRun(pages: pages, firstRow: 1, firstPosition: 1_029, count: 1),
      ], cache: cache, layer: 1, shape: problem.shape)
    try expectSame([output.array(row: 0), output.array(row: 1)], positions.map { expected[$0] }, "together")
  }

  @Test("The first token's output is its own value, and a window of one sees nothing else", arguments: cacheTypes)
  func firstToken(cacheType: ElementType) throws {
    var problem = AttentionProblem(cacheType: cacheType, heads: 2, keyValueHeads: 2, headSize: 24, window: 1)
    problem.length = 130
    let inputs = problem.draw()
    for (row, value) in zip(try inputs.outputs(chunk: 50), inputs.values) { #expect(row == problem.stored(value)) }
  }

  @Test("Keys and values too large for a half become the largest half", arguments: [1e5, 1e30] as [Float])
  func largeValues(magnitude: Float) throws {
    let problem = AttentionProblem(
      cacheType: .f16, heads: 2, keyValueHeads: 1, headSize: 16, keyMagnitude: magnitude, valueMagnitude: magnitude,
      length: 80)
    let inputs = problem.draw()
    let found = try inputs.outputs(chunk: 40)
    #expect(found.joined().allSatisfy { $0.isFinite })
    try expectClose(found, inputs.expected(at: Array(0..<80)), tolerance: 4e-6, "clamped")
  }

  @Test("Values near the smallest number stay small", arguments: cacheTypes, [-100, -122, -125, -130])
  func smallValues(cacheType: ElementType, exponent: Int) throws {
    let magnitude = Float(sign: .plus, exponent: exponent, significand: 1)
    let problem = AttentionProblem(
      cacheType: cacheType, heads: 2, keyValueHeads: 1, headSize: 24, valueMagnitude: magnitude, length: 80)
    let inputs = problem.draw()
    let expected = inputs.expected(at: Array(0..<80))
    for (row, exact) in zip(try inputs.outputs(chunk: 40), expected) {
      // In bfloat16 there is nothing below the smallest normal number, of which a sum may lose several.
      let least = cacheType == .bf16 ? 4e-38 : 1e-43
      for (x, y) in zip(row, exact) { #expect(abs(Double(x) - y) <= Double(magnitude) * problem.tolerance + least) }
    }
  }

  @Test(
    "What is not a number stays none for those who see it, and earlier tokens never do",
    arguments: cacheTypes, ["query", "key", "value"])
  func notANumber(cacheType: ElementType, place: String) throws {
    let problem = AttentionProblem(
      cacheType: cacheType, heads: 2, keyValueHeads: 1, headSize: 40, window: 8, length: 560)
    var inputs = problem.draw()
    let spoiled = 530
    switch place {
    case "query": inputs.queries[spoiled] = inputs.queries[spoiled].map { _ in .nan }
    case "key": inputs.keys[spoiled][35] = .nan
    default: inputs.values[spoiled][35] = .nan
    }
    let found = try inputs.outputs(chunk: 1)
    // Later tokens that share the page may be spoiled though their window has passed: zero times a NaN is one.
    #expect(found[..<spoiled].joined().allSatisfy { $0.isFinite })
    for row in found[spoiled..<spoiled + (place == "query" ? 1 : 8)] { #expect(row.contains { $0.isNaN }) }
  }

  @Test("Scores far apart leave little but the best key's value", arguments: cacheTypes)
  func distantScores(cacheType: ElementType) throws {
    let problem = AttentionProblem(
      cacheType: cacheType, heads: 2, keyValueHeads: 1, headSize: 8, sharpness: 3_000, length: 600)
    // The scores themselves are rounded at several hundred, so their powers are good to four digits.
    let inputs = problem.draw()
    let found = try inputs.outputs(chunk: 600)
    try expectClose(found, inputs.expected(at: Array(0..<600)), tolerance: max(1e-3, problem.tolerance), "sharp")
  }

  @Test("Giving a page back leaves its neighbours as they are", arguments: cacheTypes)
  func discardingKeepsNeighbours(cacheType: ElementType) throws {
    let problem = AttentionProblem(cacheType: cacheType, heads: 1, keyValueHeads: 1, headSize: 24, length: 300)
    let cache = try #require(problem.makeCache())
    let compute = Compute(pool: ThreadPool(threads: 1))
    let inputs = problem.draw()
    let before = inputs.attend(0..<300, cache: cache, on: compute)
    for page in 0..<36 where !AttentionProblem.pages.prefix(5).contains(Int32(page)) { cache.discard(page: page) }
    try expectSame(inputs.attend(299..<300, cache: cache, on: compute), [before[299]], "with neighbours gone")
  }
}
