import Foundation
import Synchronization
import Testing

@testable import MosoHub

@Suite("A hub that cannot be reached") struct UnreachableTests {
  /// An address of this machine at which nothing listens: that of a hub that has closed.
  private static func closedEndpoint() async throws -> String {
    try await FakeHub.run { $0.endpoint }
  }

  @Test("A refused connection is called that, and leaves no folder behind") func refused() async throws {
    let scratch = try Scratch()
    let store = ModelStore(
      folder: scratch.path("store"), hub: .quick(try await Self.closedEndpoint()), environment: [:])
    let reasons = Mutex<[String]>([])
    let error = await #expect(throws: HubError.self) {
      try await store.pull("hf:tiny/x") { progress in
        if case .retrying(_, let reason) = progress.phase { reasons.withLock { $0.append(reason) } }
      }
    }
    let expected = "the connection was refused, so nothing listens there"
    #expect(error == .gaveUp(host: "127.0.0.1", reason: expected, attempts: 4))
    #expect(reasons.withLock { $0 } == [expected, expected, expected])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("store/partial")) == [])
    #expect(try store.list().unfinished.isEmpty)
  }

  @Test("A name that nobody has is called that") func unknownName() async throws {
    let scratch = try Scratch()
    let store = ModelStore(
      folder: scratch.path("store"), hub: .quick("http://no-such-host.invalid"), environment: [:])
    let error = await #expect(throws: HubError.self) { try await store.pull("hf:tiny/x") }
    #expect(
      error == .gaveUp(host: "no-such-host.invalid", reason: "its name could not be looked up", attempts: 4))
  }

  @Test("What has begun to arrive is kept") func begun() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x-Q4_0.gguf"], bytes: 50_000)]) { hub in
      hub.spoil { request, reply in if request.port == .storage { reply.dropAfter = 10_000 } }
      let scratch = try Scratch()
      var settings = HubSettings.quick(hub.endpoint)
      settings.retries.attempts = 1
      let store = ModelStore(folder: scratch.path("store"), hub: settings, environment: [:])
      await #expect(throws: HubError.self) { try await store.pull("hf:tiny/x") }
      #expect(filesBelow(scratch.path("store/partial")).contains { $0.hasSuffix(".partial") })
    }
  }

  @Test("An empty folder is called empty") func emptyFolder() throws {
    let scratch = try Scratch()
    #expect("\(FileSelectionError.noWeights(found: []))".hasPrefix("it is empty"))
    let error = #expect(throws: LocalModelError.self) { try LocalModel(at: scratch.path) }
    #expect(error == .folder(path: scratch.path, reason: .noWeights(found: [])))
  }
}
