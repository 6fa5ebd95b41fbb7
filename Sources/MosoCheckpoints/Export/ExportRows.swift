import MosoFormats
import MosoTensor

/// Reads the values of a tensor to be written, some rows at a time.
struct ExportRows {
  let file: any WeightFile

  /// How many values are worked on at once: enough for all threads, and few beside a tensor.
  private static let valuesAtOnce = 1 << 20

  /// Calls `body` with the values of `tensor`, whole rows at a time and in order.
  func forEachChunk<Failure: Error>(
    of tensor: ExportTensor, _ body: ([Float]) throws(Failure) -> Void
  ) throws(Failure) {
    switch tensor.content {
    case .numbers(let values): try body(values)
    case .whole(let name): try forEachChunk(ofWhole: name, body)
    case .parts(let parts):
      for part in parts { try forEachChunk(of: part, body) }
    }
  }

  private func forEachChunk<Failure: Error>(
    ofWhole name: String, _ body: ([Float]) throws(Failure) -> Void
  ) throws(Failure) {
    let tensor = description(name)
    let columns = tensor.shape.last ?? 1
    let whole = TensorSource(name: name, fileShape: tensor.shape, shape: [tensor.elementCount / columns, columns])
    try forEachChunk(of: ExportTensor.Part(source: whole), body)
  }

  /// Calls `body` with the values of `part`, whole rows at a time and in order.
  func forEachChunk<Failure: Error>(
    of part: ExportTensor.Part, _ body: ([Float]) throws(Failure) -> Void
  ) throws(Failure) {
    let tensor = description(part.source.name)
    let rows = part.source.shape[0]
    let columns = part.source.shape.count > 1 ? part.source.shape[1] : 1
    let rowsAtOnce = max(1, Self.valuesAtOnce / columns)
    for start in stride(from: 0, to: rows, by: rowsAtOnce) {
      let range = start..<min(start + rowsAtOnce, rows)
      let isVector = part.source.shape.count == 1
      try body(
        isVector
          ? vector(part, range, tensor)
          : part.source.isTransposed
            ? transposed(part, range, columns, tensor) : matrix(part, range, columns, tensor))
    }
  }

  private func description(_ name: String) -> TensorDescription {
    guard let tensor = file.tensor(named: name) else { preconditionFailure("\(name) was resolved and is gone") }
    return tensor
  }

  private func vector(_ part: ExportTensor.Part, _ range: Range<Int>, _ tensor: TensorDescription) -> [Float] {
    let values = file.withBytes(of: tensor) { tensor.elementType.dequantize($0) }
    return range.map { values[part.sourceRow($0)] + part.source.addend }
  }

  private func matrix(
    _ part: ExportTensor.Part, _ range: Range<Int>, _ columns: Int, _ tensor: TensorDescription
  ) -> [Float] {
    let type = tensor.elementType
    let rowBytes = columns / type.elementsPerBlock * type.bytesPerBlock
    return file.withBytes(of: tensor) { bytes in
      guard part.pairedRows != nil else {
        let first = part.sourceRow(range.lowerBound)
        return type.dequantize(bytes.extracting(first * rowBytes..<(first + range.count) * rowBytes))
      }
      return range.flatMap { row in
        let source = part.sourceRow(row)
        return type.dequantize(bytes.extracting(source * rowBytes..<(source + 1) * rowBytes))
      }
    }
  }

  /// Rows that are columns of the file, which is not quantised: inputs × outputs.
  private func transposed(
    _ part: ExportTensor.Part, _ range: Range<Int>, _ columns: Int, _ tensor: TensorDescription
  ) -> [Float] {
    let type = tensor.elementType
    let fileColumns = tensor.elementCount / columns
    var values = [Float](repeating: 0, count: range.count * columns)
    var inputs = [Float](repeating: 0, count: range.count)
    file.withBytes(of: tensor) { bytes in
      for column in 0..<columns {
        let first = (column * fileColumns + part.source.firstRow + range.lowerBound) * type.bytesPerBlock
        var span = inputs.mutableSpan
        type.dequantize(bytes.extracting(first..<first + range.count * type.bytesPerBlock), into: &span)
        for row in range { values[(row - range.lowerBound) * columns + column] = inputs[row - range.lowerBound] }
      }
    }
    return values
  }
}
