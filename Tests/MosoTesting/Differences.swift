/// Why a check did not pass, as a sentence.
public struct CheckFailure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// The largest difference between two rows, as a share of the expected row's largest magnitude.
///
/// Infinite when the lengths differ or something is not a number.
public func relativeDifference(_ found: [Float], from expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var largest = Double.leastNormalMagnitude
  var difference = 0.0
  for (x, y) in zip(found, expected) {
    guard x.isFinite, y.isFinite else { return .infinity }
    largest = max(largest, y.magnitude)
    difference = max(difference, (Double(x) - y).magnitude)
  }
  return difference / largest
}

/// Checks that every row of `found` is within `tolerance` of the row of `expected`, relative to that row's largest value.
public func expectClose(
  _ found: [[Float]], _ expected: [[Double]], tolerance: Double, _ what: @autoclosure () -> String
) throws(CheckFailure) {
  guard found.count == expected.count else {
    throw CheckFailure("\(what()): \(found.count) rows where \(expected.count) were expected")
  }
  for (row, (x, y)) in zip(found, expected).enumerated() {
    let difference = relativeDifference(x, from: y)
    guard difference <= tolerance else {
      throw CheckFailure(
        "\(what()): row \(row) of \(found.count) is off by \(difference) of its largest value, more than \(tolerance)")
    }
  }
}

/// Checks that two results are the same bits, or, where `tolerance` is given, that close.
public func expectSame(
  _ found: [[Float]], _ expected: [[Float]], tolerance: Double? = nil, _ what: @autoclosure () -> String
) throws(CheckFailure) {
  if let tolerance {
    return try expectClose(found, expected.map { $0.map(Double.init) }, tolerance: tolerance, what())
  }
  guard found.count == expected.count else {
    throw CheckFailure("\(what()): \(found.count) rows where \(expected.count) were expected")
  }
  for (row, (x, y)) in zip(found, expected).enumerated() {
    guard x.count == y.count else {
      throw CheckFailure("\(what()): row \(row) has \(x.count) values where \(y.count) were expected")
    }
    guard let column = zip(x, y).enumerated().first(where: { $1.0.bitPattern != $1.1.bitPattern })?.offset else {
      continue
    }
    throw CheckFailure("\(what()): \(x[column]) is not \(y[column]) in row \(row) of \(found.count), column \(column)")
  }
}
