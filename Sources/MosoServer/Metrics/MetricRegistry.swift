import Synchronization

/// All metrics of a process, and their text for Prometheus.
public final class MetricRegistry: Sendable {
  /// The content type of the text.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private struct State {
    /// In the order of their registration.
    var families: [any AnyMetricFamily] = []
    var byName: [String: any AnyMetricFamily] = [:]
    /// The names that samples have: those of families, and what histograms add to theirs.
    var sampleNames: Set<String> = []
    var refreshers: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let seriesLimit: Int

  /// A registry without metrics.
  ///
  /// - Parameter seriesLimit: How many series a family has at most, beside the one for everything else.
  public init(seriesLimit: Int = 256) {
    precondition(seriesLimit > 0, "a family without series")
    self.seriesLimit = seriesLimit
  }

  /// A number that only grows; its name ends in `_total`.
  ///
  /// - Precondition: No metric of another kind has the name.
  public func counter(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily<MetricCounter> {
    required(name, help, .counter, labels, ())
  }

  /// A number that goes up and down.
  ///
  /// - Precondition: No metric of another kind has the name.
  public func gauge(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily<MetricGauge> {
    required(name, help, .gauge, labels, ())
  }

  /// How many values were at most how large.
  ///
  /// - Precondition: No metric of another kind has the name.
  public func histogram(
    _ name: String, _ help: String, labels: [String] = [], buckets: MetricHistogram.Buckets
  ) -> MetricFamily<MetricHistogram> {
    required(name, help, .histogram, labels, buckets)
  }

  /// Has `refresh` called before each exposition, to set what is cheaper to ask for than to follow.
  public func onExposition(_ refresh: @escaping @Sendable () -> Void) {
    state.withLock { $0.refreshers.append(refresh) }
  }

  /// Every series that something was counted in, as Prometheus reads them (exposition format 0.0.4, in UTF-8).
  public func exposition() -> [UInt8] {
    for refresh in state.withLock({ $0.refreshers }) { refresh() }
    var text = MetricExposition()
    for family in state.withLock({ $0.families }) { family.write(to: &text) }
    return text.text.bytes
  }

  private func required<Cell: MetricCell>(
    _ name: String, _ help: String, _ kind: MetricKind, _ labels: [String], _ layout: Cell.Layout
  ) -> MetricFamily<Cell> {
    guard let family: MetricFamily<Cell> = family(name, help, kind, labels, layout) else {
      preconditionFailure("\(name) is a metric of another kind already")
    }
    return family
  }

  /// The family of this name, which is made where it is missing; `nil` when the name is that of another kind's samples, or
  /// when there are `familyLimit` families.
  func family<Cell: MetricCell>(
    _ name: String, _ help: String, _ kind: MetricKind, _ labels: [String], _ layout: Cell.Layout,
    familyLimit: Int = .max
  ) -> MetricFamily<Cell>? {
    state.withLock { state in
      if let family = state.byName[name] { return family as? MetricFamily<Cell> }
      let suffixes = kind == .histogram ? ["", "_bucket", "_sum", "_count"] : [""]
      let sampleNames = suffixes.map { name + $0 }
      guard state.sampleNames.isDisjoint(with: sampleNames), state.families.count < familyLimit else { return nil }
      let family = MetricFamily<Cell>(
        name, help: help, kind: kind, labels: labels, layout: layout, limit: seriesLimit)
      state.families.append(family)
      state.byName[name] = family
      state.sampleNames.formUnion(sampleNames)
      return family
    }
  }
}
