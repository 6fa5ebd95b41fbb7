/// Metrics as text: Prometheus' exposition format 0.0.4.
struct MetricText {
  private(set) var bytes: [UInt8] = []

  /// Begins the samples of a family.
  mutating func begin(_ name: String, help: String, kind: MetricKind) {
    append("# HELP \(name) ")
    appendEscaped(help, quotes: false)
    append("\n# TYPE \(name) \(kind.rawValue)\n")
  }

  /// Appends a sample.
  ///
  /// - Parameter labels: What stands between the braces, as `labels(_:)` has it.
  mutating func sample(_ name: String, _ suffix: String = "", labels: String, _ value: Number) {
    append(name)
    append(suffix)
    if !labels.isEmpty {
      append("{")
      append(labels)
      append("}")
    }
    append(" ")
    append(value.text)
    append("\n")
  }

  /// A sample's value.
  enum Number {
    case whole(UInt64)
    case real(Double)

    var text: String {
      switch self {
      case .whole(let value): "\(value)"
      case .real(let value): MetricText.number(value)
      }
    }
  }

  /// A number as Go reads it, which is how Prometheus does.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    // Beyond 2^53 the digits of a whole number would be more than are known.
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
    return value.description
  }

  /// Names and values as they stand between the braces of a sample.
  static func labels(_ pairs: some Sequence<(String, String)>) -> String {
    var text = MetricText()
    for (name, value) in pairs {
      if !text.bytes.isEmpty { text.append(",") }
      text.append(name)
      text.append("=\"")
      text.appendEscaped(value, quotes: true)
      text.append("\"")
    }
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func appendEscaped(_ text: String, quotes: Bool) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\"") where quotes: append("\\\"")
      default: bytes.append(byte)
      }
    }
  }
}

/// What the values of a family mean.
enum MetricKind: String, Sendable {
  /// It only grows, while the process lives.
  case counter
  /// It goes up and down.
  case gauge
  /// How many values were how large.
  case histogram
}
