import Foundation
import MosoFormats
import Testing

/// The server as its operators run it: a process that is asked, left, filled and stopped.
@Suite("moso serve") struct ServeTests {
  @Test("A key is asked for, in the words of each API, and lets in") func keys() async throws {
    let moso = try Moso()
    let made = try await moso.run(["keys", "add", "alice", "--file", moso.path("keys.json")])
    let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    let server = try await ServedMoso(["--keys", moso.path("keys.json")], moso: moso)
    let refused = try server.ask("/v1/messages", ServedMoso.question())
    #expect(refused.status == 401)
    #expect(refused.json?["error"]?["type"]?.stringValue == "authentication_error")
    #expect(try server.ask("/v1/models").status == 401)
    #expect(try server.ask("/v1/chat/completions", ServedMoso.question()).json?["error"]?["code"] != nil)
    #expect(try server.ask("/v1/messages", ServedMoso.question(), headers: ["x-api-key": key]).status == 200)
    #expect(try server.ask("/v1/models", headers: ["authorization": "Bearer \(key)"]).status == 200)
    #expect(try server.ask("/v1/models", headers: ["x-api-key": key + "x"]).status == 401)
    #expect(try server.ask("/healthz").status == 200)
    #expect(!server.log.contains(key))
  }

  @Test("A client that goes away gives back what it had within a moment") func disconnect() async throws {
    let server = try await ServedMoso(["--running", "2"])
    let connection = try server.connection("/v1/completions", ServedMoso.long(streamed: true))
    try connection.read(until: "data: ")
    #expect(try server.metric("requests_running") > 0)
    connection.hangUp()
    var running = 1.0
    for _ in 0..<100 where running > 0 {
      try await Task.sleep(for: .milliseconds(20))
      running = try server.metric("requests_running")
    }
    #expect(running == 0)
    #expect(try server.metric("requests_waiting") == 0)
    #expect(try server.metric("kv_pages_lost") == 0)
    #expect(try server.ask("/v1/messages", ServedMoso.question()).status == 200)
  }

  @Test("A full server refuses at once and says when to come again") func overload() async throws {
    let server = try await ServedMoso(["--running", "1", "--waiting", "0"])
    let connection = try server.connection("/v1/completions", ServedMoso.long(streamed: true))
    try connection.read(until: "data: ")
    let refused = try server.ask("/v1/messages", ServedMoso.question())
    #expect(refused.status == 529)
    #expect(refused.json?["error"]?["type"]?.stringValue == "overloaded_error")
    #expect(Int(refused.headers["retry-after"] ?? "") != nil)
    #expect(refused.headers["request-id"]?.hasPrefix("req_") == true)
    let other = try server.ask("/v1/chat/completions", ServedMoso.question())
    #expect(other.status == 503 || other.status == 429)
    connection.hangUp()
  }

  @Test("What was accepted is not refused halfway, whoever comes in between") func accepted() async throws {
    let server = try await ServedMoso(["--running", "1", "--waiting", "0"])
    let inputs = (0..<1_000).map { JSONValue.string(String(repeating: "text \($0) ", count: 10)) }
    let embeddings = try server.connection("/v1/embeddings", ["model": "m", "input": .array(inputs)])
    while try server.metric("requests_running") == 0 {}
    // Between two of the texts the only place is free for a moment.
    var others = 0
    for _ in 0..<1_000 { if try server.ask("/v1/messages", ServedMoso.question()).status == 200 { others += 1 } }
    #expect(others > 0, "nobody came in between")
    let text = try embeddings.read()
    #expect(text.hasPrefix("HTTP/1.1 200"))
    let body = try JSONValue(parsing: String(text[try #require(text.firstRange(of: "\r\n\r\n")).upperBound...]))
    #expect(body["data"]?.arrayValue?.count == inputs.count)
  }

  @Test("What is no request is refused in a sentence, also behind one that was answered") func noRequest() async throws
  {
    let server = try await ServedMoso(["--max-header-bytes", "2048"])
    for (bytes, status, words) in [
      ("hello\r\n\r\n", "400", "no request of HTTP"),
      ("\u{16}\u{3}\u{1}\u{0}\r\n\r\n", "400", "begins with http://"),
      ("GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\n\r\n", "431", "more than 2048 bytes"),
      ("GET / HTTP/1.1\r\nx: " + String(repeating: "a", count: 3_000) + "\r\n\r\n", "431", "more than 2048 bytes"),
      ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "400", "several Host headers"),
    ] {
      for before in ["", "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\n\r\n"] {
        let connection = try Connection(port: server.port)
        try connection.send(before)
        if !before.isEmpty { try connection.read(until: "alive") }
        try connection.send(bytes)
        let reply = try connection.read()
        #expect(reply.contains("HTTP/1.1 \(status)"), "\(bytes.prefix(20))")
        #expect(reply.contains(words), "\(reply)")
      }
    }
    #expect(try server.ask("/healthz").status == 200)
  }

  @Test("A body that comes too slowly, and a reply that nobody reads, end with the connection") func slowness()
    async throws
  {
    let server = try await ServedMoso(["--request-timeout", "1.5", "--idle-timeout", "2"])
    let slow = try Connection(port: server.port)
    try slow.send("POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\ncontent-length: 1000\r\n\r\n")
    for _ in 0..<13 {
      try await Task.sleep(for: .milliseconds(100))
      try slow.send(" ")
    }
    let reply = try slow.read()
    #expect(reply.contains("HTTP/1.1 408"))
    #expect(reply.contains("within the 1.5 seconds"))
    let deaf = try Connection(port: server.port)
    let get = "GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\n\r\n"
    try deaf.send(String(repeating: get, count: 400))
    var open = 2.0
    for _ in 0..<150 where open > 1 {
      try await Task.sleep(for: .milliseconds(100))
      open =
        Double(
          try server.ask("/metrics").body.split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("moso_connections_open ") }?.split(separator: " ").last ?? "") ?? 2
    }
    #expect(open <= 1)
    #expect(try server.ask("/healthz").status == 200)
  }

  @Test("There is memory for a model or there is not, however many ask at once") func modelMemory() async throws {
    let server = try await ServedMoso(
      ["--model-memory", "1MB"], models: ["m=\(Moso.model)", "other=\(Moso.model)"])
    let busy = try server.connection("/v1/completions", ServedMoso.long(streamed: true))
    try busy.read(until: "data: ")
    let asking = try (0..<4).map { _ in try server.connection("/v1/messages", ServedMoso.question(model: "other")) }
    for connection in asking { #expect(try connection.read().contains("HTTP/1.1 529")) }
    #expect(server.log.components(separatedBy: "loading a model").count == 2)
    busy.hangUp()
    var status = 529
    for _ in 0..<100 where status == 529 {
      try await Task.sleep(for: .milliseconds(50))
      status = try server.ask("/v1/messages", ServedMoso.question(model: "other")).status
    }
    #expect(status == 200)
  }

  @Test("What is refused is refused where tokens are counted too, and what is passed over is named everywhere")
  func counting() async throws {
    let server = try await ServedMoso()
    let image: JSONValue = [
      "type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "aGVsbG8="],
    ]
    var asked: JSONValue = ["model": "m", "max_tokens": 4, "messages": [["role": "user", "content": [image]]]]
    for path in ["/v1/messages", "/v1/messages/count_tokens"] {
      let reply = try server.ask(path, asked)
      #expect(reply.status == 400, "\(path)")
      #expect(reply.body.contains("is of the type image"))
    }
    asked = [
      "model": "m", "max_tokens": 4, "messages": [["role": "user", "content": "abc"]],
      "tools": [["type": "memory_20250818"]],
    ]
    #expect(try server.ask("/v1/messages", asked).body.contains("tools.0 has no name"))
    asked = ["model": "m", "messages": [["role": "user", "content": "abc"]], "unheard_of": 1]
    #expect(try server.ask("/v1/messages/count_tokens", asked).headers["moso-ignored-fields"] == "unheard_of")
    let embedded = try server.ask("/v1/embeddings", ["model": "m", "input": "a", "unheard_of": 1])
    #expect(embedded.headers["moso-ignored-fields"] == "unheard_of")
  }

  @Test("A request that takes too long is ended, whole and streamed") func timeout() async throws {
    let server = try await ServedMoso(["--running", "1", "--request-timeout", "0.3"])
    let whole = try server.ask("/v1/completions", ServedMoso.long(streamed: false))
    #expect(whole.status == 504)
    #expect(whole.json?["error"]?["message"]?.stringValue?.contains("took longer") == true)
    let streamed = try server.ask("/v1/completions", ServedMoso.long(streamed: true))
    #expect(streamed.status == 200)
    #expect(streamed.body.contains("took longer"))
    #expect(try server.metric("requests_running") == 0)
  }

  @Test("Told to stop, the server ends what is on its way and takes nothing new") func drain() async throws {
    let server = try await ServedMoso(["--drain", "30"])
    let body = ServedMoso.question(tokens: 400).setting("stream", to: true)
    let connection = try server.connection("/v1/messages", body)
    try connection.read(until: "message_start")
    server.stop()
    let text = try connection.read()
    #expect(text.contains("event: message_stop"))
    #expect(try await server.exitStatus() == 0)
    #expect(throws: Connection.Failure.self) { try server.ask("/healthz") }
  }

  @Test("An answer that is not out in time ends with an error, and the server all the same") func drainLimit()
    async throws
  {
    let server = try await ServedMoso(["--drain", "0.3", "--running", "1"])
    let connection = try server.connection("/v1/completions", ServedMoso.long(streamed: true))
    try connection.read(until: "data: ")
    server.stop()
    let text = try connection.read()
    #expect(text.contains("the server is stopping"))
    #expect(try await server.exitStatus() == 0)
  }

  @Test("Models are loaded by name, and the one that waits longest makes room") func models() async throws {
    let other = Moso.model.replacing("llama3", with: "smollm2")
    let server = try await ServedMoso(
      ["--model-memory", "1MB", "--kv-memory", "1MB"], models: ["a=\(Moso.model)", "b=\(other)"])
    for name in ["a", "b", "b", "a"] {
      let answer = try server.ask("/v1/messages", ServedMoso.question(model: name))
      #expect(answer.status == 200)
      #expect(answer.json?["model"]?.stringValue == name)
    }
    // At the start, then the other, then the first anew.
    #expect(server.log.components(separatedBy: "model loaded").count - 1 == 3)
    let unknown = try server.ask("/v1/messages", ServedMoso.question(model: "c"))
    #expect(unknown.status == 404)
    #expect(unknown.json?["error"]?["message"]?.stringValue?.contains("a, b") == true)
    #expect(try server.ask("/v1/models").json?["data"]?.arrayValue?.count == 2)
  }

  @Test("Pages of other servers are refused and may read why only where they are allowed") func origins() async throws {
    let server = try await ServedMoso(["--allowed-origin", "https://app.example"])
    let stranger = try server.ask(
      "/v1/messages", ServedMoso.question(), headers: ["origin": "https://other.example"])
    #expect(stranger.status == 403)
    #expect(stranger.headers["access-control-allow-origin"] == nil)
    let guest = try server.ask("/v1/messages", ["model": 5], headers: ["origin": "https://app.example"])
    #expect(guest.status == 400)
    #expect(guest.headers["access-control-allow-origin"] == "https://app.example")
    #expect(try server.ask("/healthz", headers: ["host": "rebound.example"]).status == 403)
  }

  @Test("A place that others reach is refused without keys") func open() async throws {
    let outcome = try await Moso().run(["serve", "m=\(Moso.model)", "--host", "0.0.0.0", "--port", "0"])
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("key"))
  }
}

extension JSONValue {
  fileprivate func setting(_ name: String, to value: JSONValue) -> JSONValue {
    guard case .object(var object) = self else { return self }
    object[name] = value
    return .object(object)
  }
}
