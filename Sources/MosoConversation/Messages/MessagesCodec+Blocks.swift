import MosoFormats

/// Where a block stands, which decides what kinds of blocks may stand there.
enum BlockPlace {
  /// The system prompt.
  case system
  /// A message with the role `system`.
  case systemMessage
  /// A message of the user.
  case user
  /// A message of the assistant that a client sends back.
  case assistant
  /// An answer that a server has given.
  case answer
  /// The result of a tool.
  case toolResult
  /// A document made of blocks.
  case document
  /// A passage that a search found.
  case searchResult
  /// A message of a saved conversation, where anything may stand that was ever said.
  case file

  /// Whether blocks of the named type may stand here; types that nobody here knows may stand wherever several kinds may.
  func allows(_ type: String) -> Bool {
    if self == .file { return true }
    return switch type {
    case "text": true
    case "image": self != .system && self != .systemMessage && self != .searchResult
    case "document", "search_result": self == .user || self == .assistant || self == .toolResult || self == .answer
    case "thinking", "redacted_thinking", "tool_use": self == .assistant || self == .answer
    case "tool_result": self == .user
    default: self != .system && self != .document && self != .searchResult
    }
  }

  /// The place of blocks within a block here, which is a file's again where this one is.
  func inner(_ place: BlockPlace) -> BlockPlace { self == .file ? .file : place }

  /// The place as an error message calls it.
  var name: String {
    switch self {
    case .system: "the system prompt"
    case .systemMessage: "a message of the system"
    case .user: "a message of the user"
    case .assistant, .answer: "a message of the assistant"
    case .toolResult: "the result of a tool"
    case .document: "a document"
    case .searchResult: "a search result"
    case .file: "a saved message"
    }
  }
}

extension MessagesCodec {
  /// Reads blocks that stand at `path`, as in `messages.0.content`.
  func blocks(_ list: [JSONValue], at path: String, in place: BlockPlace) throws(RequestError) -> [ContentBlock] {
    var blocks: [ContentBlock] = []
    blocks.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      blocks.append(try block(element, at: "\(path).\(index)", in: place))
    }
    return blocks
  }

  /// Reads one block.
  func block(_ value: JSONValue, at path: String, in place: BlockPlace) throws(RequestError) -> ContentBlock {
    var fields = try FieldReader(value, at: path)
    let type = try fields.requiredName("type")
    guard place.allows(type) else {
      throw RequestError(
        .invalidRequest, "\(fields.place("type")) is \(JSONValue.string(type).shown), which \(place.name) may not hold",
        field: fields.place("type"))
    }
    var inner = JSONObject()
    let kind: ContentBlock.Kind
    switch type {
    case "text": kind = .text(try text(&fields, in: place))
    case "image": kind = .image(source: try imageSource(&fields))
    case "document": kind = .document(try document(&fields, in: place, inner: &inner))
    case "search_result": kind = .searchResult(try searchResult(&fields, in: place))
    case "thinking":
      kind = .thinking(
        ThinkingContent(
          try fields.requiredString("thinking"), signature: try fields.requiredString("signature")))
    case "redacted_thinking": kind = .redactedThinking(data: try fields.requiredString("data"))
    case "tool_use":
      let id = try fields.requiredName("id")
      let name = try fields.requiredName("name")
      let input = try fields.required("input", expected: "an object")
      // An answer that was cut may be saved with arguments that are none.
      guard input.objectValue != nil || place == .file else { throw fields.wrong("input", expected: "an object") }
      kind = .toolUse(ToolUse(id: id, name: name, input: input))
    case "tool_result": kind = .toolResult(try toolResult(&fields, in: place))
    default: kind = .unknown(type: type)
    }
    let mayBeKept = type != "thinking" && type != "redacted_thinking"
    var block = ContentBlock(kind, cacheControl: mayBeKept ? try cacheControl(&fields) : nil)
    block.unknown = fields.rest
    if !inner.isEmpty { block.unknown["source"] = .object(inner) }
    return block
  }

  private func text(_ fields: inout FieldReader, in place: BlockPlace) throws(RequestError) -> TextContent {
    let text = try fields.requiredString("text")
    guard !text.isEmpty || place == .answer || place == .file else {
      throw fields.wrong("text", expected: "a text that is not empty")
    }
    let citations = fields.value("citations")
    if let citations {
      guard let list = citations.arrayValue else { throw fields.wrong("citations", expected: "an array") }
      if version == .v2026_10_21, place == .user, !list.isEmpty {
        throw RequestError(
          .invalidRequest,
          "\(fields.place("citations")) has elements, but has to be empty or left out in messages of the user",
          field: fields.place("citations"))
      }
    }
    return TextContent(text, citations: citations)
  }

  /// Checks a picture's source, which stays as it is.
  private func imageSource(_ fields: inout FieldReader) throws(RequestError) -> JSONValue {
    let value = try fields.required("source", expected: "an object")
    var source = try FieldReader(value, at: fields.place("source"))
    switch try source.requiredWord("type", of: ["base64", "url", "file"]) {
    case "base64":
      _ = try source.requiredWord("media_type", of: ["image/jpeg", "image/png", "image/gif", "image/webp"])
      _ = try source.requiredName("data")
    case "url": _ = try source.requiredName("url")
    default: _ = try source.requiredName("file_id")
    }
    return value
  }

  private func document(
    _ fields: inout FieldReader, in place: BlockPlace, inner: inout JSONObject
  ) throws(RequestError) -> Document {
    if version == .v2026_10_21, place == .assistant {
      throw RequestError(
        .invalidRequest,
        "\(fields.place("type")) is \"document\", which a message of the assistant may not hold in anthropic-version "
          + version.rawValue,
        field: fields.place("type"))
    }
    let value = try fields.required("source", expected: "an object")
    var source = try FieldReader(value, at: fields.place("source"))
    let content: Document.Source
    switch try source.requiredWord("type", of: ["base64", "text", "content", "url", "file"]) {
    case "text":
      let mediaType = try source.requiredWord("media_type", of: ["text/plain"])
      content = .text(try source.requiredString("data"), mediaType: mediaType)
      inner = source.rest
    case "content":
      switch try source.required("content", expected: "a string or an array of blocks") {
      case .string(let text): content = .content([.text(text)], isString: true)
      case .array(let list):
        content = .content(try blocks(list, at: source.place("content"), in: place.inner(.document)), isString: false)
      default: throw source.wrong("content", expected: "a string or an array of blocks")
      }
      inner = source.rest
    case "base64":
      _ = try source.requiredWord("media_type", of: ["application/pdf"])
      _ = try source.requiredName("data")
      content = .other(value)
    case "url":
      _ = try source.requiredName("url")
      content = .other(value)
    default:
      _ = try source.requiredName("file_id")
      content = .other(value)
    }
    return Document(
      source: content, title: try fields.string("title"), context: try fields.string("context"),
      citations: try citationSwitch(&fields))
  }

  private func searchResult(_ fields: inout FieldReader, in place: BlockPlace) throws(RequestError) -> SearchResult {
    let source = try fields.requiredString("source")
    let title = try fields.requiredString("title")
    guard let list = try fields.array("content") else {
      throw fields.wrong("content", expected: "an array of text blocks")
    }
    let content = try blocks(list, at: fields.place("content"), in: place.inner(.searchResult))
    return SearchResult(source: source, title: title, content: content, citations: try citationSwitch(&fields))
  }

  /// The field `citations` of a document or a search result, which says whether to cite it.
  private func citationSwitch(_ fields: inout FieldReader) throws(RequestError) -> JSONValue? {
    guard let value = fields.value("citations") else { return nil }
    var citations = try FieldReader(value, at: fields.place("citations"))
    _ = try citations.bool("enabled")
    return value
  }

  private func toolResult(_ fields: inout FieldReader, in place: BlockPlace) throws(RequestError) -> ToolResult {
    let id = try fields.requiredName("tool_use_id")
    let isError = try fields.bool("is_error")
    switch fields.value("content") {
    case nil: return ToolResult(toolUseID: id, content: nil, isError: isError)
    case .string(let text): return ToolResult(toolUseID: id, text: text, isError: isError)
    case .array(let list):
      let content = try blocks(list, at: fields.place("content"), in: place.inner(.toolResult))
      return ToolResult(toolUseID: id, content: content, isError: isError)
    default: throw fields.wrong("content", expected: "a string or an array of blocks")
    }
  }
}
