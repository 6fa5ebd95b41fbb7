import Foundation
import NIOHTTP1
import Testing

@testable import MosoHub

@Suite("Servers that are not to be trusted") struct TrustTests {
  @Test("The token goes to the hub, and never to where it redirects") func token() async throws {
    var repository = FakeHub.Repository.safetensors()
    repository.token = "hf_secret"
    try await FakeHub.run(["tiny/llama": repository]) { hub in
      let scratch = try Scratch()
      _ = try await scratch.store(hub, token: "hf_secret\n").pull("hf:tiny/llama")
      for request in hub.requests {
        let shown = request.headers.first(name: "Authorization")
        #expect(shown == (request.port == .hub ? "Bearer hf_secret" : nil), "\(request.uri)")
        #expect(!request.uri.contains("hf_secret"))
      }
      #expect(hub.requests.contains { $0.port == .storage })
      let record = try contents(scratch.path("store/models/hf--tiny--llama/model.json"))
      #expect(!String(decoding: record, as: UTF8.self).contains("hf_secret"))
    }
  }

  @Test("A gated model says where to accept its terms") func gated() async throws {
    var repository = FakeHub.Repository.safetensors()
    repository.token = "hf_secret"
    try await FakeHub.run(["tiny/llama": repository]) { hub in
      let scratch = try Scratch()
      await #expect(throws: HubError.gated(repository: "tiny/llama", endpoint: hub.endpoint, hasToken: false)) {
        try await scratch.store(hub).pull("hf:tiny/llama")
      }
      let error = await #expect(
        throws: HubError.gated(repository: "tiny/llama", endpoint: hub.endpoint, hasToken: true)
      ) {
        try await scratch.store(hub, token: "hf_other").pull("hf:tiny/llama")
      }
      #expect("\(try #require(error))".contains("accept its terms at \(hub.endpoint)/tiny/llama"))
    }
  }

  @Test("What does not exist is named: the model, the revision, the file, the quantisation") func missing() async throws
  {
    try await FakeHub.run(["tiny/x": .gguf(["x-Q4_0.gguf", "x-Q8_0.gguf"]), "tiny/bin": FakeHub.Repository()]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      await #expect(throws: HubError.notVisible(repository: "tiny/y", host: "127.0.0.1", hasToken: false)) {
        try await store.pull("hf:tiny/y")
      }
      await #expect(throws: HubError.notFound(repository: "tiny/y", host: "127.0.0.1")) {
        try await scratch.store(hub, token: "hf_any").pull("hf:tiny/y")
      }
      await #expect(throws: HubError.noSuchRevision(repository: "tiny/x", revision: "v9")) {
        try await store.pull("hf:tiny/x@v9")
      }
      let quantisation = FileSelectionError.noSuchQuantisation("Q2_K", offered: ["Q4_0", "Q8_0"])
      await #expect(throws: HubError.noFiles(repository: "tiny/x", reason: quantisation)) {
        try await store.pull("hf:tiny/x:Q2_K")
      }
      let file = FileSelectionError.noSuchFile("y.gguf", offered: ["x-Q4_0.gguf", "x-Q8_0.gguf"])
      await #expect(throws: HubError.noFiles(repository: "tiny/x", reason: file)) {
        try await store.pull("hf:tiny/x:y.gguf")
      }
      await #expect(throws: HubError.noFiles(repository: "tiny/bin", reason: .noWeights(found: []))) {
        try await store.pull("hf:tiny/bin")
      }
    }
  }

  @Test("Weights without a tokenizer that can be read are refused before any of them is fetched") func noTokenizer()
    async throws
  {
    var repository = FakeHub.Repository.safetensors()
    repository.files["tokenizer.json"] = nil
    try await FakeHub.run(["tiny/llama": repository]) { hub in
      let scratch = try Scratch()
      await #expect(throws: HubError.noFiles(repository: "tiny/llama", reason: .missingTokenizer)) {
        try await scratch.store(hub).pull("hf:tiny/llama")
      }
      #expect(hub.requests.count == 1)
    }
  }

  @Test(
    "A file whose name leads out of the folder is refused before anything is fetched",
    arguments: [
      "../evil.gguf", "/tmp/evil.gguf", "a/../../evil.gguf", "a//b.gguf", ".hidden/x.gguf", "a\\..\\b.gguf",
      "bell\u{7}.gguf", "model.json/../x.gguf", "./x.gguf", "x\u{202E}fugg.gguf",
    ])
  func traversal(name: String) async throws {
    try await FakeHub.run(["tiny/x": .gguf([name])]) { hub in
      let scratch = try Scratch()
      await #expect(throws: HubError.noFiles(repository: "tiny/x", reason: .unsafeName(name))) {
        try await scratch.store(hub).pull("hf:tiny/x")
      }
      #expect(hub.requests.count == 1)
      #expect(filesBelow(scratch.path) == ["store/locks/hf--tiny--x.lock"])
    }
  }

  @Test("A symbolic link in the place of an unfinished file is not followed") func links() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x-Q4_0.gguf"])]) { hub in
      let scratch = try Scratch()
      let store = scratch.store(hub)
      let files = scratch.path("store/partial/hf--tiny--x/files")
      hub.spoil { request, reply in
        if request.port == .storage { reply.dropAfter = 0 }
      }
      await #expect(throws: HubError.self) { try await store.pull("hf:tiny/x") }
      try FileManager.default.removeItem(atPath: files + "/x-Q4_0.gguf.partial")
      try FileManager.default.createSymbolicLink(
        atPath: files + "/x-Q4_0.gguf.partial", withDestinationPath: scratch.path("victim"))
      await #expect(throws: DiskError.self) { try await store.pull("hf:tiny/x") }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("victim")))
    }
  }

  @Test(
    "A listing that is not one is an error, not a crash",
    arguments: [
      "", "<html>", "[]", "{}", #"{"sha": "../../x", "siblings": []}"#, #"{"sha": "0123456", "siblings": [{}]}"#,
      #"{"sha": "0123456", "siblings": [{"rfilename": "x.gguf", "size": -1}]}"#,
      #"{"sha": "0123456", "siblings": [{"rfilename": "x.gguf", "size": 9223372036854775807}]}"#,
      String(repeating: "[", count: 100_000),
    ])
  func badListing(text: String) async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x.gguf"])]) { hub in
      hub.spoil { _, reply in reply.body = Array(text.utf8) }
      let scratch = try Scratch()
      let error = await #expect(throws: HubError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      #expect("\(try #require(error))".hasPrefix("the listing of tiny/x could not be read: "))
    }
  }

  @Test("A listing without an end is cut off") func endlessListing() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x.gguf"])]) { hub in
      hub.spoil { _, reply in
        reply.body = [UInt8](repeating: 0x20, count: 33_000_000)
        reply.pieceSize = 1 << 20
      }
      let scratch = try Scratch()
      await #expect(throws: HubError.badListing(repository: "tiny/x", found: "it is longer than 32.0 MB")) {
        try await scratch.store(hub).pull("hf:tiny/x")
      }
    }
  }

  @Test("Redirects in a circle end") func circle() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x.gguf"])]) { hub in
      hub.spoil { request, reply in
        reply = FakeHub.Reply(status: .found)
        reply.headers.add(name: "Location", value: request.uri)
      }
      let scratch = try Scratch()
      await #expect(throws: HubError.tooManyRedirects(host: "127.0.0.1")) {
        try await scratch.store(hub).pull("hf:tiny/x")
      }
      #expect(hub.requests.count == 11)
    }
  }

  @Test(
    "A redirect to what is no web address is refused",
    arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "javascript:alert(1)", "http://[bad"])
  func badRedirect(location: String) async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x.gguf"])]) { hub in
      hub.spoil { _, reply in
        reply = FakeHub.Reply(status: .found)
        reply.headers.add(name: "Location", value: location)
      }
      let scratch = try Scratch()
      await #expect(throws: HubError.badRedirect(host: "127.0.0.1", location: location)) {
        try await scratch.store(hub).pull("hf:tiny/x")
      }
    }
  }

  @Test("What a server says reaches the terminal without its control characters") func messages() async throws {
    try await FakeHub.run(["tiny/x": .gguf(["x.gguf"])]) { hub in
      hub.spoil { _, reply in
        reply = FakeHub.Reply(status: .badRequest)
        reply.body = Array(#"{"error": "no \u001b[2J\u0007 luck"}"#.utf8)
      }
      let scratch = try Scratch()
      let error = await #expect(throws: HubError.self) { try await scratch.store(hub).pull("hf:tiny/x") }
      #expect(
        "\(try #require(error))"
          == "127.0.0.1 answered 400 (no ?[2J? luck), where a file or a listing was expected; try again later")
    }
  }

  @Test(
    "A bad endpoint and a bad token are named", arguments: ["", "huggingface.co", "ftp://x", "http://", "not a url"])
  func settings(endpoint: String) async throws {
    let scratch = try Scratch()
    await #expect(throws: HubError.badEndpoint(endpoint)) {
      try await ModelStore(folder: scratch.path, hub: .quick(endpoint)).pull("hf:tiny/x")
    }
    await #expect(throws: HubError.badToken) {
      try await ModelStore(folder: scratch.path, hub: .quick("http://127.0.0.1:9", token: "a\r\nb")).pull("hf:tiny/x")
    }
  }

  @Test("An address that was encrypted leads only to encrypted ones, and origins are compared whole")
  func addresses() throws {
    let home = try #require(WebAddress("https://huggingface.co/a/b"))
    #expect(home.resolving("/c?d=1")?.text == "https://huggingface.co/c?d=1")
    #expect(home.resolving("https://HuggingFace.co:443/x")?.hasSameOrigin(as: home) == true)
    for other in [
      "http://huggingface.co/x", "https://huggingface.co:444/x", "https://huggingface.co.evil.org/x",
      "https://huggingface.co@evil.org/x", "https://cdn.huggingface.co/x",
    ] {
      #expect(try #require(WebAddress(other)).hasSameOrigin(as: home) == false, "\(other)")
    }
    #expect(home.resolving("http://huggingface.co/x") == nil)
    #expect(WebAddress("http://127.0.0.1/")?.resolving("https://huggingface.co/")?.port == 443)
    #expect(WebAddress.encoded("a b/ä?#%", keepingSlashes: true) == "a%20b/%C3%A4%3F%23%25")
  }
}
