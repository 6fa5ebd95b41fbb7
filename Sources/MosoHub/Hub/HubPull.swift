#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Fetches the files of a repository that make up a model.
struct HubPull {
  let hub: HubClient
  let reference: HubReference
  let folder: PartialFolder
  let reporter: ProgressReporter

  func run() async throws -> ModelRecord {
    let listing = try await hub.listing(of: reference, reporter: reporter)
    let choice = try choose(from: listing)
    if let remark = choice.remark { reporter.remark(remark) }
    let files = try await describe(choice.files, in: listing)
    try announce(files, commit: listing.commit)
    let fetched = try await fetch(files, commit: listing.commit)
    return ModelRecord(
      name: reference.description,
      source: .hub(endpoint: hub.settings.endpoint, repository: reference.repository, commit: listing.commit),
      kind: choice.kind, files: fetched, weights: choice.weights, pulled: Date.now.formatted(.iso8601))
  }

  private func choose(from listing: HubListing) throws(HubError) -> FileSelection {
    do throws(FileSelectionError) {
      let choice = try FileSelection(reference.selection, among: listing.files.map(\.path))
      // Better said now than after gigabytes of weights.
      if choice.kind == .safetensors, !choice.companions.contains("tokenizer.json") { throw .missingTokenizer }
      return choice
    } catch {
      throw .noFiles(repository: reference.repository, reason: error)
    }
  }

  private func describe(_ paths: [String], in listing: HubListing) async throws -> [HubFile] {
    let byPath = Dictionary(listing.files.map { ($0.path, $0) }) { first, _ in first }
    var files: [HubFile] = []
    for path in paths {
      guard let file = byPath[path] else { continue }
      files.append(try await hub.completing(file, of: reference, commit: listing.commit, reporter: reporter))
    }
    return files
  }

  /// Says what is wanted, on disk and to the person, and asks for the room.
  private func announce(_ files: [HubFile], commit: String) throws {
    var wanted: [String: PartialFolder.Entry] = [:]
    for file in files {
      wanted[file.path] = PartialFolder.Entry(
        identity: file.check.identity(place: commit + "/" + file.path), size: file.size)
    }
    try folder.expect(wanted)
    let total = files.reduce(0) { $0 + $1.size }
    let present = files.reduce(0) { $0 + folder.bytesPresent(of: $1.path) }
    reporter.expect(total)
    reporter.start(at: present)
    try FreeSpace.check(for: total - present, at: folder.path)
  }

  private func fetch(_ files: [HubFile], commit: String) async throws -> [ModelRecord.File] {
    var fetched: [ModelRecord.File] = []
    // What later files already have counts from the start, so the sum never falls.
    var bytes = files.reduce(0) { $0 + folder.bytesPresent(of: $1.path) }
    for file in files {
      let present = folder.bytesPresent(of: file.path)
      var sha256 = folder.finishedHash(of: file.path)
      if sha256 == nil {
        let download = FileDownload(
          hub: hub, reference: reference, commit: commit, file: file, folder: folder, reporter: reporter,
          bytesBefore: bytes - present)
        sha256 = try await download.run()
      }
      bytes += file.size - present
      fetched.append(ModelRecord.File(path: file.path, size: file.size, sha256: sha256 ?? ""))
    }
    return fetched
  }
}
