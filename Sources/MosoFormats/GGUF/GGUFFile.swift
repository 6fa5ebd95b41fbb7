/// A model in the GGUF format of llama.cpp, version 2 or 3, in one file or split over several.
///
/// Opening reads and checks the head only; tensors are fetched from the disk when they are touched. The file is not
/// trusted: every count is compared with the length of the file before memory is taken for it.
public struct GGUFFile: WeightFile {
  /// What the first file says about the model.
  public let metadata: GGUFMetadata
  /// The tensors of all files, in the order of the files.
  public let tensors: [TensorDescription]
  /// The files of the model, in their order.
  public let shards: [MappedFile]
  /// The version of the format, 2 or 3.
  public let version: Int
  /// The bytes of the first file before its tensors: worth dropping once the vocabulary has been read.
  public let headerRange: Range<Int>
  private let positions: [String: Int]

  /// Opens the file at `path`; when it is one of a split model, all of them.
  ///
  /// - Throws: `FormatError` that names the byte, the field, what was found and what was expected.
  public init(path: String) throws(FormatError) {
    try self.init(opening: path) { (path) throws(FormatError) in try MappedFile(openingPartOfModel: path) }
  }

  /// Opens a single file that is in memory already.
  package init(_ file: MappedFile) throws(FormatError) {
    try self.init(opening: file.path) { (path) throws(FormatError) in
      guard path == file.path else { throw .file(.missing(path: path)) }
      return file
    }
  }

  private init(
    opening path: String, _ open: (String) throws(FormatError) -> MappedFile
  ) throws(FormatError) {
    let named = try GGUFHeader(open(path), shard: 0)
    let split = try GGUFSplit(named.metadata)
    var headers = [named]
    if let split, split.count > 1 {
      let paths = try split.paths(from: path)
      headers = []
      for (shard, path) in paths.enumerated() {
        let header = try GGUFHeader(open(path), shard: shard)
        try split.check(header.metadata, isNumber: shard)
        headers.append(header)
      }
    }
    let tensors = headers.flatMap(\.tensors)
    try split?.check(tensorCount: tensors.count, headers[0].metadata)
    var positions: [String: Int] = [:]
    for (position, tensor) in tensors.enumerated() {
      guard positions.updateValue(position, forKey: tensor.name) == nil else {
        throw .malformed(
          path: headers[tensor.shard].metadata.file.path, offset: 0, field: "tensors",
          found: "\(quoted(tensor.name)), which an earlier file of the split model has too", expected: "each name once")
      }
    }
    self.positions = positions
    self.tensors = tensors
    shards = headers.map(\.metadata.file)
    metadata = headers[0].metadata
    version = headers[0].version
    headerRange = 0..<headers[0].dataStart
  }

  /// The tensor with this name, if the model has one.
  public func tensor(named name: String) -> TensorDescription? {
    positions[name].map { tensors[$0] }
  }

  /// The name of the model's architecture, as in `llama`.
  public func architecture() throws(FormatError) -> String {
    try metadata.requiredString("general.architecture")
  }
}
