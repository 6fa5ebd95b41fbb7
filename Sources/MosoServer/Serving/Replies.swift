import HTTPTypes
import Hummingbird
import MosoConversation
import MosoFormats
import NIOCore

extension HTTPField.Name {
  static let requestID = HTTPField.Name("request-id")!
  static let openAIRequestID = HTTPField.Name("x-request-id")!
  static let apiKey = HTTPField.Name("x-api-key")!
  static let anthropicVersion = HTTPField.Name("anthropic-version")!
  static let ignoredFields = HTTPField.Name("moso-ignored-fields")!
  static let seed = HTTPField.Name("moso-seed")!
  static let contentTypeOptions = HTTPField.Name("x-content-type-options")!
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
