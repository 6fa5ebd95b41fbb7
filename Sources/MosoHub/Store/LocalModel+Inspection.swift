import MosoFormats

extension LocalModel {
  /// Finds the weights at a path: a GGUF file (any part of a split one), a safetensors file, or a folder of either.
  ///
  /// - Throws: ``LocalModelError`` when there is nothing, something else, or more than one model.
  public init(at path: String, named name: String? = nil) throws {
    let name = name ?? path
    switch Folder.item(at: path) {
    case nil: throw LocalModelError.missing(path: path)
    case .other: throw LocalModelError.notAModel(path: path, found: "neither a file nor a folder")
    case .file: try self.init(file: path, named: name)
    case .folder: try self.init(folder: path, named: name)
    }
  }

  private init(file path: String, named name: String) throws {
    let (folder, file) = (FilePaths.parent(of: path), FilePaths.lastComponent(of: path))
    if file.lowercased().hasSuffix(".safetensors") {
      self.init(name: name, kind: .safetensors, folder: folder, weights: try Self.parts(of: path))
      return
    }
    // GGUF files are recognised by their first bytes, for other programs keep them under names without an ending.
    let start = try OpenFile(path, for: .reading).read(at: 0, count: 4)
    guard start == Array("GGUF".utf8) else {
      throw LocalModelError.notAModel(path: path, found: "a file that does not start with GGUF")
    }
    self.init(name: name, kind: .gguf, folder: folder, weights: try Self.parts(of: path))
  }

  /// The file at `path`, or all parts of the model that it is a part of.
  private static func parts(of path: String) throws(LocalModelError) -> [String] {
    guard let part = SplitName(FilePaths.lastComponent(of: path)) else { return [path] }
    let paths = part.allNames.map { FilePaths.join(FilePaths.parent(of: path), $0) }
    if let lost = paths.first(where: { Folder.fileSize($0) == nil }) { throw .missingPart(path: path, part: lost) }
    return paths
  }

  private init(folder: String, named name: String) throws {
    if let record = try? ModelRecord(readingFrom: folder) {
      self.init(name: name, record: record, in: folder)
      return
    }
    let names = try Folder.names(in: folder)
    do {
      let choice = try FileSelection(.standard, among: names)
      if choice.kind == .gguf {
        let models = GGUFModel.all(among: names)
        guard models.count == 1 else { throw LocalModelError.severalModels(path: folder, files: models.map(\.name)) }
      }
      self.init(
        name: name, kind: choice.kind, folder: folder, weights: choice.weights.map { FilePaths.join(folder, $0) })
    } catch let error as FileSelectionError {
      throw LocalModelError.folder(path: folder, reason: error)
    }
  }

  /// The model that a record describes.
  init(name: String, record: ModelRecord, in folder: String) {
    self.init(
      name: name, kind: record.kind, folder: folder,
      weights: record.weights.map { FilePaths.join(folder, $0) }, record: record)
  }
}

/// Why a path does not lead to a model.
public enum LocalModelError: Error, Hashable, Sendable {
  /// Nothing is there.
  case missing(path: String)
  /// Something else is there.
  case notAModel(path: String, found: String)
  /// A split model is not whole.
  case missingPart(path: String, part: String)
  /// It is not clear which of a folder's models is meant.
  case severalModels(path: String, files: [String])
  /// A folder's files make no model.
  case folder(path: String, reason: FileSelectionError)
}

extension LocalModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path):
      "there is no file or folder at \(path.printable()); check the path, or pull a model by name, as in: moso pull smollm2"
    case .notAModel(let path, let found):
      "\(path.printable()) is \(found.printable()), where a GGUF file, a safetensors file or a folder of them was expected"
    case .missingPart(let path, let part):
      "\(path.printable()) is one part of a split model, but the part \(part.printable()) is missing; "
        + "put all the parts into one folder"
    case .severalModels(let path, let files):
      "\(path.printable()) holds several models; name one of its files: "
        + files.prefix(8).map { $0.printable() }.joined(separator: ", ")
    case .folder(let path, let reason):
      "\(path.printable()) is not a model folder: \(reason)"
    }
  }
}
