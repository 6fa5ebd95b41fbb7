extension Unicode.Scalar {
  /// Whether a terminal could be steered or a reader be misled by it: controls, formats, separators of lines.
  var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension StringProtocol {
  /// The text on one line, safe to print wherever it came from: what is not printable becomes `?`, and what is beyond
  /// `limit` characters becomes `…`.
  func printable(limit: Int = 300) -> String {
    var result = ""
    var count = 0
    for scalar in unicodeScalars {
      guard count < limit else {
        result += "…"
        break
      }
      result.unicodeScalars.append(scalar.isUnprintable ? "?" : scalar)
      count += 1
    }
    return result
  }
}
