/// How far a job is: what the line of a progress bar says at a moment, as a value without a clock or a terminal.
struct ProgressMeter {
  var label: String
  var total: Int?
  let unit: ProgressUnit
  private(set) var completed: Int
  /// Recent moments in milliseconds and what was done by then, for the rate.
  private var samples: [(time: Int, completed: Int)]

  /// The rate is that of the last few seconds: steady enough to read, quick enough to show a stall.
  private static let window = 5000
  private static let sampleInterval = 200
  private static let narrowestLabel = 8
  private static let barWidths = 8...30

  // What an earlier, interrupted run has completed counts for the bar and not for the rate. Times are in milliseconds on a
  // clock that only goes forward.
  init(label: String, total: Int?, unit: ProgressUnit, completed: Int = 0, at now: Int) {
    self.label = HarmlessText.line(label)
    self.total = total
    self.unit = unit
    self.completed = completed
    samples = [(now, completed)]
  }

  mutating func record(_ completed: Int, at now: Int) {
    self.completed = completed
    if let last = samples.last, now - last.time < Self.sampleInterval { return }
    samples.append((now, completed))
    // One sample older than the window stays, so that the window is always covered.
    while samples.count > 2, now - samples[1].time >= Self.window { samples.removeFirst() }
  }

  /// Units per second over the last few seconds; `nil` before there is anything to divide.
  func rate(at now: Int) -> Double? {
    guard let first = samples.first, now - first.time >= Self.sampleInterval else { return nil }
    return Double(max(0, completed - first.completed)) * 1000 / Double(now - first.time)
  }

  /// The line to show in `columns` columns: with little room the label is cut, then the bar goes, and the numbers last.
  func line(columns: Int, isUTF8: Bool, at now: Int) -> String {
    let fraction = total.map { $0 > 0 ? min(1, max(0, Double(completed) / Double($0))) : 1 }
    let percent = fraction.map { "\(QuantityFormat.fixed(($0 * 100).rounded(.down), digits: 0))%" }
    let rate = rate(at: now)
    let amount = total.map { "\(unit.amount(completed, of: $0))" } ?? unit.amount(completed)
    let speed = rate.map(unit.rate)
    let remaining = timeLeft(rate: rate).map { "\(QuantityFormat.duration(seconds: $0)) left" }
    let details = [
      [percent, amount, speed, remaining], [percent, amount, speed], [percent, speed], [percent ?? amount],
    ]
    for parts in details {
      let text = parts.compactMap { $0 }.joined(separator: "  ")
      let room = columns - 2 - text.displayWidth
      guard room >= min(label.displayWidth, Self.narrowestLabel) else { continue }
      let roomBesideBar = room - 2 - Self.barWidths.lowerBound
      let labelRoom = fraction != nil && roomBesideBar >= Self.narrowestLabel ? roomBesideBar : room
      let widest = max(Self.narrowestLabel, columns / 3)
      let label = label.truncated(toWidth: min(labelRoom, widest), isUTF8: isUTF8)
      let barWidth = min(Self.barWidths.upperBound, room - label.displayWidth - 2)
      guard let fraction, barWidth >= Self.barWidths.lowerBound else { return "\(label)  \(text)" }
      return "\(label)  \(Self.bar(fraction, width: barWidth, isUTF8: isUTF8))  \(text)"
    }
    return label.truncated(toWidth: columns, isUTF8: isUTF8)
  }

  private func timeLeft(rate: Double?) -> Double? {
    guard let total, let rate, rate > 0, completed < total else { return nil }
    return (Double(total - completed) / rate).rounded(.up)
  }

  private static func bar(_ fraction: Double, width: Int, isUTF8: Bool) -> String {
    let filled = Int((fraction * Double(width)).rounded(.down))
    let (done, rest): (Character, Character) = isUTF8 ? ("━", "─") : ("#", "-")
    return String(repeating: done, count: filled) + String(repeating: rest, count: width - filled)
  }
}

/// What a progress bar counts.
public enum ProgressUnit: Sendable, Equatable {
  /// Bytes, shown in decimal units.
  case bytes
  /// Things of a kind, named in the plural, such as `tensors`.
  case items(String)

  func amount(_ completed: Int) -> String {
    switch self {
    case .bytes: QuantityFormat.bytes(completed)
    case .items(let name): "\(QuantityFormat.count(completed)) \(name)"
    }
  }

  func amount(_ completed: Int, of total: Int) -> String {
    switch self {
    case .bytes: "\(QuantityFormat.bytes(completed)) of \(QuantityFormat.bytes(total))"
    case .items(let name): "\(QuantityFormat.count(completed)) of \(QuantityFormat.count(total)) \(name)"
    }
  }

  func rate(_ perSecond: Double) -> String {
    switch self {
    case .bytes: QuantityFormat.byteRate(perSecond)
    case .items: "\(QuantityFormat.threeDigits(perSecond))/s"
    }
  }
}
