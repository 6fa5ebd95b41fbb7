import MosoFormats

extension MessagesCodec {
  /// How many places a request may mark as worth keeping.
  private static var maximumBreakpointCount: Int { 4 }
  /// How many tool uses without a result an error message lists.
  private static var listedUses: Int { 5 }

  /// Checks what no field alone can break.
  func checkRules(of request: GenerationRequest) throws(RequestError) {
    try checkToolChoice(of: request)
    try checkThinking(of: request)
    try checkToolResults(in: request.messages)
    try checkEnd(of: request.messages)
    try checkBreakpoints(of: request)
  }

  private func checkToolChoice(of request: GenerationRequest) throws(RequestError) {
    guard let choice = request.toolChoice else { return }
    switch choice.kind {
    case .automatic, .none: return
    case .any:
      guard request.tools?.isEmpty == false else {
        throw RequestError(
          .invalidRequest, "tool_choice is \"any\", but the request has no tools to choose from", field: "tool_choice")
      }
    case .tool(let name):
      guard request.tools?.contains(where: { $0.name == name }) == true else {
        throw RequestError(
          .invalidRequest,
          "tool_choice.name is \(JSONValue.string(name).shown), but has to be the name of one of the request's tools",
          field: "tool_choice.name")
      }
    }
    switch request.thinking?.mode {
    case .enabled, .adaptive, .betweenTools:
      throw RequestError(
        .invalidRequest,
        "tool_choice forces the use of a tool, which cannot be while thinking is on: "
          + "it has to be \"auto\" or \"none\", or thinking \"disabled\"",
        field: "tool_choice")
    case .disabled, nil: return
    }
  }

  private func checkThinking(of request: GenerationRequest) throws(RequestError) {
    guard case .enabled(let budget) = request.thinking?.mode, let maximum = request.maximumTokens else { return }
    guard budget < maximum else {
      throw RequestError(
        .invalidRequest, "thinking.budget_tokens is \(budget), but has to be less than max_tokens, which is \(maximum)",
        field: "thinking.budget_tokens")
    }
  }

  /// Checks that each use of a tool has its result in the message that follows, before anything else there.
  ///
  /// Neighbours of the same role count as one message, and what the system says in between does not count.
  private func checkToolResults(in messages: [Message]) throws(RequestError) {
    var known: Set<String> = []
    var pending: [String] = []
    var expected: Set<String> = []
    var answered: Set<String> = []
    var place = ""
    var previous = Message.Role.system
    var seesOther = false
    for (index, message) in messages.enumerated() {
      guard message.role == .user || message.role == .assistant else { continue }
      if message.role != previous {
        seesOther = false
        if message.role == .assistant {
          try checkAnswered(pending, by: answered, at: place)
          pending = []
          expected = []
          answered = []
        }
        previous = message.role
      }
      if message.role == .assistant { place = "messages.\(index)" }
      for (position, block) in message.content.enumerated() {
        switch block.kind {
        case .toolUse(let use):
          guard known.insert(use.id).inserted else {
            throw .wrongField(
              "messages.\(index).content.\(position).id", .string(use.id),
              expected: "unique: another tool_use block has this id already")
          }
          pending.append(use.id)
          expected.insert(use.id)
        case .toolResult(let result):
          let field = "messages.\(index).content.\(position)"
          guard expected.contains(result.toolUseID) else {
            throw .wrongField(
              field + ".tool_use_id", .string(result.toolUseID),
              expected: "the id of a tool_use block in the message before")
          }
          guard answered.insert(result.toolUseID).inserted else {
            throw .wrongField(
              field + ".tool_use_id", .string(result.toolUseID),
              expected: "different from that of the other tool_result blocks: each tool_use has one result")
          }
          guard !seesOther else {
            throw RequestError(
              .invalidRequest, "\(field) is a tool_result after other content, but results have to come first",
              field: field)
          }
        default: seesOther = true
        }
      }
    }
    try checkAnswered(pending, by: answered, at: place)
  }

  private func checkAnswered(
    _ pending: [String], by answered: Set<String>, at place: String
  ) throws(RequestError) {
    let missing = pending.filter { !answered.contains($0) }
    guard !missing.isEmpty else { return }
    let listed = missing.prefix(Self.listedUses).map { JSONValue.string($0).shown }.joined(separator: ", ")
    throw RequestError(
      .invalidRequest,
      "\(place): `tool_use` ids were found without `tool_result` blocks immediately after: \(listed)"
        + (missing.count > Self.listedUses ? " and \(missing.count - Self.listedUses) more" : "")
        + "; each `tool_use` block has to have its `tool_result` block in the next message",
      field: place)
  }

  /// Checks the text that an answer would continue.
  private func checkEnd(of messages: [Message]) throws(RequestError) {
    guard let last = messages.last, last.role == .assistant, case .text(let content) = last.content.last?.kind,
      content.text.last?.isWhitespace == true
    else { return }
    throw RequestError(
      .invalidRequest,
      "messages.\(messages.count - 1).content ends in white space, but the final text of the assistant may not",
      field: "messages.\(messages.count - 1).content")
  }

  /// Checks how many places are marked as worth keeping, and that those for an hour come before those for minutes.
  private func checkBreakpoints(of request: GenerationRequest) throws(RequestError) {
    var check = BreakpointCheck(maximum: Self.maximumBreakpointCount)
    for (index, tool) in (request.tools ?? []).enumerated() {
      try check.add(tool.cacheControl, at: "tools.\(index)")
    }
    try check.add(request.system ?? [], at: "system")
    for (index, message) in request.messages.enumerated() {
      try check.add(message.content, at: "messages.\(index).content")
    }
    // A mark on the whole request stands for one on the last block, which may have its own.
    if request.messages.last?.content.last?.cacheControl == nil { try check.add(request.cacheControl, at: "") }
  }
}

/// Counts the places marked as worth keeping, in the order of the prompt.
private struct BreakpointCheck {
  let maximum: Int
  private var count = 0
  private var short: String?

  init(maximum: Int) { self.maximum = maximum }

  mutating func add(_ control: CacheControl?, at path: String) throws(RequestError) {
    guard let control else { return }
    let field = path.isEmpty ? "cache_control" : path + ".cache_control"
    count += 1
    guard count <= maximum else {
      throw RequestError(
        .invalidRequest, "\(field) is one more place to keep, but a request may mark at most \(maximum)", field: field)
    }
    if control.timeToLive == "1h" {
      if let short {
        throw RequestError(
          .invalidRequest,
          "\(field).ttl is \"1h\", but has to be \"5m\": \(short), which comes before it, is kept for 5 minutes only",
          field: field + ".ttl")
      }
    } else {
      short = short ?? field
    }
  }

  mutating func add(_ blocks: [ContentBlock], at path: String) throws(RequestError) {
    for (index, block) in blocks.enumerated() {
      let place = "\(path).\(index)"
      switch block.kind {
      case .toolResult(let result): try add(result.content ?? [], at: place + ".content")
      case .searchResult(let result): try add(result.content, at: place + ".content")
      case .document(let document):
        if case .content(let content, isString: false) = document.source {
          try add(content, at: place + ".source.content")
        }
      default: break
      }
      try add(block.cacheControl, at: place)
    }
  }
}
