public import MosoTensor

/// Where a tensor is in a file of weights, and how its bytes are to be read.
public struct TensorDescription: Sendable, Hashable {
  /// The name that the file gives it.
  public let name: String
  /// The lengths of the dimensions, outermost first: a weight that maps 576 inputs to 1,536 outputs is `[1536, 576]`.
  public let shape: [Int]
  /// What its elements are.
  public let elementType: ElementType
  /// Which of the files of a split model holds it, counted from 0.
  public let shard: Int
  /// Its bytes within that file. They may start at any byte: alignment is not promised.
  public let byteRange: Range<Int>

  /// A tensor as a reader found it; that its bytes lie within the file is for the reader to check.
  public init(name: String, shape: [Int], elementType: ElementType, shard: Int, byteRange: Range<Int>) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.shard = shard
    self.byteRange = byteRange
  }

  /// The product of the shape's lengths; the readers have checked that it is below 2^63.
  public var elementCount: Int { shape.reduce(1, *) }
}

extension ElementType {
  /// The bytes that a tensor of `shape` takes, or `nil` when that is beyond 63 bits or its rows are not whole blocks.
  func byteCount(ofShape shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      count = product
    }
    guard (shape.last ?? 1) % elementsPerBlock == 0 else { return nil }
    let (bytes, overflow) = (count / elementsPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
    return overflow ? nil : bytes
  }
}
