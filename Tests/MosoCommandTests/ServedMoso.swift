import Foundation
import MosoFormats
import Testing

/// `moso serve` as a process of its own, on a port that is free.
final class ServedMoso {
  struct Reply {
    var status: Int
    /// Names in small letters.
    var headers: [String: String]
    var body: String

    var json: JSONValue? { try? JSONValue(parsing: body) }
  }

  let moso: Moso
  let port: Int
  private let process: Process

  /// Starts a server of the tiny model `m` and waits until it listens.
  init(_ options: [String] = [], models: [String] = ["m=\(Moso.model)"], moso: Moso? = nil) async throws {
    let moso = try moso ?? Moso()
    self.moso = moso
    process = moso.process([Moso.program, "serve"] + models + ["--port", "0"] + options)
    try Data().write(to: URL(fileURLWithPath: moso.path("log")))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: moso.path("log")))
    try process.run()
    var port: Int?
    for _ in 0..<600 where port == nil && process.isRunning {
      try await Task.sleep(for: .milliseconds(50))
      let log = String(decoding: moso.contents("log"), as: UTF8.self)
      port = log.firstMatch(of: #/Serving .* at http://127\.0\.0\.1:(\d+) /#).flatMap { Int($0.1) }
    }
    guard let port else {
      process.terminate()
      throw Connection.Failure(description: "the server did not start: \(moso.contents("log").count) bytes of log")
    }
    self.port = port
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var log: String { String(decoding: moso.contents("log"), as: UTF8.self) }

  /// Tells the server to stop, as `kill` does.
  func stop() { process.terminate() }

  /// The server's exit status, once it has ended.
  func exitStatus() async throws -> Int32 {
    for _ in 0..<600 where process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    try #require(!process.isRunning, "the server does not end")
    return process.terminationStatus
  }

  /// A connection on which a request was sent.
  func connection(_ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]) throws -> Connection {
    let connection = try Connection(port: port)
    var lines = ["\(body == nil ? "GET" : "POST") \(path) HTTP/1.1", "connection: close"]
    let text = body?.serialized() ?? ""
    if body != nil { lines += ["content-type: application/json", "content-length: \(text.utf8.count)"] }
    for (name, value) in ["host": "127.0.0.1:\(port)"].merging(headers, uniquingKeysWith: { $1 }) {
      lines.append("\(name): \(value)")
    }
    try connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + text)
    return connection
  }

  /// What the server replies to a request.
  func ask(_ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]) throws -> Reply {
    let text = try connection(path, body, headers: headers).read()
    guard let end = text.firstRange(of: "\r\n\r\n") else { throw Connection.Failure(description: "no reply: \(text)") }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    return Reply(
      status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: fields, body: String(text[end.upperBound...]))
  }

  /// A number of `/metrics`, of the model `m`.
  func metric(_ name: String) throws -> Double {
    let text = try ask("/metrics").body
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("moso_\(name){model=\"m\"} ") }
    return try #require(Double(line?.split(separator: " ").last ?? ""), "no metric \(name)")
  }

  /// A request that takes long: more answers than a server of few places begins at once.
  static func long(streamed: Bool) -> JSONValue {
    [
      "model": "m", "prompt": "abc", "n": 128, "max_tokens": 400, "stream": .bool(streamed), "ignore_eos": true,
    ]
  }

  /// A short question in the words of the Messages API.
  static func question(model: String = "m", tokens: Int = 4) -> JSONValue {
    [
      "model": .string(model), "max_tokens": .integer(tokens),
      "messages": [["role": "user", "content": "abc"]],
    ]
  }
}
