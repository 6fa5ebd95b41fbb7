import MosoFormats

extension MessagesCodec {
  /// Blocks as the wire has them: an array, or one string where that is preferred and says as much.
  static func content(_ blocks: [ContentBlock], asString: Bool) -> JSONValue {
    if asString, let text = plainText(blocks) { return .string(text) }
    return .array(blocks.map(json))
  }

  /// The text of a content that is nothing but one plain text.
  static func plainText(_ blocks: [ContentBlock]) -> String? {
    guard blocks.count == 1, let block = blocks.first, block.cacheControl == nil, block.unknown.isEmpty,
      case .text(let content) = block.kind, content.citations == nil
    else { return nil }
    return content.text
  }

  /// A block as the wire has it.
  static func json(_ block: ContentBlock) -> JSONValue {
    var fields = JSONObject()
    switch block.kind {
    case .text(let content):
      fields["type"] = "text"
      fields["text"] = .string(content.text)
      fields["citations"] = content.citations
    case .thinking(let content):
      fields["type"] = "thinking"
      fields["thinking"] = .string(content.text)
      fields["signature"] = .string(content.signature)
    case .redactedThinking(let data):
      fields["type"] = "redacted_thinking"
      fields["data"] = .string(data)
    case .toolUse(let use):
      fields["type"] = "tool_use"
      fields["id"] = .string(use.id)
      fields["name"] = .string(use.name)
      fields["input"] = use.input
    case .toolResult(let result):
      fields["type"] = "tool_result"
      fields["tool_use_id"] = .string(result.toolUseID)
      fields["content"] = result.content.map { content($0, asString: result.prefersString) }
      fields["is_error"] = result.isError.map(JSONValue.bool)
    case .document(let document):
      fields["type"] = "document"
      fields["source"] = source(of: document, unknown: block.unknown["source"]?.objectValue ?? [:])
      fields["title"] = document.title.map(JSONValue.string)
      fields["context"] = document.context.map(JSONValue.string)
      fields["citations"] = document.citations
    case .image(let source):
      fields["type"] = "image"
      fields["source"] = source
    case .searchResult(let result):
      fields["type"] = "search_result"
      fields["source"] = .string(result.source)
      fields["title"] = .string(result.title)
      fields["content"] = .array(result.content.map(json))
      fields["citations"] = result.citations
    case .unknown(let type): fields["type"] = .string(type)
    }
    fields["cache_control"] = block.cacheControl.map(json)
    fields.merge(block.unknown)
    return .object(fields)
  }

  static func json(_ control: CacheControl) -> JSONValue {
    var fields: JSONObject = ["type": "ephemeral"]
    fields["ttl"] = control.timeToLive.map(JSONValue.string)
    fields.merge(control.unknown)
    return .object(fields)
  }

  private static func source(of document: Document, unknown: JSONObject) -> JSONValue {
    var fields = JSONObject()
    switch document.source {
    case .text(let text, let mediaType):
      fields["type"] = "text"
      fields["media_type"] = .string(mediaType)
      fields["data"] = .string(text)
    case .content(let blocks, let isString):
      fields["type"] = "content"
      fields["content"] = content(blocks, asString: isString)
    case .other(let source): return source
    }
    fields.merge(unknown)
    return .object(fields)
  }
}
