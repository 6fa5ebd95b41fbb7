import MosoConstraints
import MosoFormats

/// Puts together what an answer may be, in a model's own way of writing calls and thoughts.
struct AnswerExpression {
  /// A tool and what its arguments may be.
  struct Call {
    var name: String
    /// The schema of its arguments, and what errors call it.
    var schema: JSONValue
    var path: String
  }

  let format: ToolCallFormat
  let thinking: ThinkingFormat
  let start: Prompt.AnswerStart
  let calls: [Call]
  /// Whether there may be several calls.
  let isParallel: Bool
  let isAskedToThink: Bool
  /// The markers that the vocabulary has as control tokens.
  let controlTokens: [String: Int32]

  /// Text, or text and then calls.
  func free() throws(GrammarError) -> GrammarExpression {
    if format == .harmony {
      // A text in which another message begins could hold any call.
      let text: GrammarExpression = .closingText(without: ["<|start|>", "<|channel|>", "<|end|>"].map(trigger))
      return channels(.choice([final(text), channelCall]))
    }
    let calls = try callsAfterOpening()
    let answer: GrammarExpression
    if let opening, !isBare {
      let triggers = [trigger(opening)]
      answer = .choice([.closingText(without: triggers), .sequence([.text(until: triggers), calls])])
    } else {
      answer = bareOrText(opening, calls)
    }
    return afterThoughts(answer, mayThink: true, space: [])
  }

  /// Calls, and nothing before them.
  func forced() throws(GrammarError) -> GrammarExpression {
    if format == .harmony { return channels(channelCall) }
    return afterThoughts(try callsAlone(), mayThink: isAskedToThink, space: ["\n", "\n\n"])
  }

  /// Exactly one value, or calls where there are tools.
  func value(_ value: GrammarExpression) throws(GrammarError) -> GrammarExpression {
    if format == .harmony {
      return channels(calls.isEmpty ? final(value) : .choice([final(value), channelCall]))
    }
    return afterThoughts(
      calls.isEmpty ? value : .choice([value, try callsAlone()]), mayThink: isAskedToThink, space: ["\n", "\n\n"])
  }
}

// MARK: - Calls

extension AnswerExpression {
  /// What marks the beginning of calls; `nil` where only a brace does.
  private var opening: String? { format.syntax?.opening }
  /// Whether a call may stand without a marker.
  private var isBare: Bool { format.syntax?.mayBeBare == true }

  /// A marker: its token where the vocabulary has it as a control token, else its letters.
  func marker(_ text: String) -> GrammarExpression {
    controlTokens[text].map { .token($0) } ?? .literal(text)
  }

  func trigger(_ text: String) -> GrammarTrigger { controlTokens[text].map { .token($0) } ?? .text(text) }

  /// Calls with their marker, where they have one that has to be there.
  private func callsAlone() throws(GrammarError) -> GrammarExpression {
    let calls = try callsAfterOpening()
    if let opening, !isBare { return .sequence([marker(opening), calls]) }
    return calls
  }

  private func oneOrMore(_ call: GrammarExpression, separatedBy separator: GrammarExpression) -> GrammarExpression {
    isParallel ? .repeated(call, separatedBy: separator, minimum: 1) : call
  }

  /// A choice of the tools, each with something between its name and its arguments.
  private func anyCall(_ between: GrammarExpression, _ name: (String) -> String = { $0 }) -> GrammarExpression {
    .choice(calls.map { .sequence([.literal(name($0.name)), between, .schema($0.schema, path: $0.path)]) })
  }

  /// A call as one JSON object.
  private func object(_ key: String) -> GrammarExpression {
    .sequence([.literal("{\"name\": "), anyCall(.literal(", \"\(key)\": "), quoted), .literal("}")])
  }

  /// What follows the marker of calls, or the whole of a bare call.
  private func callsAfterOpening() throws(GrammarError) -> GrammarExpression {
    switch format {
    case .hermes:
      let call: GrammarExpression = .sequence([
        .literal("\n"), object("arguments"), .literal("\n"), marker("</tool_call>"),
      ])
      return oneOrMore(call, separatedBy: .sequence([.literal("\n"), marker("<tool_call>")]))
    case .llama3: return object("parameters")
    case .json: return object("arguments")
    case .mistral:
      return .sequence([.literal(" ["), oneOrMore(object("arguments"), separatedBy: .literal(", ")), .literal("]")])
    case .mistralNamed: return oneOrMore(anyCall(marker("[ARGS]")), separatedBy: marker("[TOOL_CALLS]"))
    case .deepSeek3:
      let call: GrammarExpression = .sequence([
        marker("<｜tool▁call▁begin｜>"), .literal("function"), marker("<｜tool▁sep｜>"), anyCall(.literal("\n```json\n")),
        .literal("\n```"), marker("<｜tool▁call▁end｜>"),
      ])
      return .sequence([oneOrMore(call, separatedBy: .literal("\n")), marker("<｜tool▁calls▁end｜>")])
    case .deepSeek31:
      let call: GrammarExpression = .sequence([
        marker("<｜tool▁call▁begin｜>"), anyCall(marker("<｜tool▁sep｜>")), marker("<｜tool▁call▁end｜>"),
      ])
      return .sequence([oneOrMore(call, separatedBy: .literal("")), marker("<｜tool▁calls▁end｜>")])
    case .qwenCoder: return try elementCalls(.qwenCoder, before: "\n<function=", after: ">\n", isClosed: true)
    case .glm: return try elementCalls(.glm, before: "", after: "\n", isClosed: false)
    case .harmony: return channelCall
    }
  }

  /// Calls whose arguments are elements; `isClosed` where a marker of its own ends each call.
  private func elementCalls(
    _ syntax: ElementSyntax, before: String, after: String, isClosed: Bool
  ) throws(GrammarError) -> GrammarExpression {
    var tools: [GrammarExpression] = []
    for call in calls { tools.append(.sequence([.literal(call.name + after), try elements(call, syntax)])) }
    var parts: [GrammarExpression] = [.literal(before), .choice(tools)]
    if isClosed { parts += [.literal("\n"), marker("</tool_call>")] }
    return oneOrMore(.sequence(parts), separatedBy: .sequence([.literal("\n"), marker("<tool_call>")]))
  }
}

// MARK: - Calls without a marker

extension AnswerExpression {
  /// A bare call, or text that does not begin with a brace, perhaps with a call after its marker.
  ///
  /// Text begins with white space and letters outside ASCII, as many as it likes, and then some other character than a
  /// brace: so it is said without naming every character there is.
  private func bareOrText(_ opening: String?, _ calls: GrammarExpression) -> GrammarExpression {
    let characters = (0x21...0x7E).map { String(UnicodeScalar(UInt8($0))) }
    // What begins a marker that is spelled in letters, begins no text.
    let markers = [opening, thinking.opening].compactMap { $0 }
    let taken = ["{"] + markers.filter { controlTokens[$0] == nil }.map { String($0.prefix(1)) }
    let first: GrammarExpression = .choice(characters.filter { !taken.contains($0) }.map { .literal($0) })
    let tokens: [GrammarTrigger] = markers.compactMap { controlTokens[$0].map { .token($0) } }
    let beginning: GrammarExpression = .closingText(without: characters.map { .text($0) } + tokens)

    let triggers = opening.map { [trigger($0)] } ?? []
    let text: GrammarExpression = .sequence([
      beginning, .choice([.literal(""), .sequence([first, .closingText(without: triggers)])]),
    ])
    guard let opening else { return .choice([text, calls]) }
    let before: GrammarExpression = .sequence([
      beginning, .choice([marker(opening), .sequence([first, .text(until: triggers)])]),
    ])
    return .choice([text, .sequence([.choice([.literal(""), before]), calls])])
  }
}

// MARK: - Thoughts

extension AnswerExpression {
  /// An answer after thoughts, if there are any.
  ///
  /// - Parameter space: The white space that may stand between thoughts and the answer, where the answer has none.
  private func afterThoughts(
    _ answer: GrammarExpression, mayThink: Bool, space: [String]
  ) -> GrammarExpression {
    let rest: GrammarExpression = .choice([.literal("")] + space.map { .literal($0) })
    let end: [GrammarExpression] = [.text(until: [trigger(thinking.closing)]), rest]
    if start == .thinking { return .sequence(end + [answer]) }
    guard mayThink else { return answer }
    return .sequence([.choice([.literal(""), .sequence([marker(thinking.opening)] + end)]), answer])
  }
}

// MARK: - Channels

extension AnswerExpression {
  /// Thoughts on the analysis channel, as many as it likes, and then a message.
  private func channels(_ message: GrammarExpression) -> GrammarExpression {
    guard start == .header else { return message }
    let thoughts: GrammarExpression = .sequence([
      marker("<|channel|>"), .literal("analysis"), marker("<|message|>"), .text(until: [trigger("<|end|>")]),
      marker("<|start|>"), .literal("assistant"),
    ])
    return .sequence([.repeated(thoughts, minimum: 0), message])
  }

  private func final(_ content: GrammarExpression) -> GrammarExpression {
    guard start == .header else { return content }
    return .sequence([marker("<|channel|>"), .literal("final"), marker("<|message|>"), content])
  }

  /// A call, up to the end of its arguments: the token after them ends the answer.
  private var channelCall: GrammarExpression {
    .sequence([
      marker("<|channel|>"), .literal("commentary to=functions."),
      anyCall(.sequence([.literal(" "), marker("<|constrain|>"), .literal("json"), marker("<|message|>")])),
    ])
  }
}
