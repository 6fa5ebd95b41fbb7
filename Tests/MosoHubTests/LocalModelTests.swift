import Foundation
import Testing

@testable import MosoHub

@Suite("Models at a path") struct LocalModelTests {
  private func write(_ names: [String], in folder: String, content: String = "GGUF....") throws {
    for name in names {
      let path = URL(fileURLWithPath: folder + "/" + name)
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: path)
    }
  }

  @Test("A GGUF file is known by its first bytes, a part brings the others") func gguf() throws {
    let scratch = try Scratch()
    try write(["x.gguf", "sha256-abc", "y-00001-of-00002.gguf", "y-00002-of-00002.gguf"], in: scratch.path)
    #expect(try LocalModel(at: scratch.path("x.gguf")).weights == [scratch.path("x.gguf")])
    #expect(try LocalModel(at: scratch.path("sha256-abc")).kind == .gguf)
    #expect(try LocalModel(at: scratch.path("y-00002-of-00002.gguf")).weights.count == 2)
    #expect(try LocalModel(at: scratch.path("y-00002-of-00002.gguf")).path == scratch.path("y-00001-of-00002.gguf"))
    try FileManager.default.removeItem(atPath: scratch.path("y-00001-of-00002.gguf"))
    #expect(throws: LocalModelError.self) { try LocalModel(at: scratch.path("y-00002-of-00002.gguf")) }
  }

  @Test("A safetensors file is the one that was named, a part brings the others") func safetensors() throws {
    let scratch = try Scratch()
    let parts = ["y-00001-of-00002.safetensors", "y-00002-of-00002.safetensors"]
    try write(["model.safetensors", "x.safetensors", "config.json"] + parts, in: scratch.path)
    #expect(try LocalModel(at: scratch.path("x.safetensors")).weights == [scratch.path("x.safetensors")])
    #expect(try LocalModel(at: scratch.path(parts[1])).weights == parts.map { scratch.path($0) })
    try FileManager.default.removeItem(atPath: scratch.path(parts[0]))
    #expect(throws: LocalModelError.self) { try LocalModel(at: scratch.path(parts[1])) }
  }

  @Test("A folder is a model when it holds one") func folders() throws {
    let scratch = try Scratch()
    try write(["st/config.json", "st/model.safetensors", "st/tokenizer.json"], in: scratch.path)
    try write(["one/x-Q4_0.gguf", "one/mmproj-x.gguf"], in: scratch.path)
    try write(["two/x-Q4_0.gguf", "two/y-Q4_0.gguf"], in: scratch.path)
    try write(["none/readme"], in: scratch.path)
    #expect(try LocalModel(at: scratch.path("st")).kind == .safetensors)
    #expect(try LocalModel(at: scratch.path("st/")).folder == scratch.path("st/"))
    #expect(try LocalModel(at: scratch.path("one")).weights == [scratch.path("one/x-Q4_0.gguf")])
    #expect(throws: LocalModelError.severalModels(path: scratch.path("two"), files: ["x-Q4_0", "y-Q4_0"])) {
      try LocalModel(at: scratch.path("two"))
    }
    #expect(throws: LocalModelError.folder(path: scratch.path("none"), reason: .noWeights(found: ["readme"]))) {
      try LocalModel(at: scratch.path("none"))
    }
  }

  @Test("What is no model is named", .timeLimit(.minutes(1))) func others() throws {
    let scratch = try Scratch()
    #expect(throws: LocalModelError.missing(path: scratch.path("x.gguf"))) {
      try LocalModel(at: scratch.path("x.gguf"))
    }
    try write(["text.gguf"], in: scratch.path, content: "no")
    #expect(throws: LocalModelError.self) { try LocalModel(at: scratch.path("text.gguf")) }
    // Opening a pipe without a writer would wait for ever.
    #expect(mkfifo(scratch.path("pipe.gguf"), 0o600) == 0)
    #expect(throws: LocalModelError.self) { try LocalModel(at: scratch.path("pipe.gguf")) }
    #expect(throws: LocalModelError.self) { try LocalModel(at: "/dev/null") }
  }

  @Test("A model of the store is used by its path too, and resolves by it") func resolve() async throws {
    let scratch = try Scratch()
    try write(["x.gguf"], in: scratch.path)
    let store = ModelStore(folder: scratch.path("store"), hub: .quick("http://127.0.0.1:9"))
    #expect(try store.resolve(scratch.path("x.gguf"))?.path == scratch.path("x.gguf"))
    #expect(try await store.pull(scratch.path("x.gguf")).path == scratch.path("x.gguf"))
    await #expect(throws: LocalModelError.self) { try await store.pull(scratch.path("y.gguf")) }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("store")))
  }

  @Test("What Hugging Face's own tools fetched is used in place") func huggingFaceCache() async throws {
    let scratch = try Scratch()
    let repository = "cache/models--a--b"
    try write([repository + "/blobs/123"], in: scratch.path, content: "weights")
    try write([repository + "/refs/main"], in: scratch.path, content: "0123456789abcdef")
    let snapshot = repository + "/snapshots/0123456789abcdef"
    try write([snapshot + "/config.json", snapshot + "/tokenizer.json"], in: scratch.path)
    var settings = HubSettings.quick("http://127.0.0.1:9")
    settings.huggingFaceFolder = scratch.path("cache")
    let store = ModelStore(folder: scratch.path("store"), hub: settings)
    #expect(try store.resolve("hf:a/b") == nil)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path(snapshot + "/model.safetensors"), withDestinationPath: "../../blobs/123")
    let model = try #require(try store.resolve("hf:a/b"))
    #expect(try contents(model.path) == Array("weights".utf8))
    #expect(try await store.pull("hf:a/b") == model)
    #expect(try store.resolve("hf:a/b@0123456789abcdef")?.weights == model.weights)
    #expect(try store.resolve("hf:a/b@other") == nil)
    #expect(try store.resolve("hf:a/b:Q4_0") == nil)
  }
}
