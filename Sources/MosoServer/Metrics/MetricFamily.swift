import Synchronization

/// A metric by its name, with a series for each choice of its labels' values.
///
/// Finding a series takes a lock and a look-up; whoever counts often keeps it.
public final class MetricFamily<Cell: MetricCell>: Sendable {
  /// What it is called.
  public let name: String
  private let help: String
  private let kind: MetricKind
  private let labelNames: [String]
  private let layout: Cell.Layout
  private let limit: Int
  /// The series by the text of their labels.
  private let cells = Mutex<[String: Cell]>([:])

  init(
    _ name: String, help: String, kind: MetricKind, labels: [String], layout: Cell.Layout, limit: Int
  ) {
    precondition(MetricName.isMetric(name), "\(name) is no name of a metric")
    precondition(labels.allSatisfy(MetricName.isLabel), "one of \(labels) is no name of a label")
    precondition(Set(labels).count == labels.count, "two of \(labels) are the same")
    self.name = name
    self.help = help
    self.kind = kind
    labelNames = labels
    self.layout = layout
    self.limit = limit
  }

  /// The series for these values of the labels.
  ///
  /// Once there are as many series as the family may have, every new choice of values is counted in one series, whose
  /// labels all say `other`: a caller that makes up values fills no memory.
  ///
  /// - Precondition: There are as many values as labels.
  public func cell(_ values: String...) -> Cell {
    precondition(values.count == labelNames.count, "\(name) has the labels \(labelNames), not \(values.count)")
    return cell(labels: zip(labelNames, values))
  }

  func cell(labels: some Sequence<(String, String)>) -> Cell {
    let key = MetricText.labels(labels)
    return cells.withLock { cells in
      if let cell = cells[key] { return cell }
      let key = cells.count < limit ? key : MetricText.labels(labels.map { ($0.0, "other") })
      if let cell = cells[key] { return cell }
      let cell = Cell(layout)
      cells[key] = cell
      return cell
    }
  }
}

/// A family of any kind of series.
protocol AnyMetricFamily: AnyObject, Sendable {
  func write(to text: inout MetricExposition)
}

extension MetricFamily: AnyMetricFamily {
  func write(to text: inout MetricExposition) {
    let cells = cells.withLock { $0 }
    if cells.isEmpty { return }
    text.text.begin(name, help: help, kind: kind)
    for (labels, cell) in cells.sorted(by: { $0.key < $1.key }) { cell.write(name, labels: labels, to: &text) }
  }
}
