/// The folder that keeps the models of this machine, shared by every process that uses it.
///
/// ```swift
/// let model = try await ModelStore.default.pull("smollm2") { print($0.amounts) }
/// print(model.path)
/// ```
///
/// It has three folders: `models/` with one folder for each model, whole and verified, with a `model.json`; `partial/`
/// with what interrupted pulls left; and `locks/`, which keep two processes from pulling one model at once.
public struct ModelStore: Sendable {
  /// The folder of the store.
  public let folder: String
  /// How hubs are reached.
  public let hub: HubSettings
  /// The environment that child processes get.
  let environment: [String: String]

  /// Opens a store; nothing is made on disk before the first pull.
  ///
  /// - Parameters:
  ///   - folder: Where the store is.
  ///   - hub: How hubs are reached; by default as the environment says.
  ///   - environment: The variables that pip is started with.
  public init(
    folder: String, hub: HubSettings? = nil, environment: [String: String] = CacheLocation.environment
  ) {
    self.folder = folder
    self.hub = hub ?? HubSettings(environment: environment)
    self.environment = environment
  }

  /// The store that `MOSO_HOME`, `XDG_CACHE_HOME` and the home folder lead to.
  public static var `default`: ModelStore {
    ModelStore(folder: CacheLocation.storeFolder())
  }
}

// MARK: - Places

extension ModelStore {
  var modelsFolder: String { FilePaths.join(folder, "models") }
  var partialsFolder: String { FilePaths.join(folder, "partial") }

  func modelFolder(of reference: ModelReference) -> String {
    FilePaths.join(modelsFolder, Self.folderName(of: reference))
  }

  func partialFolder(of reference: ModelReference) -> String {
    FilePaths.join(partialsFolder, Self.folderName(of: reference))
  }

  /// The lock of a model, or `nil` while somebody else has it.
  func lock(_ reference: ModelReference) throws(DiskError) -> LockFile? {
    let locks = FilePaths.join(folder, "locks")
    try Folder.make(locks)
    return try LockFile(FilePaths.join(locks, Self.folderName(of: reference) + ".lock"))
  }

  /// The name of a model's folder: one for each reference, safe on every file system, and readable.
  ///
  /// The owner and the name of a repository, and a quantisation, do not depend on case and hold no double `-`. What may
  /// hold anything, a revision and a file, is told apart by a hash.
  static func folderName(of reference: ModelReference) -> String {
    var parts: [String]
    var exact: String?
    switch reference {
    case .wellKnown(let model): parts = [model.name]
    case .local(let path): (parts, exact) = (["path", FilePaths.lastComponent(of: path)], path)
    case .hub(let hub):
      parts = ["hf", hub.owner, hub.name]
      if let revision = hub.revision {
        parts.append(revision)
        exact = revision
      }
      switch hub.selection {
      case .standard: break
      case .quantisation(let name): parts.append(name)
      case .file(let path):
        parts.append(FilePaths.lastComponent(of: path))
        exact = (exact ?? "") + ":" + path
      }
    }
    let readable = parts.joined(separator: "--").lowercased().prefix(200)
    var result = String(
      decoding: readable.utf8.map { HubReference.isNameByte($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    if let exact { result += "--" + ContentHash.sha256(of: exact).prefix(16) }
    return result
  }
}
