import MosoFormats

/// Writes messages as OpenAI's API has them.
struct MessageWriter {
  /// Whether the request came in this API, so that its blocks are written as they came.
  let isOwn: Bool

  /// The messages that say what one neutral message says: each result of a tool is one of its own.
  func json(_ message: Message) -> [JSONValue] {
    if message.role == .assistant { return [assistant(message)] }
    var messages: [JSONObject] = []
    var others: [ContentBlock] = []
    for block in message.content {
      guard case .toolResult(let result) = block.kind else {
        others.append(block)
        continue
      }
      let content = result.content.map { self.content($0, asString: result.prefersString) }
      messages.append(
        ["role": "tool", "tool_call_id": .string(result.toolUseID), "content": content ?? ""])
    }
    if !others.isEmpty || messages.isEmpty {
      var fields: JSONObject = ["role": .string(message.role.rawValue)]
      if !others.isEmpty { fields["content"] = content(others, asString: message.prefersString) }
      messages.append(fields)
    }
    messages[messages.count - 1].merge(message.unknown)
    return messages.map(JSONValue.object)
  }

  private func assistant(_ message: Message) -> JSONValue {
    var fields: JSONObject = ["role": "assistant"]
    var thoughts: String?
    var calls: [JSONValue] = []
    var others: [ContentBlock] = []
    for block in message.content {
      switch block.kind {
      case .thinking(let content): thoughts = (thoughts ?? "") + content.text
      case .redactedThinking: break
      case .toolUse(let use): calls.append(call(use, unknown: block.unknown))
      default: others.append(block)
      }
    }
    if !others.isEmpty {
      fields["content"] = content(others, asString: message.prefersString)
    } else if message.unknown["content"] == nil, !isOwn {
      fields["content"] = .null
    }
    fields["reasoning_content"] = thoughts.map(JSONValue.string)
    if !calls.isEmpty { fields["tool_calls"] = .array(calls) }
    fields.merge(message.unknown)
    return .object(fields)
  }

  private func call(_ use: ToolUse, unknown: JSONObject) -> JSONValue {
    var function: JSONObject = ["name": .string(use.name), "arguments": .string(use.arguments)]
    function.merge(unknown["function"]?.objectValue ?? [:])
    var fields: JSONObject = ["id": .string(use.id), "type": "function", "function": .object(function)]
    fields.merge(unknown)
    return .object(fields)
  }

  // MARK: Content

  /// Blocks as the wire has them: an array of parts, or one string.
  ///
  /// A single text of another origin becomes a string, which every server understands.
  func content(_ blocks: [ContentBlock], asString: Bool) -> JSONValue {
    let blocks = isOwn ? blocks : blocks.flatMap(adapted)
    if asString || !isOwn, let text = MessagesCodec.plainText(blocks) { return .string(text) }
    return .array(blocks.map(part))
  }

  private func part(_ block: ContentBlock) -> JSONValue {
    var fields = JSONObject()
    switch block.kind {
    case .text(let content):
      fields["type"] = "text"
      fields["text"] = .string(content.text)
    case .image(let source):
      guard let address = Self.address(of: source) else { return MessagesCodec.json(block) }
      var image: JSONObject = ["url": .string(address)]
      image.merge(block.unknown["image_url"]?.objectValue ?? [:])
      fields["type"] = "image_url"
      fields["image_url"] = .object(image)
    case .unknown(let type): fields["type"] = .string(type)
    // The API has no word for it: whoever reads it will say so, while leaving it out would say nothing.
    default: return MessagesCodec.json(block)
    }
    fields["cache_control"] = block.cacheControl.map(MessagesCodec.json)
    fields.merge(block.unknown)
    return .object(fields)
  }

  /// A block of the Messages API as blocks that this API has parts for: texts in documents and passages are texts.
  private func adapted(_ block: ContentBlock) -> [ContentBlock] {
    var block = block
    block.cacheControl = nil
    switch block.kind {
    case .text(let content): return [.text(content.text)]
    case .searchResult(let result): return result.content.flatMap(adapted)
    case .document(let document):
      switch document.source {
      case .text(let text, _): return [.text(text)]
      case .content(let blocks, _): return blocks.flatMap(adapted)
      case .other: return [block]
      }
    default: return [block]
    }
  }

  /// A picture's source as an address; `nil` for one that has none.
  private static func address(of source: JSONValue) -> String? {
    if let address = source["url"]?.stringValue { return address }
    guard let mediaType = source["media_type"]?.stringValue, let data = source["data"]?.stringValue else { return nil }
    return "data:\(mediaType);base64,\(data)"
  }
}

extension ToolUse {
  /// The arguments as text: as they were written, else as JSON.
  var arguments: String { inputText ?? input.serialized() }
}
