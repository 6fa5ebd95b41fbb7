/// A parameter as rows of doubles; a vector is a single row.
public struct ReferenceWeight: Sendable {
  public let rows: [[Double]]

  public init(_ weight: TestWeight) {
    switch weight {
    case .matrix(let matrix): rows = matrix.values().map { $0.map(Double.init) }
    case .vector(let vector): rows = [vector.map(Double.init)]
    }
  }

  var vector: [Double] {
    precondition(rows.count == 1, "a matrix of \(rows.count) rows where a vector belongs")
    return rows[0]
  }
}
