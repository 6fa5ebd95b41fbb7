import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Fetches one file of a repository: goes on where an earlier try stopped, and believes nothing that is not verified.
struct FileDownload {
  /// How often a file that arrives damaged is fetched again.
  private static let repeatLimit = 2

  let hub: HubClient
  let reference: HubReference
  let commit: String
  let file: HubFile
  let folder: PartialFolder
  let reporter: ProgressReporter
  /// The bytes of the pull's other files that are there.
  let bytesBefore: Int

  /// Fetches the file and gives it its name in the folder.
  ///
  /// - Returns: Its SHA-256.
  func run() async throws -> String {
    reporter.enter(.verifying, file: file.path)
    var part = try await PartialFile(folder.partialPath(of: file.path), size: file.size, check: file.check)
    var failures = 0
    while true {
      reporter.start(at: bytesBefore + part.count)
      try await fill(&part)
      let digests = part.digests()
      guard let (expected, found) = digests.mismatch(with: file.check) else {
        try await part.synchronize()
        try folder.finish(file.path, sha256: digests.sha256)
        return digests.sha256
      }
      try part.restart()
      failures += 1
      guard failures <= Self.repeatLimit else {
        throw HubError.corrupted(file: file.path, expected: expected, found: found)
      }
      reporter.remark("\(file.path.printable()) arrived damaged and is fetched again")
    }
  }

  /// Asks for what is missing until nothing is, or it has failed too often.
  private func fill(_ part: inout PartialFile) async throws {
    var retries = Retries(hub.settings.retries)
    while part.missing > 0 {
      let before = part.count
      do {
        try await receive(&part)
      } catch let failure as TransientFailure {
        if part.count > before { retries.progressed() }
        let pause = try retries.pause(after: failure, host: hub.transport.home.host)
        reporter.enter(.retrying(after: pause, reason: failure.reason), file: file.path)
        try await Task.sleep(for: pause)
      }
    }
  }

  /// One request: appends what arrives.
  private func receive(_ part: inout PartialFile) async throws {
    reporter.enter(.downloading, file: file.path)
    var entry = folder.entry(for: file.path) ?? PartialFolder.Entry(identity: "", size: file.size)
    // Without a hash, only the server's word that these are the same bytes allows to go on with them.
    if part.count > 0, file.check == .none, entry.entityTag == nil { try part.restart() }
    var headers: [(String, String)] = []
    if part.count > 0 {
      headers.append(("Range", "bytes=\(part.count)-"))
      if let tag = entry.entityTag { headers.append(("If-Range", tag)) }
    }
    let address = try hub.address(of: file.path, in: reference.repository, commit: commit)
    let answer = try await hub.transport.send(to: address, headers: headers)
    switch answer.status {
    case 200:
      try part.restart()
      reporter.start(at: bytesBefore)
      if let length = answer.number("Content-Length"), length != file.size {
        throw TransientFailure(reason: wrongSize(length))
      }
    case 206:
      let range = ContentRange(answer.headers.first(name: "Content-Range") ?? "")
      let tag = answer.strongEntityTag
      guard let range, range.start == part.count, range.total == nil || range.total == file.size,
        tag == nil || entry.entityTag == nil || tag == entry.entityTag
      else {
        try part.restart()
        throw TransientFailure(reason: "the server sent another part of \(file.path) than was asked for")
      }
    case 416:
      try part.restart()
      throw TransientFailure(reason: "the server has no such part of \(file.path)")
    default:
      throw try await hub.failure(of: answer, reference: reference, file: file.path)
    }
    entry.entityTag = answer.strongEntityTag
    try folder.note(entry, for: file.path)
    try await append(answer, to: &part)
  }

  private func append(_ answer: HubTransport.Answer, to part: inout PartialFile) async throws {
    var iterator = answer.body.makeAsyncIterator()
    while true {
      let piece: ByteBuffer?
      do {
        piece = try await iterator.next()
      } catch {
        throw HubTransport.translate(error, host: answer.address.host)
      }
      guard let piece else { break }
      guard piece.readableBytes <= part.missing else {
        let found = part.count + piece.readableBytes
        try part.restart()
        throw TransientFailure(reason: wrongSize(found))
      }
      try part.append(piece.readableBytesSpan)
      reporter.reach(bytesBefore + part.count)
    }
    if part.missing > 0 { throw TransientFailure(reason: "the connection was closed early") }
  }

  private func wrongSize(_ found: Int) -> String {
    "\(file.path) should have \(file.size) bytes, but the server sends \(found)"
  }
}

/// What a `Content-Range` header says: `bytes 100-199/200`.
struct ContentRange: Hashable {
  let start: Int
  /// The size of the whole, if the server knows it.
  let total: Int?

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/")
    guard parts.count == 2, let start = parts[0].split(separator: "-").first.flatMap({ Int($0) }), start >= 0 else {
      return nil
    }
    self.start = start
    total = Int(parts[1])
  }
}
