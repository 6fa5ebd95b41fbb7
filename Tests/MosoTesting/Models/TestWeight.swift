public import MosoTensor

/// A parameter as a file would hold it; each interpreter makes its own kind of parameter of it.
public enum TestWeight: Sendable {
  case matrix(TestMatrix)
  case vector([Float])
}

/// A matrix of `rows` outputs by `columns` inputs in the bytes of its element type.
public struct TestMatrix: Sendable {
  public let elementType: ElementType
  public let rows: Int
  public let columns: Int
  public let bytes: [UInt8]

  public init(elementType: ElementType, rows: Int, columns: Int, bytes: [UInt8]) {
    precondition(
      bytes.count == rows * columns / elementType.elementsPerBlock * elementType.bytesPerBlock,
      "the bytes of \(rows) × \(columns) \(elementType)")
    self.elementType = elementType
    self.rows = rows
    self.columns = columns
    self.bytes = bytes
  }
}

extension TestMatrix {
  /// The matrix's values, row after row.
  ///
  /// Plain types are read here. Quantised blocks are read by the kernels: what blocks mean is tested where files are.
  public func values() -> [[Float]] {
    switch elementType {
    case .f32: rowsOfBits(UInt32.self) { Float(bitPattern: $0) }
    case .f16: rowsOfBits(UInt16.self, HalfPrecision.value)
    case .bf16: rowsOfBits(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    default: quantizedValues()
    }
  }

  private func rowsOfBits<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Float) -> [[Float]] {
    let size = Bits.bitWidth / 8
    return (0..<rows).map { row in
      (0..<columns).map { column in
        let start = (row * columns + column) * size
        return value(bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | Bits($1) })
      }
    }
  }

  private func quantizedValues() -> [[Float]] {
    let packed = PackedMatrix(
      packing: bytes.span.bytes, elementType: elementType, rows: rows, columns: columns, on: ThreadPool(threads: 1))
    guard let packed else { preconditionFailure("no memory for \(rows) × \(columns)") }
    return (0..<rows).map { packed.values(row: $0) }
  }
}
