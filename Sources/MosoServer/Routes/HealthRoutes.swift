import HTTPTypes
import Hummingbird
import MosoFormats

/// Whether the server lives, and whether it takes requests.
struct HealthRoutes: Sendable {
  let readiness: Readiness

  func add(to table: inout RouteTable) {
    table.add(.get, "/healthz", isOpen: true) { _ in Response(json: ["status": "alive"]) }
    table.add(.get, "/readyz", isOpen: true) { _ in
      readiness.isReady
        ? Response(json: ["status": "ready"])
        : Response(json: ["status": .string(readiness.reason)], status: .serviceUnavailable)
    }
    // What coding agents ask for to see whether somebody is there.
    table.add(.get, "/api/hello", isOpen: true) { _ in Response(json: ["message": "hello"]) }
  }
}
