import Foundation
import MosoFormats
import Testing

@testable import MosoHub

@Suite("The store") struct ModelStoreTests {
  @Test("The folder is where the environment says") func location() {
    func folder(_ environment: [String: String]) -> String { CacheLocation.storeFolder(environment: environment) }
    #expect(folder(["MOSO_HOME": "/m", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/m")
    #expect(folder(["MOSO_HOME": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/moso")
    #expect(folder(["MOSO_HOME": "~/m", "HOME": "/h"]).hasSuffix("/m"))
    #expect(folder(["MOSO_HOME": "m"]) == FileManager.default.currentDirectoryPath + "/m")
    #if canImport(Darwin)
      #expect(folder(["HOME": "/h"]) == "/h/Library/Caches/moso")
    #else
      #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "relative"]) == "/h/.cache/moso")
    #endif
    #expect(CacheLocation.huggingFaceFolder(environment: ["HF_HOME": "/f", "HOME": "/h"]) == "/f/hub")
    #expect(CacheLocation.huggingFaceFolder(environment: ["HF_HUB_CACHE": "/c", "HF_HOME": "/f"]) == "/c")
    #expect(CacheLocation.huggingFaceFolder(environment: ["HOME": "/h"]) == "/h/.cache/huggingface/hub")
  }

  @Test("The hub's settings come from the environment") func settings() {
    let settings = HubSettings(environment: ["HF_ENDPOINT": "https://mirror.example/hf//", "HF_TOKEN": "hf_x"])
    #expect(settings.endpoint == "https://mirror.example/hf")
    #expect(settings.token == "hf_x")
    #expect(HubSettings(environment: ["HF_TOKEN": ""]).token == nil)
    #expect(HubSettings(environment: [:]).endpoint == "https://huggingface.co")
  }

  @Test("Each reference has a folder of its own, whatever the file system does with case") func folderNames() throws {
    let texts = [
      "smollm2", "hf:a/b", "hf:a/b:Q4_0", "hf:a/b@v1", "hf:a/b@V1", "hf:a/b:x.gguf", "hf:a/b:X.gguf",
      "hf:a/b@v1:x.gguf", "hf:a/b:c/x.gguf", "hf:a-/b".replacing("a-", with: "a_"), "hf:a/b_Q4_0",
      "hf:a/b:" + String(repeating: "x", count: 230) + ".gguf",
    ]
    let names = try texts.map { ModelStore.folderName(of: try ModelReference($0)) }
    #expect(Set(names.map { $0.lowercased() }).count == texts.count)
    #expect(names.allSatisfy { $0.utf8.count <= 250 && SafePath($0) != nil })
    #expect(Array(names.prefix(3)) == ["smollm2", "hf--a--b", "hf--a--b--q4_0"])
    #expect(ModelStore.folderName(of: try ModelReference("hf:A/B")) == "hf--a--b")
  }

  @Test("A store that does not exist yet is empty") func empty() throws {
    let scratch = try Scratch()
    let store = ModelStore(folder: scratch.path("nothing/there"), hub: .quick("http://127.0.0.1:9"))
    #expect(try store.list() == StoreListing(models: [], unfinished: [], unreadable: []))
    #expect(try store.resolve("smollm2") == nil)
    #expect(throws: StoreError.notStored(name: "smollm2")) { try store.remove("smollm2") }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("nothing")))
  }

  @Test("Models are listed by name, and removed with all their bytes") func listAndRemove() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors(), "a/x": .gguf(["x-Q4_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      _ = try await store.pull("hf:tiny/llama")
      _ = try await store.pull("hf:a/x:Q4_0")
      let listing = try store.list()
      #expect(listing.models.map(\.name) == ["hf:a/x:Q4_0", "hf:tiny/llama"])
      #expect(listing.models[0].record.size == 20_004)
      #expect(listing.models.allSatisfy { $0.damagedFile == nil })
      #expect(listing.unfinished == [])
      #expect(try store.remove("hf:a/x:q4_0") > 20_004)
      #expect(try store.list().models.map(\.name) == ["hf:tiny/llama"])
      #expect(throws: StoreError.notStored(name: "hf:a/x:Q4_0")) { try store.remove("hf:a/x:Q4_0") }
    }
  }

  @Test("A model is not removed while somebody pulls it") func busy() async throws {
    try await FakeHub.run(["a/x": .gguf(["x-Q4_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      _ = try await store.pull("hf:a/x")
      let lock = try store.lock(ModelReference("hf:a/x"))
      #expect(lock != nil)
      #expect(throws: StoreError.busy(name: "hf:a/x")) { try store.remove("hf:a/x") }
      #expect(try store.resolve("hf:a/x") != nil)
      withExtendedLifetime(lock) {}
    }
  }

  @Test("A model that lost a file says so, and the next pull repairs it") func damaged() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors()]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      let model = try await store.pull("hf:tiny/llama")
      try Data([1]).write(to: URL(fileURLWithPath: model.path))
      #expect(throws: StoreError.damaged(name: "hf:tiny/llama", file: "model.safetensors")) {
        try store.resolve("hf:tiny/llama")
      }
      #expect(try store.list().models[0].damagedFile == "model.safetensors")
      #expect(try await store.pull("hf:tiny/llama") == store.resolve("hf:tiny/llama"))
      #expect(try contents(model.path) == sampleBytes(50_000))
      try Data("{".utf8).write(to: URL(fileURLWithPath: model.folder + "/model.json"))
      #expect(try store.list().unreadable.count == 1)
      _ = try await store.pull("hf:tiny/llama")
      #expect(try store.list().unreadable == [])
    }
  }

  @Test("Members of model.json that are not known are kept") func record() throws {
    let scratch = try Scratch()
    let text = """
      {"format": "moso.model/1", "name": "x", "kind": "gguf", "weights": ["a.gguf"], "parent": "abc",
       "files": [{"path": "a.gguf", "size": 3, "sha256": "00"}], "recipe": {"steps": 10, "rate": 1.5}}
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("model.json")))
    var record = try ModelRecord(readingFrom: scratch.path)
    #expect(record.others == ["parent": "abc", "recipe": ["steps": 10, "rate": 1.5]])
    record.architecture = "llama"
    try record.write(into: scratch.path)
    #expect(try ModelRecord(readingFrom: scratch.path) == record)
    let model = try LocalModel(at: scratch.path)
    #expect(model.record == record)
    #expect(model.weights == [scratch.path("a.gguf")])
  }

  @Test(
    "A model.json that is wrong is an error, not a crash",
    arguments: [
      "", "[]", "{}", #"{"format": "moso.model/2"}"#,
      #"{"format": "moso.model/1", "name": "x", "kind": "gguf", "weights": []}"#,
      #"{"format": "moso.model/1", "name": "x", "kind": "gguf", "weights": ["../a"], "files": [{"path": "../a", "size": 1, "sha256": ""}]}"#,
      #"{"format": "moso.model/1", "name": "x", "kind": "gguf", "weights": ["b"], "files": [{"path": "a", "size": 1, "sha256": ""}]}"#,
      #"{"format": "moso.model/1", "name": "x", "kind": "gguf", "weights": ["a"], "files": [{"path": "a", "size": -1, "sha256": ""}]}"#,
    ])
  func badRecord(text: String) throws {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("model.json")))
    #expect(throws: ModelRecordError.self) { try ModelRecord(readingFrom: scratch.path) }
  }

  @Test(
    "A state that was spoiled on disk costs the bytes and nothing else",
    arguments: ["", "{", "[1]", #"{"model": "x", "files": {"../../../victim": {"identity": "a", "size": 1}}}"#])
  func spoiledState(text: String) async throws {
    try await FakeHub.run(["a/x": .gguf(["x-Q4_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      let partial = store.partialFolder(of: try ModelReference("hf:a/x"))
      try FileManager.default.createDirectory(atPath: partial + "/files", withIntermediateDirectories: true)
      try Data("wrong".utf8).write(to: URL(fileURLWithPath: partial + "/files/x-Q4_0.gguf.partial"))
      try Data(text.utf8).write(to: URL(fileURLWithPath: partial + "/state.json"))
      try Data("kept".utf8).write(to: URL(fileURLWithPath: scratch.path("store/victim")))
      let model = try await store.pull("hf:a/x")
      #expect(try contents(model.path) == Array("GGUF".utf8) + sampleBytes(20_000, seed: 1))
      #expect(filesBelow(model.folder) == ["model.json", "x-Q4_0.gguf"])
      #expect(try contents(scratch.path("store/victim")) == Array("kept".utf8))
    }
  }

  @Test("Git's name for a content is git's") func gitBlob() {
    // `printf 'hello\n' | git hash-object --stdin`, and the SHA-256 of coreutils' sha256sum.
    var hash = ContentHash(size: 6, check: .gitBlob(""))
    unsafe hash.update(Array("hello\n".utf8).span.bytes)
    #expect(hash.finalize().gitBlob == "ce013625030ba8dba906f756967f9e9ca394464a")
    #expect(hash.finalize().sha256 == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
  }

  @Test("A folder that cannot be written to is named", .enabled(if: getuid() != 0)) func readOnly() async throws {
    let store = ModelStore(folder: "/proc/moso", hub: .quick("http://127.0.0.1:9"))
    await #expect(throws: DiskError.self) { try await store.pull("hf:a/x") }
  }

  @Test("A file in the place of the store is named") func fileInTheWay() async throws {
    let scratch = try Scratch()
    try Data().write(to: URL(fileURLWithPath: scratch.path("file")))
    let store = ModelStore(folder: scratch.path("file"), hub: .quick("http://127.0.0.1:9"))
    let error = await #expect(throws: DiskError.self) { try await store.pull("hf:a/x") }
    #expect("\(try #require(error))".hasPrefix("could not list \(scratch.path("file/models")): "))
  }
}
