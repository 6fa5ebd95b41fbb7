public import MosoConstraints
public import MosoConversation
import MosoFormats

extension Prompt {
  /// What the answer to a request may be, so that its calls and its form are certain; `nil` where it may be anything.
  ///
  /// | the request says | the answer is |
  /// |---|---|
  /// | nothing of tools and form, or no tool may be used | anything |
  /// | tools, by the model's choice | text, or text and then calls; behind a call's marker stands a whole call |
  /// | some tool, or a named one, has to be used | calls, and nothing before them |
  /// | a form | exactly one JSON value, or calls where tools may be used |
  ///
  /// - The arguments of a call satisfy the tool's schema.
  /// - One call where parallel use is not wanted or the format has none; else one or more. After calls the answer ends.
  /// - Thoughts may come first, free until their closing marker, wherever the request or the prompt has begun them; where
  ///   the answer may be text too, they may always.
  /// - Where nothing marks a call (`llama3`, `json`), text does not begin with a brace.
  ///
  /// - Parameters:
  ///   - request: The request that the prompt was made for.
  ///   - paths: What errors call its schemas.
  ///   - controlToken: The control token that is spelled so, where the vocabulary has it as one.
  /// - Throws: `GrammarError` that names the place in the request of whatever cannot be enforced.
  public func answerGrammar(
    for request: GenerationRequest, paths: SchemaPaths = .messages, controlToken: (String) -> Int32?
  ) throws(GrammarError) -> Grammar? {
    guard let expression = try answerExpression(for: request, paths: paths, controlToken: controlToken) else {
      return nil
    }
    return try Grammar(expression)
  }

  func answerExpression(
    for request: GenerationRequest, paths: SchemaPaths, controlToken: (String) -> Int32?
  ) throws(GrammarError) -> GrammarExpression? {
    let isForced: Bool
    var name: String?
    switch request.toolChoice?.kind {
    case nil, .automatic, .some(.none): isForced = false
    case .any: isForced = true
    case .tool(let wanted):
      isForced = true
      name = wanted
    }
    let calls = try calls(request, named: name, paths: paths)
    let output: GrammarExpression? =
      switch request.outputFormat {
      case nil, .text: nil
      case .jsonObject: .schema(["type": "object"], path: paths.output)
      case .jsonSchema(let schema, _, _, _): .schema(schema, path: paths.output)
      }
    if isForced && calls.isEmpty {
      throw GrammarError(
        path: "tool_choice",
        reason: .unsatisfiable(name.map { "there is no tool named \"\($0)\"" } ?? "the request names no tools"))
    }
    guard output != nil || !calls.isEmpty else { return nil }
    if isContinued, output != nil {
      throw GrammarError(
        path: "messages",
        reason: .unsupported(
          found: "a beginning of the answer together with a form for all of it",
          supported: "end the messages with the user's, or ask for no form"))
    }
    var tokens: [String: Int32] = [:]
    for marker in markers { tokens[marker] = controlToken(marker) }
    let answer = AnswerExpression(
      format: toolCallFormat, thinking: thinkingFormat, start: answerStart, calls: calls,
      isParallel: request.toolChoice?.allowsParallelUse != false && toolCallFormat.allowsParallelUse,
      isAskedToThink: request.thinking.map { $0.mode != .disabled } ?? false, controlTokens: tokens)
    if let output, !isForced { return try answer.value(output) }
    return isForced ? try answer.forced() : try answer.free()
  }

  /// The tools that may be called, with the schemas of their arguments.
  private func calls(
    _ request: GenerationRequest, named name: String?, paths: SchemaPaths
  ) throws(GrammarError) -> [AnswerExpression.Call] {
    var calls: [AnswerExpression.Call] = []
    let shown = Set(tools.map(\.name))
    for (index, tool) in (request.tools ?? []).enumerated()
    where shown.contains(tool.name) && tool.isDeferred != true && name.map({ $0 == tool.name }) != false {
      let path = paths.tool(index)
      var schema = tool.inputSchema ?? ["type": "object"]
      if schema == true { schema = ["type": "object"] }
      // Arguments are an object, whether the schema says so or not.
      if var members = schema.objectValue {
        guard members["type"] == nil || members["type"] == "object" else {
          throw GrammarError(
            path: path + ".type",
            reason: .malformed(
              found: members["type"]?.serialized() ?? "", expected: "\"object\", for arguments are one"))
        }
        members["type"] = "object"
        schema = .object(members)
      }
      calls.append(AnswerExpression.Call(name: tool.name, schema: schema, path: path))
    }
    return calls
  }
}
