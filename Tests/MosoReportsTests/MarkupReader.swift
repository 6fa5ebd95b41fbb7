import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a picture, read by the system's XML parser.
final class MarkupReader: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
    /// How many elements it stands in.
    var depth: Int
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []

  /// Reads a whole document; `nil` where it is not well formed.
  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse(), open.isEmpty else { return nil }
  }

  /// The elements of a name, of those that have a class where one is given.
  func all(_ name: String, style: String? = nil) -> [Element] {
    elements.filter { element in
      let styles = (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
      return element.name == name && (style.map(styles.contains) ?? true)
    }
  }

  /// What stands in the picture as text.
  var texts: [String] { all("text").map(\.text) }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes, depth: open.count))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }
}
