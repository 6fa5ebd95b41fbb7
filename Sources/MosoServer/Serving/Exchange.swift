import HTTPTypes
import Hummingbird
import Logging
import MosoConversation
import MosoFormats
import NIOCore
import NIOHTTP1

/// One request on its way to its reply.
struct Exchange: Sendable {
  /// Names the request in headers, logs and errors.
  let id: String
  let request: Request
  let context: ConnectionContext
  let arrival = ContinuousClock.now
  /// Whose key it came with; requests without keys are all of one owner.
  var owner = ""
  /// The parts of the path that a route leaves open.
  var parameter = ""
  let bodyLimit: Int
  let record = ExchangeRecord()

  init(_ request: Request, context: ConnectionContext, bodyLimit: Int) {
    id = RandomName.make(prefix: "req_", length: 24)
    self.request = request
    self.context = context
    self.bodyLimit = bodyLimit
  }

  /// A header's value, if the request has it.
  func header(_ name: HTTPField.Name?) -> String? { name.flatMap { request.headers[$0] } }

  /// The body as JSON.
  ///
  /// - Throws: `RequestError` when it is too large or no JSON.
  func body() async throws -> JSONValue {
    let bytes = try await collectBody()
    do throws(JSONError) {
      // JavaScript's clients may cut a text in the middle of a pair of surrogates.
      return try JSONValue(parsing: bytes, options: JSONReadingOptions(replacesLoneSurrogates: true))
    } catch {
      throw RequestError(.invalidRequest, "the body is not JSON: \(error)")
    }
  }

  private func collectBody() async throws -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit {
      throw tooLarge(length)
    }
    var bytes: [UInt8] = []
    do {
      for try await buffer in request.body {
        guard bytes.count + buffer.readableBytes <= bodyLimit else {
          throw tooLarge(bytes.count + buffer.readableBytes)
        }
        bytes.append(contentsOf: buffer.readableBytesView)
      }
    } catch let error as HTTPParserError where error != .invalidEOFState {
      throw RequestError(.invalidRequest, "the body is not sent as HTTP has it: \(error)")
    } catch let error as RequestError {
      throw error
    } catch {
      // The client went away within its own request.
      throw CancellationError()
    }
    return bytes
  }

  private func tooLarge(_ found: Int) -> RequestError {
    RequestError(
      .tooLarge, "the body has \(found) bytes or more and at most \(bodyLimit) are taken; send a shorter conversation")
  }
}
