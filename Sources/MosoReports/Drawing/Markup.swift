/// Writes elements of HTML and SVG; whatever is text stays text.
struct Markup {
  private(set) var text = ""

  /// `<name attributes>`
  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    start(name, attributes)
    text += ">"
  }

  /// `</name>`
  mutating func close(_ name: String) {
    text += "</\(name)>"
  }

  /// An element of SVG without content.
  mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    start(name, attributes)
    text += "/>"
  }

  /// An element that holds one line of text.
  mutating func element(_ name: String, _ content: String) {
    element(name, [:], content)
  }

  /// An element that holds one line of text.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String) {
    open(name, attributes)
    line(content)
    close(name)
  }

  /// One line of text.
  mutating func line(_ content: String) {
    text += Self.escaped(VisibleText.line(content))
  }

  /// Text with its newlines.
  mutating func lines(_ content: String) {
    text += Self.escaped(VisibleText.lines(content))
  }

  /// What is markup already.
  mutating func raw(_ markup: String) {
    text += markup
  }

  /// `text` with the characters that mean something in markup written as references, in content and between quotes
  /// alike.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// A coordinate in pixels, to a tenth.
  static func coordinate(_ value: Double) -> String {
    let tenths = value.isFinite ? Int((min(max(value, -1e6), 1e6) * 10).rounded()) : 0
    let whole = "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10)"
    return tenths % 10 == 0 ? whole : "\(whole).\(tenths.magnitude % 10)"
  }

  private mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<\(name)"
    for (attribute, value) in attributes {
      text += " \(attribute)=\"\(Self.escaped(VisibleText.line(value)))\""
    }
  }
}
