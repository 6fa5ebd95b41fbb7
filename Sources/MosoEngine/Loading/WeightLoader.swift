import MosoCheckpoints
import MosoFormats
import MosoInference
import MosoModel
import MosoTensor

/// The system has no memory left for a model's weights.
public struct WeightMemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name of the tensor that did not fit.
  public var tensor: String
  /// What it takes in the file.
  public var bytes: Int

  public var description: String {
    "no memory for \(tensor), which takes \(bytes) bytes; close other programs or choose a smaller or more quantised model"
  }
}

/// Reads a file's tensors into the layout the kernels work on, and lets go of the file's pages on the way.
struct WeightLoader {
  let file: any WeightFile
  let pool: ThreadPool
  private let memory: WeightMemory

  init(file: any WeightFile, pool: ThreadPool) {
    self.file = file
    self.pool = pool
    // What is packed takes about as much as in the file: a small one is no reason to ask for much.
    let bytes = file.fileSize
    memory = WeightMemory(chunkBytes: min(bytes + bytes / 8 + 65_536, WeightMemory.largestChunk))
  }

  /// The parameter of `role`, which is at `source`.
  func parameter(_ role: TensorRole, _ source: TensorSource) throws -> EagerWeight {
    let tensor = try file.requiredTensor(named: source.name)
    defer { if source.isLastUse(of: tensor) { file.dropPages(of: tensor) } }
    let isVector = role.part == .bias || role.module.isNorm
    return isVector ? .vector(try vector(source, tensor)) : .matrix(try matrix(source, tensor))
  }

  private func vector(_ source: TensorSource, _ tensor: TensorDescription) throws -> PackedVector {
    let values = file.withBytes(of: tensor) { tensor.elementType.dequantize($0) }
    return PackedVector(values[source.firstRow..<source.firstRow + source.shape[0]].map { $0 + source.addend })
  }

  private func matrix(_ source: TensorSource, _ tensor: TensorDescription) throws -> PackedMatrix {
    let (rows, columns) = (source.shape[0], source.shape[1])
    guard source.isTransposed else {
      return try pack(tensor, rows: source.rows, columns: columns)
    }
    // Inputs × outputs: the file's rows are the matrix's columns. Such files are not quantised.
    let fileColumns = tensor.elementCount / columns
    let elementSize = tensor.elementType.bytesPerBlock
    var bytes = [UInt8](repeating: 0, count: rows * columns * elementSize)
    file.withBytes(of: tensor) { span in
      for input in 0..<columns {
        for output in 0..<rows {
          let from = (input * fileColumns + source.firstRow + output) * elementSize
          let to = (output * columns + input) * elementSize
          for byte in 0..<elementSize {
            bytes[to + byte] = span.unsafeLoad(fromByteOffset: from + byte, as: UInt8.self)
          }
        }
      }
    }
    return try check(
      PackedMatrix(
        packing: bytes.span.bytes, elementType: tensor.elementType, rows: rows, columns: columns, in: memory,
        on: pool), tensor)
  }

  private func pack(_ tensor: TensorDescription, rows: Range<Int>, columns: Int) throws -> PackedMatrix {
    let type = tensor.elementType
    let rowBytes = columns / type.elementsPerBlock * type.bytesPerBlock
    let packed = file.withBytes(of: tensor) { bytes in
      PackedMatrix(
        packing: bytes.extracting(rows.lowerBound * rowBytes..<rows.upperBound * rowBytes), elementType: type,
        rows: rows.count, columns: columns, in: memory, on: pool)
    }
    return try check(packed, tensor)
  }

  private func check(_ packed: PackedMatrix?, _ tensor: TensorDescription) throws -> PackedMatrix {
    guard let packed else { throw WeightMemoryError(tensor: tensor.name, bytes: tensor.byteRange.count) }
    return packed
  }
}

extension TensorSource {
  /// Whether this role's rows are the last of the tensor, so that its pages have been read for the last time.
  func isLastUse(of tensor: TensorDescription) -> Bool {
    firstRow + shape[0] == (isTransposed ? fileShape.last : fileShape.dropLast().reduce(1, *))
      || fileShape.count == 1
  }
}
