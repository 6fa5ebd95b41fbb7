import NIOHTTP1
import Synchronization
import Testing

@testable import MosoHub

@Suite("Pulling from a hub") struct PullTests {
  @Test("A safetensors repository arrives whole, with only the files that are needed") func safetensors() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors()]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      #expect(try store.resolve("hf:tiny/llama") == nil)
      let model = try await store.pull("hf:tiny/llama")
      #expect(model.kind == .safetensors)
      #expect(model.weights == [model.folder + "/model.safetensors"])
      #expect(try contents(model.path) == sampleBytes(50_000))
      #expect(
        filesBelow(model.folder) == [
          "config.json", "generation_config.json", "model.json", "model.safetensors", "tokenizer.json",
          "tokenizer_config.json",
        ])
      #expect(filesBelow(scratch.path("store/partial")) == [])
      #expect(try store.resolve("hf:tiny/llama") == model)
      let record = try ModelRecord(readingFrom: model.folder)
      #expect(
        record.source
          == .hub(
            endpoint: hub.endpoint, repository: "tiny/llama", commit: String(repeating: "c0ffee12", count: 5)))
      for file in record.files {
        #expect(try FakeHub.sha256(contents(model.folder + "/" + file.path)) == file.sha256)
      }
    }
  }

  @Test("What is there is not fetched again") func secondPull() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors()]) { hub in
      let scratch = try Scratch()
      let first = try await scratch.store(hub).pull("hf:tiny/llama")
      let requests = hub.requests.count
      #expect(try await scratch.store(hub).pull("hf:tiny/llama") == first)
      #expect(hub.requests.count == requests)
    }
  }

  @Test("A quantisation is found in any case, and all parts of a split file come") func quantisation() async throws {
    let names = ["x-Q8_0.gguf", "x-Q4_K_M-00001-of-00002.gguf", "x-Q4_K_M-00002-of-00002.gguf", "mmproj-x-f16.gguf"]
    try await FakeHub.run(["tiny/x-GGUF": .gguf(names)]) { hub in
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/x-GGUF:q4_k_m")
      #expect(model.kind == .gguf)
      #expect(model.name == "hf:tiny/x-GGUF:Q4_K_M")
      #expect(model.weights == [names[1], names[2]].map { model.folder + "/" + $0 })
      #expect(try contents(model.weights[1]) == Array("GGUF".utf8) + sampleBytes(20_000, seed: 3))
      // Without more, the one model of the repository that is here is meant.
      #expect(try scratch.store(hub).resolve("hf:Tiny/x-GGUF")?.weights == model.weights)
    }
  }

  @Test("Of a repository with GGUF files only, the best default is chosen and named") func defaultChoice() async throws
  {
    try await FakeHub.run(["tiny/x-GGUF": .gguf(["x-Q2_K.gguf", "x-Q4_K_M.gguf", "x-Q8_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let notes = Mutex<[String]>([])
      let model = try await scratch.store(hub).pull("hf:tiny/x-GGUF") { progress in
        if let note = progress.note { notes.withLock { $0.append(note) } }
      }
      #expect(model.path.hasSuffix("/x-Q4_K_M.gguf"))
      #expect(
        notes.withLock { $0 } == ["chose x-Q4_K_M of 3 GGUF files; name another after a colon, as in :Q2_K"])
    }
  }

  @Test("A file in a folder keeps its place") func folders() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["Q4 0/x-Q4_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/x@v1:Q4 0/x-Q4_0.gguf")
      #expect(model.path.hasSuffix("/Q4 0/x-Q4_0.gguf"))
      #expect(try contents(model.path).count == 20_004)
    }
  }

  @Test("A mirror that lists neither sizes nor hashes is asked for each file's") func bareListing() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors()]) { hub in
      hub.spoil { request, reply in
        guard request.path.hasPrefix("/api") else { return }
        reply.body = Array(
          #"""
          {"sha": "\#(String(repeating: "c0ffee12", count: 5))", "siblings": [{"rfilename": "config.json"},
          {"rfilename": "model.safetensors"}, {"rfilename": "tokenizer.json"}]}
          """#.utf8)
      }
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:tiny/llama")
      #expect(try contents(model.path) == sampleBytes(50_000))
      #expect(hub.requests.count { $0.method == .HEAD } == 3)
      #expect(hub.requests.allSatisfy { $0.method == .GET || $0.port == .hub })
    }
  }

  @Test("A renamed repository is followed to its new name") func renamed() async throws {
    try await FakeHub.run(["new/llama": .safetensors()]) { hub in
      hub.spoil { request, reply in
        guard request.path.contains("old/llama") else { return }
        reply = FakeHub.Reply(status: .temporaryRedirect)
        reply.headers.add(name: "Location", value: request.uri.replacing("old/llama", with: "new/llama"))
      }
      let scratch = try Scratch()
      let model = try await scratch.store(hub).pull("hf:old/llama")
      #expect(try contents(model.path) == sampleBytes(50_000))
    }
  }

  @Test("Progress never falls, ends at the total, and finishes") func progress() async throws {
    try await FakeHub.run(["tiny/llama": .safetensors(bytes: 300_000)]) { hub in
      let scratch = try Scratch()
      let reports = Mutex<[PullProgress]>([])
      _ = try await scratch.store(hub).pull("hf:tiny/llama") { progress in
        reports.withLock { $0.append(progress) }
      }
      let all = reports.withLock { $0 }
      #expect(all.first?.phase == .resolving)
      #expect(all.last?.phase == .finished)
      #expect(all.last?.bytesDone == all.last?.bytesTotal)
      #expect(all.last?.fraction == 1)
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.bytesDone <= $1.bytesDone })
    }
  }
}
