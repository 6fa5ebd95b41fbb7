import MosoFormats
import MosoTemplates
import MosoTokenizers

/// Tries a template with small conversations, to learn what it knows.
struct TemplateProbe {
  let template: ChatTemplate
  /// The names of tokens, as the template will get them.
  let tokens: JSONObject
  /// Whether the model thinks in a way that is known, and whether thoughts may then stand in its text.
  let thinks: Bool
  let thinksInText: Bool

  private var traits = TemplateTraits()

  init(template: ChatTemplate, tokens: JSONObject, thinks: Bool, thinksInText: Bool) {
    self.template = template
    self.tokens = tokens
    self.thinks = thinks
    self.thinksInText = thinksInText
  }

  /// What the template knows.
  static func traits(of template: ChatTemplate, tokens: JSONObject, thinks: Bool, thinksInText: Bool) -> TemplateTraits
  {
    var probe = TemplateProbe(template: template, tokens: tokens, thinks: thinks, thinksInText: thinksInText)
    probe.tryMessages()
    probe.tryTools()
    probe.tryThinking()
    return probe.traits
  }

  // Words that no template writes by itself.
  private static let rules = "mosorules"
  private static let question = "mosoquestion"
  private static let answer = "mosoanswer"
  private static let reminder = "mosoreminder"
  private static let name = "mosotool"
  private static let key = "mosokey"
  private static let value = "mosovalue"
  private static let result = "mosoresult"
  private static let thought = "mosothought"

  private static let tool: JSONValue = [
    "type": "function",
    "function": [
      "name": .string(name), "description": "", "parameters": ["type": "object", "properties": [:]],
    ],
  ]
}

extension TemplateProbe {
  private mutating func tryMessages() {
    // A text where the template takes one, else a list of parts; a text too where it takes neither.
    traits.wantsContentParts = !shows([user()], [Self.question])
    if traits.wantsContentParts { traits.wantsContentParts = shows([user()], [Self.question]) }
    let system = message("system", Self.rules)
    // Rules that move along with the last question are better off in the first one.
    traits.hasSystemRole =
      shows([system, user()], [Self.rules, Self.question])
      && shows([system, user(), assistant(), user("again")], [Self.rules, Self.question, Self.answer])
    let later = message("system", Self.reminder)
    traits.allowsLaterSystem =
      shows([user(), assistant(), user("again"), later], [Self.answer, "again", Self.reminder])
      && shows([system, user(), later, assistant(), user("again")], [Self.question, Self.reminder, Self.answer])
    traits.allowsAssistantFirst = shows([assistant(), user()], [Self.answer, Self.question])
  }

  private mutating func tryTools() {
    traits.showsTools = shows([user()], tools: true, [Self.name])
    let found = [(false, false), (false, true), (true, false), (true, true)].first { asText, isNull in
      traits.wantsArgumentsAsText = asText
      traits.wantsNullContent = isNull
      guard let text = render([user(), calling(), toolResult()], tools: true) else { return false }
      // Python's own notation for a dictionary shows that the template wants text.
      return contains(text, inOrder: [Self.question, Self.name, Self.value, Self.result])
        && !text.contains(text: "{'\(Self.key)")
    }
    guard found != nil else {
      traits.wantsArgumentsAsText = false
      traits.wantsNullContent = false
      return
    }
    traits.showsCalls = true
    let several = [user(), calling(count: 2), toolResult(), toolResult("mosootherresult", number: 2)]
    traits.allowsSeveralCalls = shows(
      several, tools: true, [Self.name, Self.value, Self.name, "\(Self.value)2", Self.result, "mosootherresult"])
    traits.allowsUserAfterResults = shows([user(), calling(), toolResult(), user("again")], tools: true, ["again"])

    let pieces = [Self.question, Self.answer, Self.name, Self.result]
    if shows([user(), calling(text: Self.answer), toolResult()], tools: true, pieces) {
      traits.textWithCalls = .together
    } else if shows(
      [user(), assistant(), calling(), toolResult(), assistant("done"), user("again")], tools: true, pieces)
    {
      traits.textWithCalls = .apart
    }
  }

  private mutating func tryThinking() {
    let plain = [user()]
    traits.canSwitchThinking =
      render(plain, ["enable_thinking": true, "thinking": true])
      != render(plain, ["enable_thinking": false, "thinking": false])
    guard thinks else { return }
    for name in ["reasoning_content", "thinking"] {
      let messages =
        traits.showsCalls
        ? [user(), calling(field: name), toolResult()] : [user(), assistant(field: name), user("again")]
      if shows(messages, tools: traits.showsCalls, [Self.thought]) {
        traits.thoughts = .field(name)
        return
      }
    }
    traits.thoughts = thinksInText ? .text : .none
  }
}

extension TemplateProbe {
  private func content(_ text: String) -> JSONValue {
    traits.wantsContentParts ? [["type": "text", "text": .string(text)]] : .string(text)
  }

  private func message(_ role: String, _ text: String) -> JSONObject {
    ["role": .string(role), "content": content(text)]
  }

  private func user(_ text: String = question) -> JSONObject { message("user", text) }

  private func assistant(_ text: String = answer, field: String? = nil) -> JSONObject {
    var message = message("assistant", text)
    if let field { message[field] = .string(Self.thought) }
    return message
  }

  private func calling(text: String = "", count: Int = 1, field: String? = nil) -> JSONObject {
    var message = message("assistant", text)
    if text.isEmpty { message["content"] = traits.wantsNullContent ? .null : "" }
    message["tool_calls"] = .array(
      (1...count).map { number in
        let arguments: JSONValue = [Self.key: .string(number == 1 ? Self.value : "\(Self.value)\(number)")]
        return [
          "id": .string("call0000\(number)"), "type": "function",
          "function": [
            "name": .string(Self.name),
            "arguments": traits.wantsArgumentsAsText ? .string(arguments.serialized()) : arguments,
          ],
        ]
      })
    if let field { message[field] = .string(Self.thought) }
    return message
  }

  private func toolResult(_ text: String = result, number: Int = 1) -> JSONObject {
    var message = message("tool", text)
    message["name"] = .string(Self.name)
    message["tool_call_id"] = .string("call0000\(number)")
    return message
  }

  /// Whether the template takes these messages and shows the texts, in this order.
  private func shows(_ messages: [JSONObject], tools: Bool = false, _ texts: [String]) -> Bool {
    guard let prompt = render(messages, tools: tools) else { return false }
    return contains(prompt, inOrder: texts)
  }

  private func contains(_ prompt: [UInt8], inOrder texts: [String]) -> Bool {
    var position = 0
    for text in texts {
      guard let found = prompt.firstRange(of: Array(text.utf8), from: position) else { return false }
      position = found.upperBound
    }
    return true
  }

  private func render(_ messages: [JSONObject], tools: Bool = false, _ variables: JSONObject = [:]) -> [UInt8]? {
    var context = tokens
    context["messages"] = .array(messages.map { .object($0) })
    context["add_generation_prompt"] = true
    context["date_string"] = "1 Jan 2000"
    if tools { context["tools"] = [Self.tool] }
    for (name, value) in variables { context[name] = value }
    let now = LocalTime(year: 2000, month: 1, day: 1)
    // Some thirty trials of a template that may be hostile: none may take long.
    let limits = TemplateLimits(steps: 500_000, outputBytes: 1 << 20, textBytes: 1 << 20, workingBytes: 16 << 20)
    let segments = try? template.render(context: context, limits: limits, now: now)
    return segments.map { segments in segments.flatMap { Array($0.text.utf8) } }
  }
}
