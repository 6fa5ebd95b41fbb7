import HTTPTypes
import Hummingbird

/// Which function answers which path and method.
struct RouteTable: Sendable {
  typealias Handler = @Sendable (Exchange) async throws -> Response

  /// Which API a path belongs to, and so how its errors are worded.
  enum Dialect: String, Sendable, Hashable {
    case messages
    case openAI = "openai"
    /// Whichever the client's headers speak of.
    case either = "other"
  }

  struct Route: Sendable {
    let method: HTTPRequest.Method
    /// The path; one ending with `/*` stands for all that go on.
    let path: String
    let dialect: Dialect
    /// Whether it may be asked for without a key.
    let isOpen: Bool
    let handler: Handler
  }

  /// What was found for a path.
  enum Match {
    case found(Route, parameter: String)
    case wrongMethod(allowed: [HTTPRequest.Method], Dialect)
    case nothing
  }

  private var exact: [String: [Route]] = [:]
  private var prefixes: [(prefix: String, route: Route)] = []

  mutating func add(
    _ method: HTTPRequest.Method, _ path: String, _ dialect: Dialect = .either, isOpen: Bool = false,
    _ handler: @escaping Handler
  ) {
    let route = Route(method: method, path: path, dialect: dialect, isOpen: isOpen, handler: handler)
    if path.hasSuffix("/*") {
      prefixes.append((String(path.dropLast()), route))
    } else {
      exact[path, default: []].append(route)
    }
  }

  func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
    // A page is asked for its headers too; the body is left out later.
    let wanted = method == .head ? .get : method
    var routes = exact[path] ?? []
    var parameter = ""
    if routes.isEmpty {
      routes = prefixes.filter { path.hasPrefix($0.prefix) && path.utf8.count > $0.prefix.utf8.count }.map(\.route)
      if let first = routes.first { parameter = String(path.dropFirst(first.path.count - 1)) }
    }
    guard let first = routes.first else { return .nothing }
    guard let route = routes.first(where: { $0.method == wanted }) else {
      return .wrongMethod(allowed: routes.map(\.method), first.dialect)
    }
    return .found(route, parameter: parameter)
  }
}
