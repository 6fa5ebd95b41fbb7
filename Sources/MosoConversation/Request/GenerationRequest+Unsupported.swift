import MosoFormats

/// A block that a model of text cannot honour.
public struct UnsupportedContent: Sendable, Hashable {
  /// Where it stands in the request, as in `messages.0.content.1`.
  public var field: String
  /// What it is, as the Messages API names it: `image`, `document` or the name of a type that nobody here knows.
  public var type: String

  /// A block that cannot be honoured.
  public init(field: String, type: String) {
    self.field = field
    self.type = type
  }
}

extension GenerationRequest {
  /// The blocks that a model of text cannot honour: pictures, documents that are no text, and types that nobody here
  /// knows, also within results of tools.
  public var unsupportedContent: [UnsupportedContent] {
    var found: [UnsupportedContent] = []
    for (index, block) in (system ?? []).enumerated() { block.findUnsupported(at: "system.\(index)", in: &found) }
    for (index, message) in messages.enumerated() {
      for (place, block) in message.places(at: "messages.\(index)", wire: wire) {
        block.findUnsupported(at: place, in: &found)
      }
    }
    return found
  }
}

extension ContentBlock {
  fileprivate func findUnsupported(at place: String, in found: inout [UnsupportedContent]) {
    switch kind {
    case .image: found.append(UnsupportedContent(field: place, type: "image"))
    case .unknown(let type): found.append(UnsupportedContent(field: place, type: type))
    case .document(let document):
      if case .other = document.source { found.append(UnsupportedContent(field: place, type: "document")) }
    case .text, .thinking, .redactedThinking, .toolUse, .toolResult, .searchResult: break
    }
    for (place, block) in inner(at: place) { block.findUnsupported(at: place, in: &found) }
  }
}
