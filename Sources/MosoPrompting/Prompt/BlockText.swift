import MosoConversation
import MosoFormats

/// Blocks as the text that a model without eyes reads.
enum BlockText {
  /// Documents inside results inside documents: more levels than this are left out.
  private static let mostLevels = 8

  /// The text of a block, or `nil` where it has none to show: thoughts, calls, results and unknown blocks.
  static func of(_ block: ContentBlock, level: Int = 0) -> String? {
    switch block.kind {
    case .text(let content): return content.text
    case .document(let document): return text(of: document, level: level)
    case .searchResult(let result):
      return element(
        "search_result", [("source", result.source), ("title", result.title)], joined(result.content, level: level + 1))
    case .image: return "[An image stands here, which you cannot see.]"
    case .thinking, .redactedThinking, .toolUse, .toolResult, .unknown: return nil
    }
  }

  /// What a tool gave back, saying so where it failed or said nothing.
  static func of(_ result: ToolResult) -> String {
    let text = joined(result.content ?? [], level: 1)
    let isBlank = text.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
    if result.isError == true { return isBlank ? "The tool failed." : "The tool failed:\n" + text }
    return isBlank ? "(no output)" : text
  }

  /// The texts of blocks as paragraphs.
  static func joined(_ blocks: [ContentBlock], level: Int = 0) -> String {
    guard level < mostLevels else { return "" }
    return blocks.compactMap { of($0, level: level) }.joined(separator: "\n\n")
  }

  private static func text(of document: Document, level: Int) -> String {
    let body =
      switch document.source {
      case .text(let text, _): text
      case .content(let blocks, _): joined(blocks, level: level + 1)
      case .other: "[The document is in a form that you cannot read.]"
      }
    return element("document", [("title", document.title), ("context", document.context)], body)
  }

  private static func element(_ name: String, _ fields: [(name: String, value: String?)], _ body: String) -> String {
    var text = "<\(name)>\n"
    for field in fields { if let value = field.value { text += "<\(field.name)>\(value)</\(field.name)>\n" } }
    return text + body + "\n</\(name)>"
  }
}

/// A text as a JSON string.
func quoted(_ text: String) -> String { JSONValue.string(text).serialized() }
