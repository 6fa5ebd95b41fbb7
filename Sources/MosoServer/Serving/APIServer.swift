import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import MosoConversation
import MosoFormats
import NIOCore

/// The HTTP server: it finds the route, checks who asks, and words errors as the client's API does.
public struct APIServer: Sendable {
  /// How the server is reached and what it takes.
  public struct Configuration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 for any free one.
    public var port = 8_642
    /// The largest body in bytes.
    public var bodyLimit = 32 << 20
    /// The most bytes of all headers of a request together.
    public var headerLimit = 64 << 10
    /// The most connections at a time; the rest wait.
    public var connections = 4_096
    /// How long a connection may be idle.
    public var idleTimeout = Duration.seconds(120)
    /// How long requests may go on after the server was told to stop.
    public var drain = Duration.seconds(30)

    /// A server on this machine alone.
    public init() {}
  }

  private let configuration: Configuration
  private let routes: RouteTable
  private let gate: Gatekeeper
  private let disconnects = Disconnects()
  private let readiness = Readiness()
  private let telemetry: Telemetry
  private let logger: Logger

  /// A server of the models on a shelf.
  ///
  /// - Parameters:
  ///   - hosts: Which hosts and pages requests may name.
  ///   - ownerOfKey: Whose key that is; `nil` lets everybody in without one.
  public init(
    _ configuration: Configuration = Configuration(), shelf: ModelShelf, hosts: HostPolicy,
    ownerOfKey: (@Sendable (String) -> String?)? = nil, metrics: ServerMetrics = ServerMetrics(), logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    telemetry = Telemetry(metrics: metrics, logger: logger)
    gate = Gatekeeper(hosts: hosts, ownerOfKey: ownerOfKey)
    var routes = RouteTable()
    HealthRoutes(readiness: readiness).add(to: &routes)
    ModelRoutes(shelf: shelf).add(to: &routes)
    MessagesRoutes(shelf: shelf, disconnects: disconnects).add(to: &routes)
    ChatRoutes(shelf: shelf, disconnects: disconnects).add(to: &routes)
    CompletionRoutes(shelf: shelf, disconnects: disconnects).add(to: &routes)
    EmbeddingRoutes(shelf: shelf, disconnects: disconnects).add(to: &routes)
    TokenizerRoutes(shelf: shelf).add(to: &routes)
    MetricRoutes(metrics: metrics, shelf: shelf, disconnects: disconnects).add(to: &routes)
    PageRoutes(hasPage: true).add(to: &routes)
    self.routes = routes
  }

  /// Serves until the process is told to stop, then lets the requests that are on their way end.
  ///
  /// - Parameter onRunning: Called with the port once the server listens.
  public func run(onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
    try await application { port in
      readiness.becomeReady()
      await onRunning(port)
    }.runService()
  }

  private func application(onRunning: @escaping @Sendable (Int) async -> Void) -> some ApplicationProtocol {
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [disconnects.handler()], idleTimeout: TimeAmount(configuration.idleTimeout),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: configuration.headerLimit, maxHeaderListSize: configuration.headerLimit,
        maxHeaderFieldCount: 200))
    return Application(
      responder: CallbackResponder { request, context in await respond(to: request, context) },
      server: .http1(configuration: channel),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1_024,
        availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? configuration.port) },
      logger: logger)
  }

  private func respond(to request: Request, _ context: ConnectionContext) async -> Response {
    var exchange = Exchange(request, context: context, bodyLimit: configuration.bodyLimit)
    var dialect = RouteTable.Dialect.either
    var response: Response
    let span = telemetry.begin(request)
    do {
      let grant = try gate.admit(request.head)
      if let grant, request.method == .options {
        response = preflight(grant, request.headers)
      } else {
        response = try await answer(&exchange, &dialect)
        for field in grant?.fields ?? [] { response.headers.set(field) }
      }
    } catch let refusal as AccessRefusal {
      response = self.refusal(RequestError(.permission, "\(refusal)"), exchange, dialect)
      response.status = HTTPResponse.Status(code: refusal.status)
    } catch let error as RequestError {
      response = refusal(error, exchange, dialect)
    } catch is CancellationError {
      // The client is gone; nobody reads this.
      response = Response(status: HTTPResponse.Status(code: 499))
    } catch {
      logger.error("request failed", metadata: ["request": "\(exchange.id)", "error": "\(error)"])
      response = refusal(
        RequestError(.server, "something went wrong here; the log knows it by \(exchange.id)"), exchange, dialect)
    }
    addHeaders(to: &response, exchange)
    telemetry.end(&response, exchange, api: dialect.rawValue, span)
    return response
  }

  private func answer(_ exchange: inout Exchange, _ dialect: inout RouteTable.Dialect) async throws -> Response {
    let path = exchange.request.uri.path
    switch routes.match(exchange.request.method, path) {
    case .found(let route, let parameter):
      dialect = route.dialect
      exchange.parameter = parameter
      if !route.isOpen { exchange.owner = try gate.owner(of: exchange.request.headers) }
      return try await route.handler(exchange)
    case .wrongMethod(let allowed, let of):
      dialect = of
      let method = exchange.request.method.rawValue.prefix(20)
      var response = refusal(
        RequestError(.invalidRequest, "\(method) is no method of \(path.prefix(200)), but \(list(allowed)) is"),
        exchange, dialect)
      response.status = .methodNotAllowed
      response.headers[.allow] = list(allowed)
      return response
    case .nothing:
      throw RequestError(.notFound, "there is nothing at \(path.prefix(200)); /openapi.json lists what there is")
    }
  }

  /// What a browser hears that asks whether a page of another server may ask.
  private func preflight(_ grant: CrossOriginGrant, _ headers: HTTPFields) -> Response {
    var response = Response(status: .noContent)
    for field in grant.preflightFields(requestedHeaders: headers[.accessControlRequestHeaders]) {
      response.headers.set(field)
    }
    return response
  }

  private func list(_ methods: [HTTPRequest.Method]) -> String {
    methods.map(\.rawValue).joined(separator: ", ")
  }

  /// What every reply has.
  private func addHeaders(to response: inout Response, _ exchange: Exchange) {
    response.headers[.requestID] = exchange.id
    response.headers[.openAIRequestID] = exchange.id
    response.headers[.contentTypeOptions] = "nosniff"
    if exchange.request.method == .head { response.body = ResponseBody() }
  }

  private func refusal(_ error: RequestError, _ exchange: Exchange, _ dialect: RouteTable.Dialect) -> Response {
    telemetry.refused(error)
    let speaksMessages = dialect == .messages || exchange.header(.anthropicVersion) != nil
    return Response(
      speaksMessages && dialect != .openAI
        ? MessagesCodec().encode(error, requestID: exchange.id)
        : OpenAICodec().encode(error, requestID: exchange.id))
  }
}

extension HTTPFields {
  fileprivate mutating func set(_ field: CrossOriginGrant.Field) {
    if let name = HTTPField.Name(field.name) { self[name] = field.value }
  }
}

extension TimeAmount {
  init(_ duration: Duration) { self = .milliseconds(Int64(duration / .milliseconds(1))) }
}
