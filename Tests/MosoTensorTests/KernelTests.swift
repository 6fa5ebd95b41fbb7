import MosoTesting
import Testing

@testable import MosoTensor

/// Kernels of every instruction set this machine has, against each other and against plain arithmetic.
///
/// Serialised: the instruction set is chosen for the whole process.
@Suite("Kernels", .serialized) struct KernelTests {
  static let shapes: [(rows: Int, columns: Int)] = [(16, 256), (40, 512), (5, 256), (33, 768)]

  @Test("Every instruction set multiplies to the same bits", arguments: ElementType.allCases)
  func sameBitsOnEveryInstructionSet(type: ElementType) throws {
    for shape in Self.shapes {
      let results = try InstructionSets.each { _ in try products(type, shape, columns: 17) }
      for other in results.dropFirst() { #expect(other == results[0]) }
    }
  }

  @Test("The largest codes and inputs give no other bits anywhere", arguments: ElementType.allCases)
  func extremes(type: ElementType) throws {
    let shape = (rows: 40, columns: 512)
    // All inputs have the magnitude of the largest, so each of their codes is 127 or -127.
    let inputs: [[Float]] = (0..<53).map { column in
      (0..<shape.columns).map { column % 3 == 0 || ($0 / (column % 5 + 1)) % 2 == 0 ? 1.5 : -1.5 }
    }
    for codes: UInt8 in [0xFF, 0x7F, 0x80, 0x00] {
      let results = try InstructionSets.each { _ in
        let compute = Compute(pool: ThreadPool(threads: 2))
        var generator = RepeatableGenerator(seed: 5)
        let bytes = type.randomBytes(count: shape.rows * shape.columns, codes: codes, using: &generator)
        let packed = PackedMatrix(
          packing: bytes.span.bytes, elementType: type, rows: shape.rows, columns: shape.columns, on: compute.pool)
        let matrix = try #require(packed)
        return [1, 16, 53].map { count in
          let output = compute.rows(count, width: shape.rows)
          compute.multiply(compute.rows(Array(inputs.prefix(count))), [Product(matrix: matrix, output: output)])
          return (0..<count).map { output.array(row: $0) }
        }
      }
      for other in results.dropFirst() {
        // All the numbers would be printed otherwise.
        let isSame = other == results[0]
        #expect(isSame, "codes of \(codes)")
      }
    }
  }

  @Test("A column's product does not depend on how many columns there are", arguments: ElementType.allCases)
  func sameBitsForEveryColumnCount(type: ElementType) throws {
    let all = try products(type, (40, 512), columns: 30)
    for columns in [1, 2, 3, 4, 5, 8, 11, 12, 13, 16, 23, 24, 25, 29] {
      #expect(try products(type, (40, 512), columns: columns) == Array(all.prefix(columns)))
    }
  }

  @Test("A product is the same bits however it is cut into tasks", arguments: ElementType.allCases)
  func sameBitsForEveryCut(type: ElementType) throws {
    // Floats: three units of four panels, and enough columns to be cut; two products of one input, and a gated one.
    for count in [1, 200] {
      let inputs = makeInputs(count: count, width: 256)
      var results: [[[Float]]] = []
      for threads in [1, 2, 3, 5] {
        let compute = Compute(pool: ThreadPool(threads: threads))
        let matrices = try [150, 40].map { try #require(makeMatrix(type, ($0, 256), compute.pool)) }
        let products = matrices.map { Product(matrix: $0, output: compute.rows(count, width: $0.rows)) }
        let pair = (0..<2).map { _ in Product(matrix: matrices[0], output: compute.rows(count, width: 150)) }
        compute.multiply(compute.rows(inputs), products)
        compute.multiplyGated(compute.rows(inputs), gate: pair[0], up: pair[1], function: .silu)
        let outputs = [products[0].output, products[1].output, pair[1].output]
        results.append((0..<count).flatMap { row in outputs.map { $0.array(row: row) } })
      }
      for (threads, other) in zip([2, 3, 5], results.dropFirst()) {
        // All the numbers would be printed otherwise.
        let isSame = other == results[0]
        #expect(isSame, "\(count) columns on \(threads) threads")
      }
    }
  }

  @Test("Products agree with plain arithmetic on the values", arguments: ElementType.allCases)
  func agreesWithPlainArithmetic(type: ElementType) throws {
    for shape in Self.shapes {
      let compute = Compute(pool: ThreadPool(threads: 2))
      let matrix = try #require(makeMatrix(type, shape, compute.pool))
      let inputs = makeInputs(count: 3, width: shape.columns)
      let outputs = try products(type, shape, columns: 3)
      for row in 0..<shape.rows {
        let weights = matrix.values(row: row)
        for (column, x) in inputs.enumerated() {
          let products = zip(weights, x).map { Double($0) * Double($1) }
          let expected = products.reduce(0, +)
          let size = products.reduce(0) { $0 + abs($1) }
          // Quantised inputs are off by at most 1/254 of the largest of 32; on average far less.
          let tolerance = type.isQuantized ? size / 40 : size * 1e-6
          #expect(abs(Double(outputs[column][row]) - expected) <= tolerance + 1e-9)
        }
      }
    }
  }

  @Test(
    "Fine products are a hundred times as near, and the same bits for any number of rows",
    arguments: ElementType.allCases)
  func fineProducts(type: ElementType) throws {
    let shape = (rows: 40, columns: 512)
    let compute = Compute(pool: ThreadPool(threads: 2))
    let matrix = try #require(makeMatrix(type, shape, compute.pool))
    let inputs = makeInputs(count: 9, width: shape.columns)
    let bias = PackedVector(makeInputs(count: 1, width: shape.rows)[0])
    func outputs(_ inputs: [[Float]]) -> [[Float]] {
      let output = compute.rows(inputs.count, width: shape.rows)
      compute.multiplyFinely(compute.rows(inputs), Product(matrix: matrix, bias: bias, output: output))
      return inputs.indices.map { output.array(row: $0) }
    }
    let all = outputs(inputs)
    for count in [1, 2, 3, 5] { #expect(outputs(Array(inputs.prefix(count))) == Array(all.prefix(count))) }
    for row in 0..<shape.rows {
      let weights = matrix.values(row: row)
      for (x, found) in zip(inputs, all) {
        let products = zip(weights, x).map { Double($0) * Double($1) }
        let expected = products.reduce(Double(bias.values[row]), +)
        let size = products.reduce(0) { $0 + abs($1) }
        #expect(abs(Double(found[row]) - expected) <= size / 10_000 + 1e-6)
      }
    }
  }

  @Test("Inputs near the smallest number give results near zero", arguments: ElementType.allCases)
  func tinyInputs(type: ElementType) throws {
    let shape = (rows: 16, columns: 256)
    let compute = Compute(pool: ThreadPool(threads: 1))
    let matrix = try #require(makeMatrix(type, shape, compute.pool))
    let inputs = makeInputs(count: 5, width: shape.columns).map { row in
      row.enumerated().map { $0.offset % 3 == 0 ? 0 : $0.element * 1e-30 * 1e-10 }
    }
    let output = compute.rows(5, width: shape.rows)
    compute.multiply(compute.rows(inputs), [Product(matrix: matrix, output: output)])
    for row in 0..<shape.rows {
      let largest = matrix.values(row: row).reduce(0) { $0 + $1.magnitude } * 2e-30 * 1e-10
      for column in 0..<5 { #expect(output.array(row: column)[row].magnitude <= largest) }
    }
  }

  @Test("What is not a number is not made one", arguments: ElementType.allCases)
  func notANumber(type: ElementType) throws {
    let shape = (rows: 16, columns: 256)
    let compute = Compute(pool: ThreadPool(threads: 1))
    let matrix = try #require(makeMatrix(type, shape, compute.pool))
    var inputs = makeInputs(count: 7, width: shape.columns)
    for column in 1..<7 { inputs[column][37 * column] = column % 2 == 0 ? .nan : .infinity }
    let output = compute.rows(7, width: shape.rows)
    compute.multiply(compute.rows(inputs), [Product(matrix: matrix, output: output)])
    for column in 0..<7 {
      #expect(output.array(row: column).allSatisfy { $0.isFinite == (column == 0) })
    }
  }

  @Test("Normalisation, activation and rotation agree between instruction sets", arguments: [1, 15, 16, 17, 576])
  func rowsAgree(width: Int) {
    let x = makeInputs(count: 2, width: width)
    let results = InstructionSets.each { _ in
      let compute = Compute(pool: ThreadPool(threads: 1))
      let rows = compute.rows(x)
      let gain = PackedVector(x[1])
      var found = [
        compute.normalizeRootMeanSquare(rows, gain: gain, epsilon: 1e-5),
        compute.normalizeLayer(rows, gain: gain, bias: gain, epsilon: 1e-5),
        compute.activate(rows, .silu), compute.activate(rows, .geluTanh), compute.activate(rows, .gelu),
        compute.add(rows, rows), compute.multiply(rows, rows),
      ].map { $0.array(row: 0) }
      compute.softcap(rows, at: 3)
      found.append(rows.array(row: 1))
      compute.softmax(rows)
      return found + [rows.array(row: 0)]
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  @Test("Activations agree with their definitions") func activationsAreRight() {
    let values: [Float] = [-90, -20, -3, -1, -0.25, -0.0, 0, 1e-6, 0.5, 1, 2.5, 10, 80]
    let compute = Compute(pool: ThreadPool(threads: 1))
    let silu = compute.activate(compute.rows([values]), .silu).array(row: 0)
    for (x, y) in zip(values, silu) {
      let expected = Double(x) / (1 + exponential(-Double(x)))
      #expect(abs(Double(y) - expected) <= 1e-6 * max(abs(expected), 1e-6))
    }
  }

  // MARK: Making

  private func makeMatrix(_ type: ElementType, _ shape: (rows: Int, columns: Int), _ pool: ThreadPool) -> PackedMatrix?
  {
    var generator = RepeatableGenerator(seed: 7)
    let bytes = type.randomBytes(count: shape.rows * shape.columns, using: &generator)
    return PackedMatrix(
      packing: bytes.span.bytes, elementType: type, rows: shape.rows, columns: shape.columns, on: pool)
  }

  private func makeInputs(count: Int, width: Int) -> [[Float]] {
    var generator = RepeatableGenerator(seed: 11)
    return (0..<count).map { _ in (0..<width).map { _ in Float.random(in: -2...2, using: &generator) } }
  }

  private func products(
    _ type: ElementType, _ shape: (rows: Int, columns: Int), columns: Int
  ) throws -> [[Float]] {
    let compute = Compute(pool: ThreadPool(threads: 2))
    let matrix = try #require(makeMatrix(type, shape, compute.pool))
    let output = compute.rows(columns, width: shape.rows)
    compute.multiply(
      compute.rows(makeInputs(count: columns, width: shape.columns)), [Product(matrix: matrix, output: output)])
    return (0..<columns).map { output.array(row: $0) }
  }

  /// `e^x` by its series, halved until it converges fast: independent of the kernel's polynomial.
  private func exponential(_ x: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for n in 1...30 {
      term *= x / 256 / Double(n)
      sum += term
    }
    return (0..<8).reduce(sum) { value, _ in value * value }
  }
}
