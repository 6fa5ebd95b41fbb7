import HTTPTypes
import Hummingbird
import MosoConversation
import MosoFormats
import NIOCore

extension HTTPField.Name {
  static let requestID = known("request-id")
  static let openAIRequestID = known("x-request-id")
  static let apiKey = known("x-api-key")
  static let anthropicVersion = known("anthropic-version")
  static let ignoredFields = known("moso-ignored-fields")
  static let seed = known("moso-seed")
  static let contentTypeOptions = known("x-content-type-options")

  private static func known(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
    return name
  }
}

extension Response {
  /// A reply of JSON.
  init(json: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
    var headers = headers
    headers[.contentType] = "application/json"
    let bytes = json.serializedBytes()
    headers[.contentLength] = "\(bytes.count)"
    self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// A reply of text.
  init(text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: type, .contentLength: "\(text.utf8.count)"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// A refusal in the words of an API.
  init(_ reply: ErrorReply) {
    var headers = HTTPFields()
    for header in reply.headers {
      if let name = HTTPField.Name(header.name) { headers[name] = header.value }
    }
    self.init(json: reply.body, status: HTTPResponse.Status(code: reply.status), headers: headers)
  }
}
