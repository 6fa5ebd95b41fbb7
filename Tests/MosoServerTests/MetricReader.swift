/// Reads metrics as Prometheus' text format 0.0.4 describes them, strictly: families are not mixed, and what is described
/// comes after its description.
struct MetricReader {
  struct Problem: Error {
    var line: String
    var reason: String
  }

  /// A sample's name and labels; labels in order, limits of buckets as numbers.
  struct Series: Hashable {
    var name: String
    var labels: [String: String]
  }

  struct Family: Hashable {
    var help: String
    var type: String
  }

  private(set) var families: [String: Family] = [:]
  private(set) var samples: [Series: Double] = [:]
  private var current = ""

  init(_ text: String) throws {
    guard text.hasSuffix("\n") || text.isEmpty else { throw Problem(line: text, reason: "no line break at the end") }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { try read(String(line)) }
  }

  private mutating func read(_ line: String) throws {
    func fail(_ reason: String) -> Problem { Problem(line: line, reason: reason) }
    if line.hasPrefix("# HELP ") {
      let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
      current = String(parts[0])
      guard parts.count == 2, families[current] == nil else { throw fail("described twice, or not") }
      families[current] = Family(help: try unescaped(parts[1], quotes: false, line), type: "")
    } else if line.hasPrefix("# TYPE ") {
      let parts = line.dropFirst(7).split(separator: " ")
      guard parts.count == 2, parts[0] == current, families[current]?.type == "" else { throw fail("a lost type") }
      families[current]?.type = String(parts[1])
    } else {
      guard let end = line.firstIndex(where: { $0 == "{" || $0 == " " }) else { throw fail("no value") }
      let name = String(line[..<end])
      let type = families[current]?.type
      let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
      guard suffixes.contains(where: { name == current + $0 }) else { throw fail("not of \(current)") }
      var labels: [String: String] = [:]
      var rest = line[end...]
      if rest.first == "{" {
        rest = rest.dropFirst()
        while rest.first != "}" {
          guard let equals = rest.firstIndex(of: "="), rest[equals...].hasPrefix("=\"") else { throw fail("no label") }
          let label = String(rest[..<equals])
          rest = rest[equals...].dropFirst(2)
          var value = ""
          while let character = rest.first, character != "\"" {
            value.append(character)
            rest = rest.dropFirst()
            if character == "\\", let next = rest.first {
              value.append(next)
              rest = rest.dropFirst()
            }
          }
          rest = rest.dropFirst()
          if rest.first == "," { rest = rest.dropFirst() }
          guard labels[label] == nil else { throw fail("\(label) twice") }
          labels[label] = try unescaped(value[...], quotes: true, line)
        }
        rest = rest.dropFirst()
      }
      guard rest.first == " ", let value = number(rest.dropFirst()) else { throw fail("no number") }
      if name == current + "_bucket", type == "histogram" {
        guard let limit = labels["le"].flatMap({ number($0[...]) }) else { throw fail("no limit") }
        labels["le"] = "\(limit)"
      }
      guard samples.updateValue(value, forKey: Series(name: name, labels: labels)) == nil else { throw fail("twice") }
    }
  }

  private func number(_ text: Substring) -> Double? {
    switch text {
    case "NaN": .nan
    case "+Inf": .infinity
    case "-Inf": -.infinity
    default: text.first.map { $0.isASCII && ($0.isNumber || $0 == "-") } == true ? Double(text) : nil
    }
  }

  private func unescaped(_ text: Substring, quotes: Bool, _ line: String) throws -> String {
    var result = ""
    var rest = text
    while let character = rest.popFirst() {
      guard character == "\\" else {
        result.append(character)
        continue
      }
      switch rest.popFirst() {
      case "\\": result.append("\\")
      case "n": result.append("\n")
      case "\"" where quotes: result.append("\"")
      default: throw Problem(line: line, reason: "an unknown escape")
      }
    }
    return result
  }
}
