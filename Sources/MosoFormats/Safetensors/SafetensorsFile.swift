/// A model's weights in the safetensors format, in one file or in several that an index names.
///
/// The files are not trusted: the header's length, each tensor's place and each name of a file are checked. The element
/// types F32, F16 and BF16 can be read; tensors of other types are kept in `unreadable`, and asking for one says why.
public struct SafetensorsFile: WeightFile {
  /// The tensors that can be read, in the order of the files.
  public let tensors: [TensorDescription]
  /// The files of the model, in their order.
  public let shards: [MappedFile]
  /// The texts that were saved with the weights, of the first file that has each.
  public let metadata: [String: String]
  /// The tensors whose element type cannot be read, with the name of that type.
  public let unreadable: [String: String]
  private let positions: [String: Int]

  /// Opens the file at `path`, or all files that it names when it is an index (`….safetensors.index.json`).
  ///
  /// - Throws: `FormatError` that names the byte, the field, what was found and what was expected.
  public init(path: String) throws(FormatError) {
    guard path.hasSuffix(".json") else {
      try self.init(paths: [path])
      return
    }
    try self.init(SafetensorsIndex(path: path))
  }

  /// Opens the files that an index names, and checks that each tensor is where it says.
  init(_ index: SafetensorsIndex) throws(FormatError) {
    try self.init(paths: index.fileNames.map { index.folder + $0 })
    try index.check(self)
  }

  /// Opens the files at `paths`, which together hold a model.
  ///
  /// - Throws: `FormatError` that names the byte, the field, what was found and what was expected.
  public init(paths: [String]) throws(FormatError) {
    var headers: [SafetensorsHeader] = []
    for (shard, path) in paths.enumerated() {
      headers.append(try SafetensorsHeader(MappedFile(openingPartOfModel: path), shard: shard))
    }
    try self.init(headers)
  }

  /// Opens a single file that is in memory already.
  package init(_ file: MappedFile) throws(FormatError) {
    try self.init([SafetensorsHeader(file, shard: 0)])
  }

  private init(_ headers: [SafetensorsHeader]) throws(FormatError) {
    var positions: [String: Int] = [:]
    var tensors: [TensorDescription] = []
    for header in headers {
      for tensor in header.tensors {
        guard positions.updateValue(tensors.count, forKey: tensor.name) == nil else {
          throw .malformed(
            path: header.file.path, offset: tensor.byteRange.lowerBound, field: "tensors",
            found: "\(quoted(tensor.name)), which an earlier file of the model has too", expected: "each name once")
        }
        tensors.append(tensor)
      }
    }
    self.tensors = tensors
    self.positions = positions
    shards = headers.map(\.file)
    metadata = headers.reduce(into: [:]) { $0.merge($1.metadata) { first, _ in first } }
    unreadable = headers.reduce(into: [:]) { $0.merge($1.unreadable) { first, _ in first } }
  }

  /// The tensor with this name, if it is there and can be read.
  public func tensor(named name: String) -> TensorDescription? {
    positions[name].map { tensors[$0] }
  }

  /// The tensor with this name, or an error that says why it cannot be read.
  public func requiredTensor(named name: String) throws(FormatError) -> TensorDescription {
    if let tensor = tensor(named: name) { return tensor }
    guard let type = unreadable[name] else { throw missingTensor(named: name) }
    throw .missing(
      path: shards.first?.path ?? "the model", what: "tensor \(quoted(name)) that can be read: it is \(quoted(type))",
      hint: "save it as F32, F16 or BF16")
  }
}
