public import MosoTensor

/// Writes weights in the safetensors format: all into one file, or into several with an index.
///
/// Files appear under their names only when all of them are complete and on the disk; an error leaves none behind. A
/// single file holds the same bytes as one of the format's own writer.
public struct SafetensorsWriter: Sendable {
  /// A tensor to be written.
  public struct Tensor: Sendable, Hashable {
    /// What readers know the tensor by; no two of a model have the same.
    public let name: String
    /// The lengths of the dimensions, outermost first.
    public let shape: [Int]
    /// What the elements are: F32, F16 or BF16.
    public let elementType: ElementType

    /// A tensor to be written, whose bytes come later.
    ///
    /// - Precondition: The type is F32, F16 or BF16, and the shape's product fits 63 bits.
    public init(name: String, shape: [Int], elementType: ElementType) {
      precondition(SafetensorsType.readable.contains { $0.type == elementType }, "\(elementType) in safetensors")
      precondition(elementType.byteCount(ofShape: shape) != nil, "a tensor of shape \(shape)")
      precondition(name != "__metadata__", "a tensor may not be called __metadata__")
      self.name = name
      self.shape = shape
      self.elementType = elementType
    }

    /// How many bytes the tensor takes.
    public var byteCount: Int { elementType.byteCount(ofShape: shape) ?? 0 }
  }

  /// Takes the bytes of one tensor, in as many pieces as the caller likes.
  public struct Sink: ~Copyable {
    let file: AtomicFile
    private(set) var remaining: Int

    init(file: AtomicFile, byteCount: Int) {
      self.file = file
      remaining = byteCount
    }

    /// Writes the next bytes of the tensor, in little-endian order.
    ///
    /// - Precondition: They are not more than the tensor's shape says.
    public mutating func append(_ bytes: RawSpan) throws(FormatError) {
      precondition(bytes.byteCount <= remaining, "\(bytes.byteCount - remaining) bytes more than the tensor has")
      remaining -= bytes.byteCount
      try FormatError.wrapping { () throws(FileError) in try file.append(bytes) }
    }
  }

  /// Where the file goes, or what the names of several are made of.
  public let path: String
  /// Texts that every file carries beside the weights.
  public let metadata: [String: String]
  /// How many bytes of tensors one file may hold, unless a single tensor is larger.
  public let maximumShardSize: Int

  /// Prepares to write to `path`, which ends in `.safetensors`.
  ///
  /// - Parameters:
  ///   - path: Where the file goes; several are named `model-00001-of-00002.safetensors` and so on, after it.
  ///   - metadata: Texts to be saved with the weights.
  ///   - maximumShardSize: How many bytes of tensors one file may hold, unless a single tensor is larger.
  public init(path: String, metadata: [String: String] = [:], maximumShardSize: Int = .max) {
    precondition(path.hasSuffix(".safetensors"), "\(path) does not end in .safetensors")
    precondition(maximumShardSize > 0, "files of \(maximumShardSize) bytes")
    self.path = path
    self.metadata = metadata
    self.maximumShardSize = maximumShardSize
  }

  /// Writes `tensors`, asking `content` for the bytes of each; the widest types come first, then names in order.
  ///
  /// - Returns: The paths of the files that were written; with several, the index is the last.
  /// - Throws: What `content` throws, and `FormatError.file` when the disk is full or the folder cannot be written.
  @discardableResult
  public func write(
    _ tensors: [Tensor], content: (Tensor, inout Sink) throws(FormatError) -> Void
  ) throws(FormatError) -> [String] {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have the same name")
    let shards = shards(of: tensors)
    var files: [AtomicFile] = []
    for (shard, path) in zip(shards, paths(count: shards.count)) {
      files.append(try write(shard, to: path, content))
    }
    if shards.count > 1 { files.append(try writeIndex(of: shards)) }
    for file in files { try FormatError.wrapping { () throws(FileError) in try file.publish() } }
    return files.map(\.path)
  }
}

extension SafetensorsWriter {
  /// Splits the tensors, in the order in which they are written, into what each file holds.
  private func shards(of tensors: [Tensor]) -> [[Tensor]] {
    func rank(_ tensor: Tensor) -> Int { SafetensorsType.readable.firstIndex { $0.type == tensor.elementType } ?? 0 }
    var shards: [[Tensor]] = [[]]
    var size = 0
    for tensor in tensors.sorted(by: { (rank($0), $0.name) < (rank($1), $1.name) }) {
      if size > 0 && tensor.byteCount > maximumShardSize - size {
        shards.append([])
        size = 0
      }
      shards[shards.count - 1].append(tensor)
      size += tensor.byteCount
    }
    return shards
  }

  private func paths(count: Int) -> [String] {
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
    if count == 1 { return [path] }
    return (1...count).map { "\(stem)-\(padded($0))-of-\(padded(count)).safetensors" }
  }

  /// The path without its ending.
  private var stem: String { String(path.dropLast(".safetensors".count)) }

  /// Writes a file of `tensors` completely, but does not give it its name yet.
  private func write(
    _ tensors: [Tensor], to path: String, _ content: (Tensor, inout Sink) throws(FormatError) -> Void
  ) throws(FormatError) -> AtomicFile {
    let header = header(of: tensors)
    let file = try FormatError.wrapping { () throws(FileError) in
      let file = try AtomicFile(path: path)
      try file.append((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
      try file.append(header)
      return file
    }
    for tensor in tensors {
      var sink = Sink(file: file, byteCount: tensor.byteCount)
      try content(tensor, &sink)
      precondition(sink.remaining == 0, "\(sink.remaining) bytes of \(tensor.name) were not written")
    }
    try FormatError.wrapping { () throws(FileError) in try file.complete() }
    return file
  }

  /// The JSON at the head of a file, padded with spaces so that the data is aligned to 8 bytes.
  private func header(of tensors: [Tensor]) -> [UInt8] {
    var header = JSONObject()
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
      header["__metadata__"] = .object(texts.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) })
    }
    var end = 0
    for tensor in tensors {
      let start = end
      end += tensor.byteCount
      let type = SafetensorsType.readable.first { $0.type == tensor.elementType }
      header[tensor.name] = [
        "dtype": .string(type?.name ?? ""), "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(start), .integer(end)],
      ]
    }
    var bytes = JSONValue.object(header).serializedBytes()
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  private func writeIndex(of shards: [[Tensor]]) throws(FormatError) -> AtomicFile {
    var map = JSONObject()
    for (tensors, path) in zip(shards, paths(count: shards.count)) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      for tensor in tensors { map[tensor.name] = .string(name) }
    }
    let size = shards.joined().reduce(0) { $0 + $1.byteCount }
    let index: JSONValue = ["metadata": ["total_size": .integer(size)], "weight_map": .object(map)]
    return try FormatError.wrapping { () throws(FileError) in
      let file = try AtomicFile(path: path + ".index.json")
      try file.append(index.serializedBytes(indentation: 2))
      try file.complete()
      return file
    }
  }
}
