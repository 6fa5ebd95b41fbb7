import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import MosoConversation
import MosoFormats
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The HTTP server: it finds the route, checks who asks, and words errors as the client's API does.
public struct APIServer: Sendable {
  private let settings: ServerSettings
  private let routes: RouteTable
  private let gate: Gatekeeper
  private let disconnects = Disconnects()
  private let readiness = Readiness()
  private let telemetry: Telemetry
  private let logger: Logger

  /// A server of the models on a shelf.
  ///
  /// - Parameters:
  ///   - keys: The keys that requests have to bring one of; `nil` lets everybody in.
  ///   - metrics: Where requests are counted.
  /// - Throws: `BindError` where other machines could reach the server and no key is needed.
  public init(
    _ settings: ServerSettings, shelf: ModelShelf, keys: KeyTable?, metrics: ServerMetrics = ServerMetrics(),
    logger: Logger
  ) throws(BindError) {
    try BindPolicy.check(settings.host, needsKey: keys != nil)
    self.settings = settings
    self.logger = logger
    telemetry = Telemetry(metrics: metrics, logger: logger)
    let hosts = HostPolicy(
      address: settings.host, allowedHosts: settings.allowedHosts, allowedOrigins: settings.allowedOrigins,
      needsKey: keys != nil)
    gate = Gatekeeper(hosts: hosts, keys: keys)
    let service = AnswerService(
      shelf: shelf, disconnects: disconnects, settings: settings, logger: settings.logMessages ? logger : nil)
    var routes = RouteTable()
    HealthRoutes(readiness: readiness).add(to: &routes)
    ModelRoutes(shelf: shelf).add(to: &routes)
    MessagesRoutes(service: service).add(to: &routes)
    ChatRoutes(service: service).add(to: &routes)
    CompletionRoutes(service: service).add(to: &routes)
    EmbeddingRoutes(service: service).add(to: &routes)
    TokenizerRoutes(shelf: shelf).add(to: &routes)
    if settings.metrics { MetricRoutes(metrics: metrics, shelf: shelf, disconnects: disconnects).add(to: &routes) }
    PageRoutes(hasPage: settings.page).add(to: &routes)
    self.routes = routes
  }

  /// Serves until the process is told to stop, then lets the answers that are on their way end.
  ///
  /// - Parameter onRunning: Called once the server listens; with the port, where it listens at one.
  public func run(onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }) async throws {
    let application = application { port in
      readiness.becomeReady()
      await onRunning(port)
    }
    var configuration = ServiceGroupConfiguration(
      services: [application, DrainNotice(readiness: readiness, disconnects: disconnects, limit: settings.drain)],
      gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    // Answers end by themselves or with the limit; this is for whoever does not read theirs.
    configuration.maximumGracefulShutdownDuration = .seconds(settings.drain + 5)
    try await ServiceGroup(configuration: configuration).run()
  }

  private func application(onRunning: @escaping @Sendable (Int?) async -> Void) -> some ApplicationProtocol & Service {
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [disconnects.handler(ConnectionLimits(settings))],
      idleTimeout: settings.idleTimeout > 0 ? .milliseconds(Int64(settings.idleTimeout * 1_000)) : nil,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: settings.maxHeaderBytes, maxHeaderListSize: settings.maxHeaderBytes,
        maxHeaderFieldCount: settings.maxHeaders))
    let address: HummingbirdCore.BindAddress =
      switch settings.host {
      case .host: .hostname(settings.host.socketName, port: settings.port)
      case .unixSocket(let path): .unixDomainSocket(path: path)
      }
    var quiet = logger
    quiet.logLevel = max(quiet.logLevel, .notice)
    return Application(
      responder: CallbackResponder { request, context in await respond(to: request, context) },
      server: .http1(configuration: channel),
      configuration: ApplicationConfiguration(
        address: address, serverName: nil, backlog: 1_024,
        availableConnectionsDelegate: MaximumAvailableConnections(settings.maxConnections)),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port) }, logger: quiet)
  }

  private func respond(to request: Request, _ context: ConnectionContext) async -> Response {
    var exchange = Exchange(request, context: context, bodyLimit: settings.maxBody)
    var dialect = RouteTable.Dialect.either
    var response: Response
    let span = telemetry.begin(request)
    var grant: CrossOriginGrant?
    do {
      grant = try gate.admit(request.head)
      if let grant, request.method == .options {
        response = preflight(grant, request.headers)
      } else {
        response = try await answer(&exchange, &dialect)
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
    // A page that may ask may also read why it was refused.
    if request.method != .options { for field in grant?.fields ?? [] { response.headers.set(field) } }
    addHeaders(to: &response, exchange)
    telemetry.end(&response, exchange, api: dialect.rawValue, span)
    return response
  }

  private func answer(_ exchange: inout Exchange, _ dialect: inout RouteTable.Dialect) async throws -> Response {
    let path = exchange.request.uri.path
    switch routes.match(exchange.request.method, path) {
    case .found(let route, let parameter):
      dialect = route.dialect
      guard let parameter = PercentEncoding.decoded(parameter) else {
        throw RequestError(.invalidRequest, "the path \(path.prefix(200)) is not encoded as UTF-8 with percent signs")
      }
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
    if exchange.request.method == .head {
      response.body = ResponseBody(contentLength: response.body.contentLength) { writer in try await writer.finish(nil)
      }
    }
    // What is left of a body that was not read would be taken for the next request.
    if response.status == .contentTooLarge { response.headers[.connection] = "close" }
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

extension BindAddress {
  /// The address as the system's calls take it: without the brackets of IPv6.
  fileprivate var socketName: String { description.filter { $0 != "[" && $0 != "]" } }
}

/// Says that the server is stopping as soon as it is told to, and ends the answers that are not out in time.
private struct DrainNotice: Service {
  let readiness: Readiness
  let disconnects: Disconnects
  /// In seconds.
  let limit: Double

  func run() async throws {
    try? await gracefulShutdown()
    readiness.drain()
    // The other services wait for this one to return; the answers have their time from now on.
    Task {
      try await Task.sleep(for: .seconds(limit))
      disconnects.endAll(
        RequestError(.overloaded, "the server is stopping and the answer took too long; ask again", retryAfter: 5))
    }
  }
}
