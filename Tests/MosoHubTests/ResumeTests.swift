import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import MosoHub

@Suite("Transfers that fail") struct ResumeTests {
  private static let name = "x-Q4_0.gguf"
  private static let content = Array("GGUF".utf8) + sampleBytes(400)

  private static func repository() -> FakeHub.Repository { .gguf([name], bytes: 400) }

  @Test("A connection that breaks every few bytes costs nothing twice", arguments: [1, 2, 3, 7, 64, 403, 404])
  func drops(each step: Int) async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage { reply.dropAfter = step }
      }
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/x")
      #expect(try contents(model.path) == Self.content)
      let asked = hub.requests.filter { $0.port == .storage }
      #expect(asked.count == (404 + step - 1) / step)
      #expect(asked.dropFirst().allSatisfy { $0.headers.first(name: "If-Range")?.hasPrefix("\"storage-") == true })
      let small = hub.requests.filter { $0.port == .hub }
      #expect(hub.bodyBytes < 404 + small.count * 400)
    }
  }

  @Test("A small file without a hash of its own is continued by its entity tag") func smallFile() async throws {
    var repository = FakeHub.Repository.safetensors(bytes: 100)
    repository.files["tokenizer.json"] = FakeHub.File(bytes: sampleBytes(10_000), isLarge: false)
    try await FakeHub.run(["tiny/x": repository]) { hub in
      hub.spoil { request, reply in
        if request.path.hasSuffix("tokenizer.json"), request.earlier < 3 { reply.dropAfter = 3_000 }
      }
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/x")
      #expect(try contents(model.folder + "/tokenizer.json") == sampleBytes(10_000))
      let asked = hub.requests.filter { $0.path.hasSuffix("tokenizer.json") && $0.method == .GET }
      #expect(asked.map { $0.range } == [nil, "bytes=3000-", "bytes=6000-", "bytes=9000-"])
    }
  }

  @Test("A server that ignores ranges sends all again, and the file is still right") func noRanges() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        guard request.port == .storage else { return }
        reply.status = .ok
        reply.headers.remove(name: "Content-Range")
        reply.body = Self.content
        if request.earlier == 0 { reply.dropAfter = 150 }
      }
      let scratch = try Scratch()
      #expect(try contents(try await scratch.store(hub).pull("hf:tiny/x").path) == Self.content)
    }
  }

  @Test("A part of another file, or of another place, is not appended", arguments: ["tag", "start", "total", "none"])
  func wrongPart(fault: String) async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        guard request.port == .storage else { return }
        if request.earlier == 0 { reply.dropAfter = 100 }
        guard request.earlier == 1 else { return }
        switch fault {
        case "tag": reply.headers.replaceOrAdd(name: "ETag", value: "\"another\"")
        case "start": reply.headers.replaceOrAdd(name: "Content-Range", value: "bytes 90-403/404")
        case "total": reply.headers.replaceOrAdd(name: "Content-Range", value: "bytes 100-403/500")
        default: reply.headers.remove(name: "Content-Range")
        }
      }
      let scratch = try Scratch()
      #expect(try contents(try await scratch.store(hub).pull("hf:tiny/x").path) == Self.content)
      #expect(hub.requests.count { $0.port == .storage } == 3)
    }
  }

  @Test("A blob that arrives damaged is fetched again, and the person is told") func damagedOnce() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage, request.earlier == 0 { reply.body[17] ^= 1 }
      }
      let scratch = try Scratch()
      let notes = Mutex<[String]>([])
      let model = try await scratch.store(hub).pull("hf:tiny/x") { progress in
        if let note = progress.note { notes.withLock { $0.append(note) } }
      }
      #expect(try contents(model.path) == Self.content)
      #expect(notes.withLock { $0 } == ["x-Q4_0.gguf arrived damaged and is fetched again"])
    }
  }

  @Test("The bytes an earlier pull left are hashed too") func damagedBefore() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      let scratch = try Scratch()
      hub.spoil { request, reply in
        if request.port == .storage { reply.stallAfter = 0 }
        if request.port == .storage, request.earlier == 0 { (reply.stallAfter, reply.dropAfter) = (nil, 200) }
      }
      let task = Task { [store = scratch.store(hub)] in try await store.pull("hf:tiny/x") }
      while hub.requests.count(where: { $0.port == .storage }) < 2 { try await Task.sleep(for: .milliseconds(2)) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      let left = scratch.path("store/partial/hf--tiny--x/files/x-Q4_0.gguf.partial")
      var bytes = try contents(left)
      #expect(bytes == Array(Self.content.prefix(200)))
      bytes[50] ^= 0x80
      try Data(bytes).write(to: URL(fileURLWithPath: left))
      hub.spoil { _, _ in }
      #expect(try contents(try await scratch.store(hub).pull("hf:tiny/x").path) == Self.content)
    }
  }

  @Test("A blob that is always damaged ends in an error with both hashes") func damagedAlways() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage { reply.body[17] ^= 1 }
      }
      let scratch = try Scratch()
      var spoiled = Self.content
      spoiled[17] ^= 1
      let expected = HubError.corrupted(
        file: Self.name, expected: FakeHub.sha256(Self.content), found: FakeHub.sha256(spoiled))
      await #expect(throws: expected) { try await scratch.store(hub).pull("hf:tiny/x") }
      #expect(filesBelow(scratch.path("store/models")) == [])
      #expect(hub.requests.count { $0.port == .storage } == 3)
    }
  }

  @Test("A small file that is damaged is noticed by git's name for it") func damagedSmallFile() async throws {
    try await FakeHub.run(["tiny/x": .safetensors(bytes: 100)]) { hub in
      hub.spoil { request, reply in
        if request.path.hasSuffix("/config.json"), request.earlier == 0 { reply.body[3] ^= 1 }
      }
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/x")
      #expect(try contents(model.folder + "/config.json") == Array("{\"this is\": \"config.json\"}".utf8))
    }
  }

  @Test("A wrong size is an error, whether it is announced or just comes", arguments: ["longer", "shorter", "endless"])
  func wrongSize(fault: String) async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        guard request.port == .storage else { return }
        switch fault {
        case "longer": reply.body += [1, 2, 3]
        case "shorter": reply.body.removeLast()
        default:
          reply.headers.add(name: "Transfer-Encoding", value: "chunked")
          reply.announcedLength = -1
          reply.body = [UInt8](repeating: 1, count: 10_000_000)
        }
      }
      let scratch = try Scratch()
      let error = await #expect(throws: HubError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      #expect("\(try #require(error))".contains("x-Q4_0.gguf should have 404 bytes, but the server sends"))
      #expect(filesBelow(scratch.path("store/models")) == [])
    }
  }

  @Test("A busy server is asked again, after the pause it wants", arguments: [429, 503, 500, 408])
  func busy(status: Int) async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        guard request.earlier < 2, request.port == .storage || request.path.hasPrefix("/api") else { return }
        reply = FakeHub.Reply(status: HTTPResponseStatus(statusCode: status))
        reply.headers.add(name: "Retry-After", value: "0")
      }
      let scratch = try Scratch()
      let reasons = Mutex<Set<String>>([])
      let model = try await scratch.store(hub).pull("hf:tiny/x") { progress in
        guard case .retrying(let pause, let reason) = progress.phase else { return }
        #expect(pause == .zero)
        reasons.withLock { _ = $0.insert(reason) }
      }
      #expect(try contents(model.path) == Self.content)
      #expect(reasons.withLock { $0 } == ["127.0.0.1 answered \(status)"])
    }
  }

  @Test("A server that asks for an hour is believed, and the pull ends") func longPause() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        reply = FakeHub.Reply(status: .tooManyRequests)
        reply.headers.add(name: "Retry-After", value: "3600")
      }
      let scratch = try Scratch()
      await #expect(throws: HubError.askedToWait(host: "127.0.0.1", pause: .seconds(3_600))) {
        try await scratch.store(hub).pull("hf:tiny/x")
      }
    }
  }

  @Test("After a bounded number of tries the pull gives up, and the next one goes on") func givesUp() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage { reply.dropAfter = request.earlier == 0 ? 300 : 0 }
      }
      let scratch = try Scratch()
      let error = await #expect(throws: HubError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      guard case .gaveUp("127.0.0.1", _, 4) = error else {
        Issue.record("unexpected: \(String(describing: error))")
        return
      }
      #expect(
        try scratch.store(hub).list().unfinished == [UnfinishedPull(name: "hf:tiny/x", bytesDone: 300, bytesTotal: 404)]
      )
      hub.spoil { _, _ in }
      let before = hub.requests.count
      #expect(try contents(try await scratch.store(hub).pull("hf:tiny/x").path) == Self.content)
      #expect(hub.requests[before...].last?.range == "bytes=300-")
    }
  }

  @Test("A server that falls silent is left and asked again") func silence() async throws {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage, request.earlier == 0 { reply.stallAfter = 100 }
      }
      let scratch = try Scratch()
      var settings = HubSettings.quick(hub.endpoint)
      settings.silenceTimeout = .seconds(2)
      settings.retries.attempts = 10
      let store = ModelStore(folder: scratch.path("store"), hub: settings)
      #expect(try contents(try await store.pull("hf:tiny/x").path) == Self.content)
    }
  }

  @Test("Nobody listening is a sentence with the host and the reason") func nobody() async throws {
    let scratch = try Scratch()
    let endpoint = try await FakeHub.run { $0.endpoint }
    let store = ModelStore(folder: scratch.path("store"), hub: .quick(endpoint))
    let error = await #expect(throws: HubError.self) { try await store.pull("hf:tiny/x") }
    #expect("\(try #require(error))".hasPrefix("127.0.0.1 could not be reached or did not finish after 4 tries: "))
  }

  @Test("When the repository changes between two pulls, old bytes are not mixed with new") func newCommit() async throws
  {
    try await FakeHub.run(["tiny/x": Self.repository()]) { hub in
      hub.spoil { request, reply in
        if request.port == .storage { reply.dropAfter = request.earlier == 0 ? 300 : 0 }
      }
      let scratch = try Scratch()
      await #expect(throws: HubError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      hub.change("tiny/x") { repository in
        repository.commit = String(repeating: "decafbad", count: 5)
        repository.files[Self.name]?.bytes.reverse()
      }
      hub.spoil { _, _ in }
      let model = try await scratch.store(hub).pull("hf:tiny/x")
      #expect(try contents(model.path) == Self.content.reversed())
    }
  }
}
