public import MosoTensor

/// Writes a model as one GGUF file of version 3.
///
/// The head is written at once, as it tells where every tensor will be; then the tensors' bytes follow in their order,
/// in as many pieces as the caller likes. The file appears under its name only when `publish()` returns; whatever ends
/// the writer before leaves nothing behind. The layout is described at `GGUFHeader`, which reads it.
public struct GGUFWriter: ~Copyable {
  /// A metadata entry.
  public struct Entry: Sendable, Hashable {
    /// What readers look the value up by, such as `general.architecture`.
    public let key: String
    /// The value, and the type it is written as.
    public let value: GGUFValue

    /// A metadata entry.
    public init(_ key: String, _ value: GGUFValue) {
      self.key = key
      self.value = value
    }
  }

  /// A tensor to be written.
  public struct Tensor: Sendable, Hashable {
    /// What readers know the tensor by; no two of a model have the same.
    public let name: String
    /// The lengths of the dimensions, outermost first.
    public let shape: [Int]
    /// What the elements are.
    public let elementType: ElementType

    /// A tensor to be written, whose bytes come later.
    ///
    /// - Precondition: Rows are whole blocks, there are at most 4 dimensions of at least 1, and the name has 1 to 63
    ///   bytes.
    public init(name: String, shape: [Int], elementType: ElementType) {
      precondition(elementType.byteCount(ofShape: shape) != nil, "a tensor of shape \(shape) of \(elementType)")
      precondition(shape.count <= 4 && shape.allSatisfy { $0 > 0 }, "a tensor of shape \(shape)")
      precondition((1...63).contains(name.utf8.count), "a tensor called \(name)")
      self.name = name
      self.shape = shape
      self.elementType = elementType
    }

    /// How many bytes the tensor takes.
    public var byteCount: Int { elementType.byteCount(ofShape: shape) ?? 0 }
  }

  private let file: AtomicFile
  private let sizes: [Int]
  /// The tensor that is being written, and how many of its bytes are to come.
  private var current = 0
  private var remaining: Int

  private static let alignment = 32

  /// Begins a file with everything that comes before the tensors' bytes.
  ///
  /// - Parameters:
  ///   - path: Where the file goes.
  ///   - metadata: What the file says of the model; `general.alignment` is not to be among it.
  ///   - tensors: The tensors, in the order in which their bytes will come.
  /// - Throws: `FormatError.file` when the folder cannot be written.
  /// - Precondition: No two entries have the same key, and no two tensors the same name.
  public init(path: String, metadata: [Entry], tensors: [Tensor]) throws(FormatError) {
    precondition(Set(tensors.map { ExactText($0.name) }).count == tensors.count, "two tensors have the same name")
    precondition(Set(metadata.map { ExactText($0.key) }).count == metadata.count, "two entries have the same key")
    sizes = tensors.map(\.byteCount)
    remaining = sizes.first ?? 0
    let head = Self.head(metadata, tensors)
    file = try FormatError.wrapping { () throws(FileError) in
      let file = try AtomicFile(path: path)
      try file.append(head)
      return file
    }
  }

  /// The size of the whole file in bytes.
  public static func byteCount(metadata: [Entry], tensors: [Tensor]) -> Int {
    head(metadata, tensors).count + tensors.reduce(0) { $0 + padded($1.byteCount) }
  }

  /// Writes the next bytes of the current tensor; after its last ones, the next tensor is the current one.
  ///
  /// - Precondition: They are not more than the tensor has left.
  public mutating func append(_ bytes: RawSpan) throws(FormatError) {
    precondition(bytes.byteCount <= remaining, "\(bytes.byteCount - remaining) bytes more than the tensor has")
    remaining -= bytes.byteCount
    let padding = remaining == 0 ? Self.padded(sizes[current]) - sizes[current] : 0
    do throws(FileError) {
      try file.append(bytes)
      if padding > 0 { try file.append([UInt8](repeating: 0, count: padding)) }
    } catch {
      throw .file(error)
    }
    guard remaining == 0 else { return }
    current += 1
    remaining = current < sizes.count ? sizes[current] : 0
  }

  /// Gives the file its name, once all of it is on the disk.
  ///
  /// - Precondition: All tensors have been written.
  public consuming func publish() throws(FormatError) {
    precondition(current == sizes.count, "tensor \(current) of \(sizes.count) was not written")
    let file = file
    try FormatError.wrapping { () throws(FileError) in
      try file.complete()
      try file.publish()
    }
  }

  private static func padded(_ length: Int) -> Int { (length + alignment - 1) / alignment * alignment }

  private static func head(_ metadata: [Entry], _ tensors: [Tensor]) -> [UInt8] {
    var head = Array("GGUF".utf8)
    head.appendGGUF(UInt32(3))
    head.appendGGUF(UInt64(tensors.count))
    head.appendGGUF(UInt64(metadata.count))
    for entry in metadata {
      head.appendGGUF(entry.key)
      head.appendGGUF(entry.value.type.rawValue)
      head.appendGGUF(entry.value)
    }
    var offset = 0
    for tensor in tensors {
      head.appendGGUF(tensor.name)
      head.appendGGUF(UInt32(tensor.shape.count))
      for length in tensor.shape.reversed() { head.appendGGUF(UInt64(length)) }
      head.appendGGUF(tensor.elementType.rawValue)
      head.appendGGUF(UInt64(offset))
      offset += padded(tensor.byteCount)
    }
    return head + [UInt8](repeating: 0, count: padded(head.count) - head.count)
  }
}
