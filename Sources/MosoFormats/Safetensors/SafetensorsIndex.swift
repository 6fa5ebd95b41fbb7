/// The index of a model in several safetensors files: a JSON object whose `weight_map` names each tensor's file.
package struct SafetensorsIndex {
  let path: String
  /// The folder of the index, with its slash; the files lie in it too.
  let folder: String
  /// The files, each once, in the order of their names.
  package let fileNames: [String]
  /// The file of each tensor.
  private let fileOfTensor: [String: String]

  private static let maximumFileCount = 512

  init(path: String) throws(FormatError) {
    try self.init(JSONValue(contentsOf: path), path: path)
  }

  /// Reads an index that is in memory already.
  package init(_ json: JSONValue, path: String) throws(FormatError) {
    self.path = path
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    guard let map = json["weight_map"]?.objectValue else {
      throw Self.malformed(path, found: "none", expected: "an object that maps the names of tensors to files")
    }
    var fileOfTensor: [String: String] = [:]
    for (tensor, value) in map {
      guard let name = value.stringValue else {
        throw Self.malformed(
          path, found: "\(value.kind) for \(quoted(tensor))", expected: "the name of a file")
      }
      guard Self.isPlain(name) else {
        throw Self.malformed(
          path, found: "\(quoted(name)) for \(quoted(tensor))",
          expected: "the name of a .safetensors file in the same folder")
      }
      fileOfTensor[tensor] = name
    }
    fileNames = Set(fileOfTensor.values).sorted()
    self.fileOfTensor = fileOfTensor
    guard (1...Self.maximumFileCount).contains(fileNames.count) else {
      throw Self.malformed(path, found: "\(fileNames.count) files", expected: "1 to \(Self.maximumFileCount)")
    }
  }

  /// Checks that each tensor is in the file that the index names for it.
  func check(_ file: SafetensorsFile) throws(FormatError) {
    for (tensor, name) in fileOfTensor.sorted(by: { $0.key < $1.key }) {
      if file.unreadable[tensor] != nil { continue }
      guard let found = file.tensor(named: tensor), fileNames[found.shard] == name else {
        throw .missing(
          path: folder + name, what: "tensor \(quoted(tensor)), though \(path) says so",
          hint: "the files do not belong together; download them again")
      }
    }
  }

  /// Whether a name stays in its folder.
  private static func isPlain(_ name: String) -> Bool {
    let slashes: Set<UInt8> = [0, UInt8(ascii: "/"), UInt8(ascii: "\\")]
    return name.hasSuffix(".safetensors") && !name.hasPrefix(".") && !name.utf8.contains(where: slashes.contains)
  }

  private static func malformed(_ path: String, found: String, expected: String) -> FormatError {
    .malformed(path: path, offset: 0, field: "weight_map", found: found, expected: expected)
  }
}
