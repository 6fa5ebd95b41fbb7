import Foundation
import Testing

@testable import MosoHub

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Several processes, and those that die") struct ProcessTests {
  private static let name = "x-Q4_0.gguf"
  private static let content = Array("GGUF".utf8) + sampleBytes(200_000)

  /// A hub whose storage sends slowly enough for a process to die in the middle.
  private static func slowHub(_ body: (FakeHub) async throws -> Void) async throws {
    try await FakeHub.run(["tiny/x": .gguf([name], bytes: 200_000)]) { hub in
      hub.spoil { request, reply in
        (reply.pieceSize, reply.pauseMilliseconds) = (5_000, 3)
      }
      try await body(hub)
    }
  }

  /// Where the bytes gather.
  private static func partial(in store: ModelStore) -> String {
    store.folder + "/partial/hf--tiny--x/files/x-Q4_0.gguf.partial"
  }

  /// Starts a pull in a process of its own that is killed as soon as there are so many bytes.
  private static func pullAndDie(at bytes: Int, in store: ModelStore, hub: FakeHub) async throws {
    let probe = try Probe(pulling: "hf:tiny/x", into: store.folder, endpoint: hub.endpoint)
    probe.kill(whenSizeOf: partial(in: store), reaches: bytes)
    let end = await probe.end()
    #expect(end.wasKilled && end.status == SIGKILL, "\(end)")
  }

  @Test(
    "A pull that is killed at any byte is continued by the next one",
    arguments: [0, 1, 5_001, 60_000, 150_000, 199_000])
  func killed(bytes: Int) async throws {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      try await Self.pullAndDie(at: bytes, in: store, hub: hub)
      #expect(filesBelow(scratch.path("store/models")) == [])
      #expect(try store.resolve("hf:tiny/x") == nil)
      #expect(try store.list().models == [])
      let left = Folder.fileSize(Self.partial(in: store)) ?? 0
      #expect(left >= bytes)
      let before = hub.requests.count
      let model = try await store.pull("hf:tiny/x")
      #expect(try contents(model.path) == Self.content)
      #expect(filesBelow(scratch.path("store/partial")) == [])
      if (1..<200_004).contains(left) {
        // What was on disk did not travel again.
        #expect(hub.requests[before...].last?.range == "bytes=\(left)-")
      }
    }
  }

  @Test("A pull that dies twice, once while it goes on, is still continued") func killedTwice() async throws {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      for bytes in [50_000, 120_000] { try await Self.pullAndDie(at: bytes, in: store, hub: hub) }
      #expect(try contents(try await store.pull("hf:tiny/x").path) == Self.content)
      #expect(hub.requests.filter { $0.port == .storage }.dropFirst().allSatisfy { $0.range != nil })
    }
  }

  @Test("Three processes and a task that pull one model fetch it once") func together() async throws {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      let waited = Flag()
      hub.spoil { request, reply in
        // The first one must not be done before the others come.
        if request.path.hasPrefix("/api") { reply.awaited = waited }
      }
      let probes = try (0..<3).map { _ in
        try Probe(pulling: "hf:tiny/x", into: store.folder, endpoint: hub.endpoint)
      }
      while hub.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      let model = try await store.pull("hf:tiny/x") { progress in
        if progress.phase == .waitingForOtherPull { waited.set() }
      }
      #expect(try contents(model.path) == Self.content)
      for probe in probes {
        let end = await probe.end()
        #expect(end.status == 0)
        #expect(end.output == model.path + "\n")
      }
      #expect(waited.isSet)
      #expect(hub.requests.count { $0.port == .storage } == 1)
      #expect(hub.requests.count { $0.path.hasPrefix("/api") } == 1)
    }
  }

  @Test("When the process that pulls dies, the one that waits goes on in its place") func heir() async throws {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      let waited = Flag()
      hub.spoil { request, reply in
        // The first one gets a part and then nothing more until it is killed.
        if request.port == .storage, request.earlier == 0 { reply.stallAfter = 100_000 }
      }
      let probe = try Probe(pulling: "hf:tiny/x", into: store.folder, endpoint: hub.endpoint)
      while hub.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      let model = try await store.pull("hf:tiny/x") { progress in
        if progress.phase == .waitingForOtherPull, progress.bytesDone == 100_000, waited.set() {
          #expect(progress.bytesTotal == 200_004)
          _ = kill(probe.processIdentifier, SIGKILL)
        }
      }
      #expect(try contents(model.path) == Self.content)
      #expect(await probe.end().wasKilled)
      #expect(hub.requests.last?.range == "bytes=100000-")
    }
  }

  @Test("A disk that fills up on the way gives a sentence, and what has arrived is kept") func fileLimit() async throws
  {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      // The system refuses to let a file grow beyond 80 blocks of 1,024 or 512 bytes, as a full disk would.
      let probe = try Probe(
        pulling: "hf:tiny/x", into: store.folder, endpoint: hub.endpoint,
        after: "trap '' XFSZ; ulimit -f 80; exec \"$@\"")
      let end = await probe.end()
      #expect(end.status == 1)
      let left = try #require(Folder.fileSize(Self.partial(in: store)))
      #expect([80 * 512, 80 * 1_024].contains(left))
      let needed = ByteCount.text(200_004 - left)
      #expect(end.output.hasPrefix("there is no room for \(Self.partial(in: store)): \(needed) more are needed; "))
      #expect(try contents(try await store.pull("hf:tiny/x").path) == Self.content)
    }
  }

  @Test("A model larger than the disk is refused before its first byte") func noRoom() async throws {
    var repository = FakeHub.Repository.gguf([Self.name])
    repository.files[Self.name]?.bytes = sampleBytes(10)
    try await FakeHub.run(["tiny/x": repository]) { hub in
      hub.spoil { request, reply in
        guard request.path.hasPrefix("/api") else { return }
        let text = String(decoding: reply.body, as: UTF8.self)
        reply.body = Array(text.replacing("\"size\":10", with: "\"size\":1000000000000000").utf8)
      }
      let scratch = try Scratch()
      let error = await #expect(throws: DiskError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      guard case .noSpace(_, 1_000_000_000_000_000, .some) = error else {
        Issue.record("unexpected: \(String(describing: error))")
        return
      }
      #expect("\(try #require(error))".contains("1.0 PB more are needed; "))
      #expect(hub.requests.count { $0.path.contains("/resolve/") } == 0)
    }
  }

  @Test("A small disk that is really full gives the same sentence", .enabled(if: SmallDisk.isPossible))
  func smallDisk() async throws {
    try await Self.slowHub { hub in
      let scratch = try Scratch()
      try await SmallDisk.with(scratch.path("disk"), bytes: 2_000_000) { disk in
        let store = ModelStore(folder: disk + "/store", hub: .quick(hub.endpoint))
        let filled = Flag()
        hub.spoil { request, reply in
          (reply.pieceSize, reply.awaited, reply.awaitedAfter) = (5_000, filled, 50_000)
        }
        let pull = Task { try await store.pull("hf:tiny/x") }
        // The check before the start is passed; then something else takes the room.
        while (Folder.fileSize(Self.partial(in: store)) ?? 0) < 50_000 { try await Task.sleep(for: .milliseconds(2)) }
        SmallDisk.fill(disk + "/other")
        filled.set()
        let error = await #expect(throws: DiskError.self) { try await pull.value }
        guard case .noSpace = error else {
          Issue.record("unexpected: \(String(describing: error))")
          return
        }
        #expect(filesBelow(disk + "/store/models") == [])
        try FileManager.default.removeItem(atPath: disk + "/other")
        #expect(try contents(try await store.pull("hf:tiny/x").path) == Self.content)
      }
    }
  }
}

/// A file system of a few bytes in memory, where this process may mount one.
enum SmallDisk {
  static let isPossible: Bool = {
    guard getuid() == 0 else { return false }
    let path = NSTemporaryDirectory() + "/moso-hub-tests-mount-\(getpid())"
    defer { rmdir(path) }
    return (try? mount(path, bytes: 100_000)) != nil && unmount(path)
  }()

  static func with(_ path: String, bytes: Int, _ body: (String) async throws -> Void) async throws {
    try mount(path, bytes: bytes)
    defer { _ = unmount(path) }
    try await body(path)
  }

  /// Writes a file until nothing more fits.
  static func fill(_ path: String) {
    guard let file = try? OpenFile(path, for: .creating) else { return }
    let bytes = [UInt8](repeating: 1, count: 4_096)
    while (try? unsafe file.append(bytes.span.bytes, needed: 0)) != nil {}
  }

  private struct Failure: Error {}

  private static func mount(_ path: String, bytes: Int) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard run(["mount", "-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", path]) else { throw Failure() }
  }

  private static func unmount(_ path: String) -> Bool { run(["umount", path]) }

  private static func run(_ words: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
