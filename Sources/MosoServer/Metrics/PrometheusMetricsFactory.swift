public import CoreMetrics

extension ServerMetrics {
  /// Has the metrics that libraries of this process report appear beside the server's, from now on and once for each process.
  public func collectFromLibraries() { MetricsSystem.bootstrap(PrometheusMetricsFactory(registry: registry)) }
}

/// Has the metrics that libraries report through swift-metrics appear beside the server's own.
///
/// `hb.requests` with the dimension `hb.status` becomes the counter `hb_requests_total` with the label `hb_status`; timers
/// become histograms of seconds. There is a limit to how many they may have.
public struct PrometheusMetricsFactory: MetricsFactory {
  private let registry: MetricRegistry

  /// More families than libraries have; a name that is made up for each request is not kept beyond them.
  private static let familyLimit = 500
  /// From half a millisecond to a minute.
  private static let seconds = MetricHistogram.Buckets(
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
  /// For values of which nothing is known.
  private static let decades = MetricHistogram.Buckets([0.001, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e9])

  /// A factory whose metrics go to `registry`.
  public init(registry: MetricRegistry) { self.registry = registry }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let cell: MetricCounter? = cell(label, "_total", .counter, dimensions, ())
    return cell.map { CounterAdapter($0) } ?? NOOPMetricsHandler.instance
  }

  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    let cell: MetricGauge? = cell(label, "_total", .counter, dimensions, ())
    return cell.map { SumAdapter($0) } ?? NOOPMetricsHandler.instance
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    let cell: MetricGauge? = cell(label, "", .gauge, dimensions, ())
    return cell.map { GaugeAdapter($0) } ?? NOOPMetricsHandler.instance
  }

  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      let cell: MetricGauge? = cell(label, "", .gauge, dimensions, ())
      return cell.map { GaugeAdapter($0) } ?? NOOPMetricsHandler.instance
    }
    let cell: MetricHistogram? = cell(label, "", .histogram, dimensions, Self.decades)
    return cell.map { RecorderAdapter($0) } ?? NOOPMetricsHandler.instance
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let cell: MetricHistogram? = cell(label, "_seconds", .histogram, dimensions, Self.seconds)
    return cell.map { TimerAdapter($0) } ?? NOOPMetricsHandler.instance
  }

  // Series stay when a library lets go of its handle: what was counted was counted.
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}

  private func cell<Cell: MetricCell>(
    _ label: String, _ suffix: String, _ kind: MetricKind, _ dimensions: [(String, String)], _ layout: Cell.Layout
  ) -> Cell? {
    let sanitized = MetricName.metric(from: label)
    let name = sanitized.hasSuffix(suffix) ? sanitized : sanitized + suffix
    // Libraries may give one name to a counter and a timer.
    for candidate in [name, "\(name)_\(kind.rawValue)"] {
      let family: MetricFamily<Cell>? = registry.family(
        candidate, "Reported by a library as \(label).", kind, [], layout, familyLimit: Self.familyLimit)
      if let family { return family.cell(labels: Self.labels(dimensions)) }
    }
    return nil
  }

  /// Dimensions as labels, each name once, in order.
  private static func labels(_ dimensions: [(String, String)]) -> [(String, String)] {
    let named = dimensions.map { (MetricName.label(from: $0.0), $0.1) }
    return Dictionary(named) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

private final class CounterAdapter: CounterHandler {
  private let cell: MetricCounter
  init(_ cell: MetricCounter) { self.cell = cell }
  func increment(by amount: Int64) { if amount > 0 { cell.increment(by: Int(amount)) } }
  // Prometheus takes a smaller number for a new process, and would count everything once more.
  func reset() {}
}

private final class SumAdapter: FloatingPointCounterHandler {
  private let cell: MetricGauge
  init(_ cell: MetricGauge) { self.cell = cell }
  func increment(by amount: Double) { if amount > 0 && amount.isFinite { cell.add(amount) } }
  func reset() {}
}

private final class GaugeAdapter: MeterHandler, RecorderHandler {
  private let cell: MetricGauge
  init(_ cell: MetricGauge) { self.cell = cell }
  func set(_ value: Int64) { cell.set(Double(value)) }
  func set(_ value: Double) { cell.set(value) }
  func increment(by amount: Double) { cell.add(amount) }
  func decrement(by amount: Double) { cell.add(-amount) }
  func record(_ value: Int64) { cell.set(Double(value)) }
  func record(_ value: Double) { cell.set(value) }
}

private final class RecorderAdapter: RecorderHandler {
  private let cell: MetricHistogram
  init(_ cell: MetricHistogram) { self.cell = cell }
  func record(_ value: Int64) { cell.observe(Double(value)) }
  func record(_ value: Double) { cell.observe(value) }
}

private final class TimerAdapter: TimerHandler {
  private let cell: MetricHistogram
  init(_ cell: MetricHistogram) { self.cell = cell }
  func recordNanoseconds(_ duration: Int64) { cell.observe(Double(duration) * 1e-9) }
}
