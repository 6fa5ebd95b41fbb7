import MosoConversation
import MosoFormats

/// Says turns in the words that a template understands.
struct TurnShaper {
  let traits: TemplateTraits
  /// Whether calls and results go to the template as such; otherwise they are said in text.
  let callsAreNative: Bool
  /// How calls are said in text.
  let format: ToolCallFormat
  let thinking: ThinkingFormat?
  private(set) var marks: PromptMarks

  /// A shaper for one prompt.
  init(
    traits: TemplateTraits, callsAreNative: Bool, format: ToolCallFormat, thinking: ThinkingFormat?, marks: PromptMarks
  ) {
    self.traits = traits
    self.callsAreNative = callsAreNative
    self.format = format
    self.thinking = thinking
    self.marks = marks
  }

  /// The messages for the template.
  mutating func messages(system: String, turns: [PromptTurn]) -> [JSONValue] {
    var turns = lowered(turns)
    if !traits.allowsAssistantFirst, case .assistant = turns.first { turns.insert(.user("(You speak first.)"), at: 0) }
    var messages: [JSONObject] = []
    if !system.isEmpty {
      if traits.hasSystemRole {
        messages.append(message("system", system))
      } else if case .user(let text) = turns.first {
        turns[0] = .user(text.isEmpty ? system : system + "\n\n" + text)
      } else {
        turns.insert(.user(system), at: 0)
      }
    }
    for turn in turns {
      switch turn {
      case .system(let text): messages.append(message("system", text))
      case .user(let text): messages.append(message("user", text))
      case .assistant(let turn): messages += assistantMessages(turn)
      case .results(let results): messages += results.map(resultMessage)
      }
    }
    return messages.map { .object($0) }
  }

  /// An assistant's turn as the text that the model would have written.
  mutating func text(of turn: AssistantTurn) -> String {
    var text = textWithThoughts(turn)
    for (index, call) in turn.calls.enumerated() {
      if !text.isEmpty && (index > 0 || !turn.text.isEmpty) { text += "\n" }
      text += format.text(of: call.use)
    }
    return text
  }
}

// MARK: - Turns that the template knows

extension TurnShaper {
  /// The turns without those that the template does not know.
  private mutating func lowered(_ turns: [PromptTurn]) -> [PromptTurn] {
    var result: [PromptTurn] = []
    for turn in turns {
      switch turn {
      case .system(let text):
        if traits.allowsLaterSystem, !endsWithStrictResults(result) {
          result.append(turn)
        } else {
          appendUser("<system>\n\(text)\n</system>", to: &result)
        }
      case .user(let text): appendUser(text, to: &result)
      case .results(let results):
        if callsAreNative {
          appendResults(results, to: &result)
        } else {
          let texts = results.map { "<tool_response>\n\($0.text)\n</tool_response>" }
          appendUser(texts.joined(separator: "\n"), to: &result)
        }
      case .assistant(let turn):
        if callsAreNative {
          result.append(.assistant(turn))
        } else {
          var plain = turn
          plain.thoughts = nil
          plain.text = text(of: AssistantTurn(text: turn.text, calls: turn.calls))
          plain.calls = []
          plain.thoughts = turn.thoughts
          result.append(.assistant(plain))
        }
      }
    }
    return result
  }

  /// Whether the last turn is one of results that nothing but the assistant may follow.
  private func endsWithStrictResults(_ turns: [PromptTurn]) -> Bool {
    if case .results = turns.last { !traits.allowsUserAfterResults } else { false }
  }

  private func appendUser(_ text: String, to turns: inout [PromptTurn]) {
    if turns.appendToUser(text) || (!traits.allowsUserAfterResults && turns.appendToResults(text)) { return }
    turns.append(.user(text))
  }

  /// Appends results; where a message may hold one call only, each result goes right behind its call.
  private func appendResults(_ results: [PromptResult], to turns: inout [PromptTurn]) {
    guard case .assistant(let turn) = turns.last, turn.calls.count > 1, !traits.allowsSeveralCalls else {
      turns.append(.results(results))
      return
    }
    turns.removeLast()
    var rest = results
    for (index, call) in turn.calls.enumerated() {
      turns.append(
        .assistant(
          AssistantTurn(
            text: index == 0 ? turn.text : "", thoughts: index == 0 ? turn.thoughts : nil, calls: [call])))
      let own = rest.filter { $0.callID == call.id }
      rest.removeAll { $0.callID == call.id }
      if !own.isEmpty { turns.append(.results(own)) }
    }
    if !rest.isEmpty { turns.append(.results(rest)) }
  }
}

// MARK: - Messages

extension TurnShaper {
  private func message(_ role: String, _ text: String) -> JSONObject {
    ["role": .string(role), "content": content(text)]
  }

  private func content(_ text: String) -> JSONValue {
    traits.wantsContentParts ? [["type": "text", "text": .string(text)]] : .string(text)
  }

  private func resultMessage(_ result: PromptResult) -> JSONObject {
    var message = message("tool", result.text)
    if !result.toolName.isEmpty { message["name"] = .string(result.toolName) }
    message["tool_call_id"] = .string(result.callID)
    return message
  }

  private mutating func assistantMessages(_ turn: AssistantTurn) -> [JSONObject] {
    guard !turn.calls.isEmpty else {
      var message = message("assistant", textWithThoughts(turn))
      setThoughts(turn, in: &message)
      return [message]
    }
    var messages: [JSONObject] = []
    var text = textWithThoughts(turn)
    switch traits.textWithCalls {
    case .together: break
    case .apart:
      if !text.isEmpty { messages.append(message("assistant", text)) }
      text = ""
    case .dropped: text = ""
    }
    var calling = message("assistant", text)
    if text.isEmpty { calling["content"] = traits.wantsNullContent ? .null : "" }
    setThoughts(turn, in: &calling)
    calling["tool_calls"] = .array(
      turn.calls.map { call in
        let arguments = call.use.input
        return [
          "id": .string(call.id), "type": "function",
          "function": [
            "name": .string(call.use.name),
            "arguments": traits.wantsArgumentsAsText ? .string(arguments.serialized()) : arguments,
          ],
        ]
      })
    return messages + [calling]
  }

  private func setThoughts(_ turn: AssistantTurn, in message: inout JSONObject) {
    if case .field(let name) = traits.thoughts, let thoughts = turn.thoughts { message[name] = .string(thoughts) }
  }

  /// The turn's words, after its thoughts where the template has no other place for them.
  private mutating func textWithThoughts(_ turn: AssistantTurn) -> String {
    guard traits.thoughts == .text, let thoughts = turn.thoughts, let thinking else { return turn.text }
    let opening = marks.add(.controlText(thinking.opening)).text
    let closing = marks.add(.controlText(thinking.closing)).text
    return "\(opening)\n\(thoughts)\n\(closing)\n\n\(turn.text)"
  }
}
