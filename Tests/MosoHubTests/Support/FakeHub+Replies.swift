import Crypto
import MosoFormats
import NIOHTTP1

extension FakeHub {
  /// The SHA-256 of bytes, in hexadecimal digits.
  static func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// The name git gives bytes.
  static func gitBlob(_ bytes: [UInt8]) -> String {
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(bytes.count)\0".utf8))
    hash.update(data: bytes)
    return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  func hubReply(_ request: Request, _ repositories: [String: Repository]) -> Reply {
    let words = request.path.split(separator: "/").map { String($0).removingPercents() }
    let isAPI = words.count == 6 && words[0] == "api" && words[1] == "models" && words[4] == "revision"
    let isFile = words.count >= 5 && words[2] == "resolve"
    guard isAPI || isFile else { return error(.notFound, code: nil, "no such page") }
    let name = isAPI ? words[2] + "/" + words[3] : words[0] + "/" + words[1]
    let authorization = request.headers.first(name: "Authorization")
    guard let repository = repositories[name] else {
      // To a stranger the hub does not say whether it exists.
      return authorization == nil
        ? error(.unauthorized, code: "RepoNotFound", "Invalid username or password.")
        : error(.notFound, code: "RepoNotFound", "Repository not found")
    }
    if let token = repository.token, authorization != "Bearer " + token {
      return error(authorization == nil ? .unauthorized : .forbidden, code: "GatedRepo", "Access is restricted")
    }
    let revision = isAPI ? words[5] : words[3]
    guard revision == "main" || revision == "v1" || revision == repository.commit else {
      return error(.notFound, code: "RevisionNotFound", "Invalid rev id: \(revision)")
    }
    if isAPI { return listing(of: repository, name: name) }
    let path = words[4...].joined(separator: "/")
    guard let file = repository.files[path] else { return error(.notFound, code: "EntryNotFound", "Entry not found") }
    var reply = Reply()
    reply.headers.add(name: "X-Repo-Commit", value: repository.commit)
    if file.isLarge {
      let hash = Self.sha256(file.bytes)
      reply.status = .found
      reply.headers.add(name: "Location", value: storage + "/blobs/\(hash)?signature=abc")
      reply.headers.add(name: "X-Linked-Size", value: "\(file.bytes.count)")
      reply.headers.add(name: "X-Linked-ETag", value: "\"\(hash)\"")
      reply.body = Array("Found. Redirecting".utf8)
      return reply
    }
    reply.headers.add(name: "ETag", value: "\"\(Self.gitBlob(file.bytes))\"")
    return ranged(reply, of: file.bytes, request)
  }

  func storageReply(_ request: Request, _ repositories: [String: Repository]) -> Reply {
    let hash = String(request.path.split(separator: "/").last ?? "")
    let files = repositories.values.flatMap { $0.files.values }.filter { $0.isLarge && Self.sha256($0.bytes) == hash }
    guard let file = files.first else { return error(.forbidden, code: nil, "no such key") }
    var reply = Reply()
    // A storage has entity tags of its own.
    reply.headers.add(name: "ETag", value: "\"storage-\(hash.prefix(8))\"")
    reply.headers.add(name: "Accept-Ranges", value: "bytes")
    return ranged(reply, of: file.bytes, request)
  }

  /// The part of a file that was asked for.
  private func ranged(_ reply: Reply, of bytes: [UInt8], _ request: Request) -> Reply {
    var reply = reply
    let range = request.headers.first(name: "Range")
    let condition = request.headers.first(name: "If-Range")
    guard let range, condition == nil || condition == reply.headers.first(name: "ETag"),
      let start = Int(range.dropFirst("bytes=".count).prefix { $0 != "-" })
    else {
      reply.body = bytes
      return reply
    }
    guard start < bytes.count else {
      reply.status = .rangeNotSatisfiable
      reply.headers.add(name: "Content-Range", value: "bytes */\(bytes.count)")
      return reply
    }
    reply.status = .partialContent
    reply.headers.add(name: "Content-Range", value: "bytes \(start)-\(bytes.count - 1)/\(bytes.count)")
    reply.body = Array(bytes[start...])
    return reply
  }

  private func listing(of repository: Repository, name: String) -> Reply {
    let siblings = repository.files.sorted { $0.key < $1.key }.map { path, file -> JSONValue in
      var object: JSONObject = [
        "rfilename": .string(path), "size": .integer(file.bytes.count), "blobId": .string(Self.gitBlob(file.bytes)),
      ]
      if file.isLarge {
        object["blobId"] = .string(Self.gitBlob(Array("the pointer to \(path)".utf8)))
        object["lfs"] = [
          "sha256": .string(Self.sha256(file.bytes)), "size": .integer(file.bytes.count), "pointerSize": 134,
        ]
      }
      return .object(object)
    }
    let json: JSONValue = ["id": .string(name), "sha": .string(repository.commit), "siblings": .array(siblings)]
    var reply = Reply()
    reply.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
    reply.body = json.serializedBytes()
    return reply
  }

  private func error(_ status: HTTPResponseStatus, code: String?, _ message: String) -> Reply {
    var reply = Reply(status: status)
    if let code { reply.headers.add(name: "X-Error-Code", value: code) }
    reply.headers.add(name: "X-Error-Message", value: message)
    reply.body = JSONValue.object(["error": .string(message)]).serializedBytes()
    return reply
  }
}

extension String {
  fileprivate func removingPercents() -> String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
