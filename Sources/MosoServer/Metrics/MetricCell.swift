import Synchronization

/// One series of a family: what is counted for one choice of the labels' values.
public protocol MetricCell: AnyObject, Sendable {
  /// What there is until something is counted.
  associatedtype Layout: Sendable

  /// A series in which nothing was counted.
  init(_ layout: Layout)

  /// Appends its samples to a text.
  func write(_ name: String, labels: String, to text: inout MetricExposition)
}

/// The text that series write themselves to.
public struct MetricExposition: Sendable {
  var text = MetricText()
}

/// A whole number that only grows. Adding to it is one atomic operation.
public final class MetricCounter: MetricCell {
  private let value = Atomic<UInt64>(0)

  public init(_ layout: Void) {}

  /// Adds to the number.
  ///
  /// - Precondition: `amount` is not negative.
  public func increment(by amount: Int = 1) {
    value.wrappingAdd(UInt64(amount), ordering: .relaxed)
  }

  /// The number.
  public var current: UInt64 { value.load(ordering: .relaxed) }

  public func write(_ name: String, labels: String, to text: inout MetricExposition) {
    text.text.sample(name, labels: labels, .whole(current))
  }
}

/// A number that goes up and down.
public final class MetricGauge: MetricCell {
  private let bits = Atomic<UInt64>(0)

  public init(_ layout: Void) {}

  /// Makes `value` the number.
  public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  /// Makes `value` the number.
  public func set(_ value: Int) { set(Double(value)) }

  /// Adds to the number, or takes away from it.
  public func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = original
    }
  }

  /// The number.
  public var current: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  public func write(_ name: String, labels: String, to text: inout MetricExposition) {
    text.text.sample(name, labels: labels, .real(current))
  }
}

/// How many values were at most how large, and their sum.
public final class MetricHistogram: MetricCell {
  /// The upper limits of the buckets.
  public struct Buckets: Sendable, Hashable {
    let limits: [Double]
    /// The limits as text, which every exposition needs.
    let labels: [String]

    /// Buckets with these upper limits; one more takes what is above all of them.
    ///
    /// - Precondition: There are 1 to 64 limits, finite and ascending.
    public init(_ limits: [Double]) {
      precondition((1...64).contains(limits.count), "a histogram with \(limits.count) buckets")
      precondition(limits.allSatisfy(\.isFinite), "a bucket without a limit")
      precondition(zip(limits, limits.dropFirst()).allSatisfy { $0 < $1 }, "the buckets \(limits) do not ascend")
      self.limits = limits
      labels = limits.map { MetricText.number($0) }
    }
  }

  private struct State {
    /// How many values fell into each bucket; the last one has no limit.
    var counts: [UInt64]
    var sum: Double
  }

  private let buckets: Buckets
  private let state: Mutex<State>

  public init(_ layout: Buckets) {
    buckets = layout
    state = Mutex(State(counts: [UInt64](repeating: 0, count: layout.limits.count + 1), sum: 0))
  }

  /// Counts a value; what is not a number is passed over.
  public func observe(_ value: Double) {
    guard !value.isNaN else { return }
    var bucket = 0
    while bucket < buckets.limits.count && value > buckets.limits[bucket] { bucket += 1 }
    // A lock costs no more than two atomic operations, and keeps buckets and sum of one mind.
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  /// Counts a duration, in seconds.
  public func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    observe(Double(seconds) + Double(attoseconds) * 1e-18)
  }

  public func write(_ name: String, labels: String, to text: inout MetricExposition) {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    let prefix = labels.isEmpty ? "" : labels + ","
    var total: UInt64 = 0
    for (count, limit) in zip(counts, buckets.labels + ["+Inf"]) {
      total += count
      text.text.sample(name, "_bucket", labels: "\(prefix)le=\"\(limit)\"", .whole(total))
    }
    text.text.sample(name, "_sum", labels: labels, .real(sum))
    text.text.sample(name, "_count", labels: labels, .whole(total))
  }
}
