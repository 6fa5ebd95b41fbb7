/// The names of metrics and their labels.
enum MetricName {
  /// Whether a text names a metric: ASCII letters, digits, `_` and `:`, of which the first is no digit.
  static func isMetric(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first) else { return false }
    return text.utf8.allSatisfy { isLabelByte($0) || $0 == UInt8(ascii: ":") }
  }

  /// Whether a text names a label: ASCII letters, digits and `_`, of which the first is no digit; `__` at the beginning is
  /// Prometheus' own, and `le` is that of histograms.
  static func isLabel(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first), !text.hasPrefix("__"), text != "le" else { return false }
    return text.utf8.allSatisfy(isLabelByte)
  }

  /// A name like the one that a library gave, with `_` for what cannot be in one.
  static func metric(from text: String) -> String {
    let name = String(decoding: text.utf8.map { isLabelByte($0) || $0 == UInt8(ascii: ":") ? $0 : 0x5F }, as: UTF8.self)
    return isMetric(name) ? name : "_" + name
  }

  /// A label's name like the one that a library gave, with `_` for what cannot be in one.
  static func label(from text: String) -> String {
    let name = String(decoding: text.utf8.map { isLabelByte($0) ? $0 : 0x5F }, as: UTF8.self)
    if isLabel(name) { return name }
    return "label_" + name
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
