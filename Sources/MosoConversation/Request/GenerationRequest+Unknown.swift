import MosoFormats

extension GenerationRequest {
  /// Where the fields stand that nobody here knows and that are not `null`, as in `messages.0.content.2.foo`: what a
  /// server should say it has ignored.
  public var unknownFields: [String] {
    var fields: [String] = []
    for place in unknown.keys.sorted() { fields.append(contentsOf: Self.names(in: unknown[place] ?? [:], at: place)) }
    if let cacheControl { fields += Self.names(in: cacheControl.unknown, at: "cache_control") }
    if let thinking { fields += Self.names(in: thinking.unknown, at: "thinking") }
    if let toolChoice { fields += Self.names(in: toolChoice.unknown, at: "tool_choice") }
    for (index, tool) in (tools ?? []).enumerated() {
      fields += Self.names(in: tool.unknown, at: "tools.\(index)", opening: ["function"])
      if let control = tool.cacheControl {
        fields += Self.names(in: control.unknown, at: "tools.\(index).cache_control")
      }
    }
    for (index, block) in (system ?? []).enumerated() { fields += block.unknownFields(at: "system.\(index)") }
    for (index, message) in messages.enumerated() {
      fields += Self.names(in: message.unknown, at: "messages.\(index)")
      for (place, block) in message.places(at: "messages.\(index)", wire: wire) {
        fields += block.unknownFields(at: place)
      }
    }
    return fields
  }

  /// The names of an object's members with their place; members in `opening` are objects known in part.
  fileprivate static func names(in object: JSONObject, at place: String, opening: [String] = []) -> [String] {
    var names: [String] = []
    for (key, value) in object where value != .null {
      let name = place.isEmpty ? key : place + "." + key
      if opening.contains(key), case .object(let inner) = value {
        names += Self.names(in: inner, at: name)
      } else {
        names.append(name)
      }
    }
    return names
  }

  /// The request without all that nobody here knows, as another API gets it.
  func withoutUnknownFields() -> GenerationRequest {
    var request = self
    request.unknown = [:]
    request.cacheControl?.unknown = [:]
    request.thinking?.unknown = [:]
    request.toolChoice?.unknown = [:]
    request.tools = tools?.map { tool in
      var tool = tool
      tool.unknown = [:]
      tool.cacheControl?.unknown = [:]
      return tool
    }
    request.system = system?.map { $0.withoutUnknownFields() }
    request.messages = messages.map { message in
      var message = message
      message.unknown = [:]
      message.content = message.content.map { $0.withoutUnknownFields() }
      return message
    }
    return request
  }

  /// The field as the client wrote it, as long as that still means `value`.
  func spelled(_ key: String, _ value: Int) -> JSONValue {
    if let written = spelling[key], written.integerValue == value { written } else { .integer(value) }
  }

  /// The field as the client wrote it, as long as that still means `value`.
  func spelled(_ key: String, _ value: Double) -> JSONValue {
    if let written = spelling[key], written.doubleValue == value { written } else { .number(value) }
  }
}

extension Message {
  /// The blocks with the places they have in a request of an API.
  func places(at path: String, wire: WireAPI?) -> [(place: String, block: ContentBlock)] {
    var callCount = 0
    return content.enumerated().map { index, block in
      guard wire == .openAI, case .toolUse = block.kind else { return ("\(path).content.\(index)", block) }
      callCount += 1
      return ("\(path).tool_calls.\(callCount - 1)", block)
    }
  }
}

extension ContentBlock {
  /// Blocks within this one, with their places.
  func inner(at place: String) -> [(place: String, block: ContentBlock)] {
    let (blocks, name): ([ContentBlock], String) =
      switch kind {
      case .toolResult(let result): (result.content ?? [], "content")
      case .searchResult(let result): (result.content, "content")
      case .document(let document):
        if case .content(let content, _) = document.source { (content, "source.content") } else { ([], "") }
      default: ([], "")
      }
    return blocks.enumerated().map { ("\(place).\(name).\($0.offset)", $0.element) }
  }

  fileprivate func unknownFields(at place: String) -> [String] {
    var fields: [String] = []
    // Of an unknown block, all is unknown: `unsupportedContent` names it as a whole.
    if case .unknown = kind {
    } else {
      fields += GenerationRequest.names(in: unknown, at: place, opening: ["source", "image_url", "function"])
    }
    if let cacheControl {
      fields += GenerationRequest.names(in: cacheControl.unknown, at: place + ".cache_control")
    }
    for (place, block) in inner(at: place) { fields += block.unknownFields(at: place) }
    return fields
  }

  func withoutUnknownFields() -> ContentBlock {
    var block = self
    // What is left of an unknown block without its fields says nothing at all.
    if case .unknown = kind { return block }
    block.unknown = [:]
    block.cacheControl?.unknown = [:]
    switch kind {
    case .toolResult(var result):
      result.content = result.content?.map { $0.withoutUnknownFields() }
      block.kind = .toolResult(result)
    case .searchResult(var result):
      result.content = result.content.map { $0.withoutUnknownFields() }
      block.kind = .searchResult(result)
    case .document(var document):
      if case .content(let content, let isString) = document.source {
        document.source = .content(content.map { $0.withoutUnknownFields() }, isString: isString)
        block.kind = .document(document)
      }
    default: break
    }
    return block
  }
}
