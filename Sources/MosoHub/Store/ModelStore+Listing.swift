/// A model of the store.
public struct StoredModel: Sendable, Hashable {
  /// The reference it is pulled and used as.
  public var name: String { record.name }
  /// What was noted when the model was pulled.
  public let record: ModelRecord
  /// The folder that holds its files.
  public let folder: String
  /// The first of its files that is missing or has another size than it should; `nil` for a whole model.
  public let damagedFile: String?
}

/// What an interrupted pull left.
public struct UnfinishedPull: Sendable, Hashable {
  /// The reference of the model.
  public let name: String
  /// The bytes that are there.
  public let bytesDone: Int
  /// The bytes of all files of the model.
  public let bytesTotal: Int
}

/// What is in a store.
public struct StoreListing: Sendable, Hashable {
  /// The models, in the order of their names.
  public let models: [StoredModel]
  /// What was begun and not finished.
  public let unfinished: [UnfinishedPull]
  /// Folders whose `model.json` could not be read, each with the reason.
  public let unreadable: [String]
}

extension ModelStore {
  /// Everything that is in the store; an empty listing when there is none yet.
  public func list() throws -> StoreListing {
    var models: [StoredModel] = []
    var unreadable: [String] = []
    for name in try Folder.names(in: modelsFolder) where !name.hasPrefix(".") {
      let folder = FilePaths.join(modelsFolder, name)
      guard Folder.isFolder(folder) else { continue }
      do {
        models.append(try storedModel(in: folder))
      } catch {
        unreadable.append("\(error)")
      }
    }
    // A model that was finished a moment ago may still have its other folder.
    let finished = Set(models.filter { $0.damagedFile == nil }.map(\.name))
    let unfinished = try Folder.names(in: partialsFolder).compactMap { name in
      unfinishedPull(in: FilePaths.join(partialsFolder, name)).flatMap { finished.contains($0.name) ? nil : $0 }
    }
    models.sort { $0.name < $1.name }
    return StoreListing(models: models, unfinished: unfinished, unreadable: unreadable)
  }

  private func storedModel(in folder: String) throws -> StoredModel {
    let record = try ModelRecord(readingFrom: folder)
    let damaged = record.files.first { Folder.fileSize(FilePaths.join(folder, $0.path)) != $0.size }
    return StoredModel(record: record, folder: folder, damagedFile: damaged?.path)
  }

  /// What is there of a pull that is not finished: under way, or interrupted.
  func unfinishedPull(in path: String) -> UnfinishedPull? {
    guard let state = PartialFolder.readState(in: path) else { return nil }
    var (done, total) = (0, 0)
    for (file, entry) in state.entries {
      let place = FilePaths.join(FilePaths.join(path, "files"), file)
      total = total.addingReportingOverflow(entry.size).partialValue
      done += Folder.fileSize(place) ?? Folder.fileSize(place + PartialFolder.ending) ?? 0
    }
    return UnfinishedPull(name: state.model, bytesDone: done, bytesTotal: max(total, 0))
  }

  /// The model that a reference names, if all its files are on this machine.
  ///
  /// Well-known names and `hf:` references are looked for in the store, then `hf:` references in the folder of Hugging
  /// Face's own tools; paths lead where they lead. Nothing is fetched.
  ///
  /// - Returns: `nil` when the model has to be pulled first.
  /// - Throws: ``ModelReferenceError`` for a text that names nothing, ``LocalModelError`` for a path without a model,
  ///   ``StoreError/damaged(name:file:)`` for a model of the store that lost a file.
  public func resolve(_ text: String) throws -> LocalModel? {
    try resolve(try ModelReference(text))
  }

  /// The model that a reference names, if all its files are on this machine; see ``resolve(_:)-(String)``.
  public func resolve(_ reference: ModelReference) throws -> LocalModel? {
    if case .local(let path) = reference { return try LocalModel(at: path) }
    if let stored = try stored(reference) {
      if let file = stored.damagedFile { throw StoreError.damaged(name: stored.name, file: file) }
      return LocalModel(name: stored.name, record: stored.record, in: stored.folder)
    }
    if case .hub(let wanted) = reference, let cache = hub.huggingFaceFolder {
      return HuggingFaceCache(folder: cache).model(wanted)
    }
    return nil
  }

  /// The store's entry for a reference: its own, or for a repository without more the only one of that repository.
  func stored(_ reference: ModelReference) throws -> StoredModel? {
    let folder = modelFolder(of: reference)
    if Folder.isFolder(folder) { return try storedModel(in: folder) }
    guard case .hub(let wanted) = reference, wanted.selection == .standard, wanted.revision == nil else { return nil }
    let others = try list().models.filter { model in
      guard case .hub(_, let repository, _) = model.record.source else { return false }
      return repository.lowercased() == wanted.repository.lowercased()
    }
    return others.count == 1 ? others[0] : nil
  }

  /// Removes a model and what an interrupted pull of it left.
  ///
  /// Processes that have its files open keep them until they end.
  ///
  /// - Returns: How many bytes that freed.
  /// - Throws: ``StoreError/notStored(name:)`` when there is nothing to remove, ``StoreError/busy(name:)`` while it is
  ///   being pulled.
  public func remove(_ text: String) throws -> Int {
    let reference = try ModelReference(text)
    let (model, partial) = (modelFolder(of: reference), partialFolder(of: reference))
    guard Folder.item(at: model) != nil || Folder.item(at: partial) != nil else {
      throw StoreError.notStored(name: reference.description)
    }
    guard let lock = try lock(reference) else { throw StoreError.busy(name: reference.description) }
    defer { withExtendedLifetime(lock) {} }
    let bytes = Folder.totalSize(of: model, depth: 20) + Folder.totalSize(of: partial, depth: 20)
    try Folder.remove(partial)
    if Folder.item(at: model) != nil {
      // First out of sight in one step, so that nobody finds half a model.
      try Folder.make(partialsFolder)
      try Folder.move(model, to: partial)
      try Folder.remove(partial)
    }
    return bytes
  }
}

/// Why the store could not do what was asked.
public enum StoreError: Error, Hashable, Sendable {
  /// There is no such model to remove.
  case notStored(name: String)
  /// The model cannot be removed while it is being fetched.
  case busy(name: String)
  /// A file of the model is gone or shorter than it was.
  case damaged(name: String, file: String)
  /// The store keeps models by name and not by path.
  case localPath(String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notStored(let name):
      "\(name.printable()) is not in the store; moso list shows what is"
    case .busy(let name):
      "\(name.printable()) is being pulled by another process; wait for it or stop it first"
    case .damaged(let name, let file):
      "\(name.printable()) lost its file \(file.printable()) or a part of it; fetch it again with: moso pull \(name.printable())"
    case .localPath(let path):
      "\(path.printable()) is a path, where the name of a model of the store was expected"
    }
  }
}
