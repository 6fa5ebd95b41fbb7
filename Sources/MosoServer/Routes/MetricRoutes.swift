import Hummingbird
import MosoEngine

/// The counts, as Prometheus reads them.
struct MetricRoutes: Sendable {
  let metrics: ServerMetrics
  let shelf: ModelShelf
  let disconnects: Disconnects

  func add(to table: inout RouteTable) {
    table.add(.get, "/metrics") { _ in
      let loads = await shelf.loads
      metrics.modelsLoaded.set(loads.count)
      metrics.connectionsOpen.set(disconnects.openCount)
      for (name, load) in loads {
        let model = metrics.model(name)
        model.running.set(load.running)
        model.waiting.set(load.waiting)
        model.usedPages.set(load.usedPages)
        model.keptPages.set(load.keptPages)
        model.pages.set(load.pages)
        model.lostPages.set(load.lostPages)
      }
      return Response(
        text: String(decoding: metrics.registry.exposition(), as: UTF8.self),
        type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }
}
