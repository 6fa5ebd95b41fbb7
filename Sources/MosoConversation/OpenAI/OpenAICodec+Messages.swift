import MosoFormats

extension OpenAICodec {
  /// Reads the field `messages`: each becomes one message, the results of tools included.
  func messages(_ fields: inout FieldReader) throws(RequestError) -> [Message] {
    guard let list = try fields.array("messages"), !list.isEmpty else {
      throw fields.wrong("messages", expected: "an array of messages")
    }
    guard list.count <= Self.maximumMessageCount else {
      throw RequestError(
        .invalidRequest, "messages has \(list.count) elements, but has to have at most \(Self.maximumMessageCount)",
        field: "messages")
    }
    var messages: [Message] = []
    messages.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      messages.append(try message(element, at: "messages.\(index)"))
    }
    try checkToolResults(in: messages)
    return messages
  }

  private func message(_ value: JSONValue, at path: String) throws(RequestError) -> Message {
    var fields = try FieldReader(value, at: path)
    let name = try fields.requiredWord("role", of: ["system", "developer", "user", "assistant", "tool"])
    guard let role = Message.Role(rawValue: name) else { return try toolMessage(&fields) }
    var message = Message(role, [])
    if role == .assistant {
      try readAssistant(&fields, into: &message)
    } else {
      let content = try fields.required("content", expected: "a string or an array of parts")
      (message.content, message.prefersString) = try self.content(content, of: fields)
    }
    message.unknown = fields.rest
    // An empty list has no block that could bring it back.
    for key in ["content", "tool_calls"] where fields.object[key] == [] { message.unknown[key] = [] }
    return message
  }

  private func readAssistant(_ fields: inout FieldReader, into message: inout Message) throws(RequestError) {
    if let thoughts = try fields.string("reasoning_content") {
      message.content.append(ContentBlock(.thinking(ThinkingContent(thoughts, signature: ""))))
    }
    if let content = fields.value("content") {
      let (blocks, isString) = try self.content(content, of: fields)
      message.content += blocks
      message.prefersString = isString
    }
    let calls = try fields.array("tool_calls")
    for (index, call) in (calls ?? []).enumerated() {
      message.content.append(try toolCall(call, at: fields.place("tool_calls.\(index)")))
    }
    guard fields.has("content") || calls != nil else {
      throw fields.wrong("content", expected: "a string, an array of parts, or null beside tool_calls")
    }
  }

  func toolCall(_ value: JSONValue, at path: String) throws(RequestError) -> ContentBlock {
    var fields = try FieldReader(value, at: path)
    let id = try fields.requiredName("id")
    // Some clients leave the type out.
    _ = try fields.word("type", of: ["function"])
    guard var function = try fields.fields("function") else { throw fields.wrong("function", expected: "an object") }
    let name = try function.requiredName("name")
    let arguments = try function.requiredString("arguments")
    var block = ContentBlock(.toolUse(ToolUse(id: id, name: name, inputText: arguments)))
    block.unknown = fields.rest
    let rest = function.rest
    if !rest.isEmpty { block.unknown["function"] = .object(rest) }
    return block
  }

  private func toolMessage(_ fields: inout FieldReader) throws(RequestError) -> Message {
    let id = try fields.requiredName("tool_call_id")
    let content = try fields.required("content", expected: "a string or an array of parts")
    let (blocks, isString) = try self.content(content, of: fields)
    var result = ToolResult(toolUseID: id, content: blocks)
    result.prefersString = isString
    var message = Message(.user, [ContentBlock(.toolResult(result))])
    message.unknown = fields.rest
    return message
  }

  // MARK: Parts

  /// The blocks of a content, and whether it is one string.
  private func content(
    _ value: JSONValue, of fields: FieldReader
  ) throws(RequestError) -> (blocks: [ContentBlock], isString: Bool) {
    switch value {
    case .string(let text): return ([.text(text)], true)
    case .array(let list):
      var blocks: [ContentBlock] = []
      blocks.reserveCapacity(list.count)
      for (index, element) in list.enumerated() {
        blocks.append(try part(element, at: fields.place("content.\(index)")))
      }
      return (blocks, false)
    default: throw fields.wrong("content", expected: "a string or an array of parts")
    }
  }

  private func part(_ value: JSONValue, at path: String) throws(RequestError) -> ContentBlock {
    var fields = try FieldReader(value, at: path)
    let type = try fields.requiredName("type")
    var block: ContentBlock
    var inner = JSONObject()
    switch type {
    case "text": block = .text(try fields.requiredString("text"))
    case "image_url":
      guard var image = try fields.fields("image_url") else { throw fields.wrong("image_url", expected: "an object") }
      block = ContentBlock(.image(source: Self.imageSource(try image.requiredName("url"))))
      inner = image.rest
    default: block = ContentBlock(.unknown(type: type))
    }
    // A field that gateways have borrowed from the other API.
    if type == "text" || type == "image_url" { block.cacheControl = try MessagesCodec().cacheControl(&fields) }
    block.unknown = fields.rest
    if !inner.isEmpty { block.unknown["image_url"] = .object(inner) }
    return block
  }

  /// A picture's address as the source that the Messages API has for it; a `data:` address holds the picture itself.
  private static func imageSource(_ address: String) -> JSONValue {
    let scheme = "data:"
    let encoding = ";base64"
    guard address.hasPrefix(scheme), let comma = address.firstIndex(of: ","),
      address[..<comma].hasSuffix(encoding)
    else { return ["type": "url", "url": .string(address)] }
    let mediaType = address[..<comma].dropFirst(scheme.count).dropLast(encoding.count)
    return [
      "type": "base64", "media_type": .string(String(mediaType)),
      "data": .string(String(address[comma...].dropFirst())),
    ]
  }

  // MARK: Order

  /// Checks that each call of a tool has its result right after it, and each result its call.
  private func checkToolResults(in messages: [Message]) throws(RequestError) {
    var open: Set<String> = []
    var place = 0
    for (index, message) in messages.enumerated() {
      if case .toolResult(let result) = message.content.first?.kind {
        guard open.remove(result.toolUseID) != nil else {
          throw .wrongField(
            "messages.\(index).tool_call_id", .string(result.toolUseID),
            expected: "the id of a call in the message of the assistant before, which has no result yet")
        }
        continue
      }
      try checkAnswered(open, at: place)
      open = []
      place = index
      for case .toolUse(let use) in message.content.map(\.kind) { open.insert(use.id) }
    }
    try checkAnswered(open, at: place)
  }

  private func checkAnswered(_ open: Set<String>, at place: Int) throws(RequestError) {
    guard let id = open.min() else { return }
    throw RequestError(
      .invalidRequest,
      "messages.\(place).tool_calls has the call \(JSONValue.string(id).shown), "
        + "but each call has to be followed by a message of the role \"tool\" with its result",
      field: "messages.\(place).tool_calls")
  }
}
