import MosoConstraints
import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTokenizers
import Testing

@Suite("Grammars of answers") struct AnswerGrammarTests {
  private static let tools = [
    Tool(
      name: "weather", description: "Tells the weather.",
      inputSchema: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]]),
    Tool(
      name: "add", description: "Adds.",
      inputSchema: ["properties": ["a": ["type": "integer"]], "required": ["a"], "additionalProperties": false]),
  ]

  private func request(_ choice: ToolChoice? = nil, _ change: (inout GenerationRequest) -> Void = { _ in })
    -> GenerationRequest
  {
    var request = GenerationRequest(model: "m", messages: [Message(.user, "Hi")])
    request.tools = Self.tools
    request.toolChoice = choice
    change(&request)
    return request
  }

  private func prompt(
    _ format: ToolCallFormat, _ start: Prompt.AnswerStart = .text, tools: [Tool] = tools
  ) -> Prompt { Prompt(segments: [], answerStart: start, tools: tools, toolCallFormat: format) }

  private func grammar(
    _ prompt: Prompt, _ request: GenerationRequest, _ vocabulary: ByteVocabulary
  ) throws -> Grammar {
    try #require(try prompt.answerGrammar(for: request) { vocabulary.controlToken($0) })
  }

  /// Two calls as each format writes them, the first alone, and calls with wrong arguments.
  private static let answers: [(format: ToolCallFormat, one: String, two: String?, wrong: String)] = [
    (
      .hermes, "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>",
      "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"x\"}}\n</tool_call>",
      "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": true}}\n</tool_call>"
    ),
    (
      .llama3, "{\"name\": \"add\", \"parameters\": {\"a\": 1}}", nil,
      "{\"name\": \"add\", \"parameters\": {\"a\": \"1\"}}"
    ),
    (.json, "{\"name\": \"add\", \"arguments\": {\"a\": 1}}", nil, "{\"name\": \"add\", \"arguments\": {}}"),
    (
      .mistral, "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"a\": 1}}]",
      "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"a\": 1}}, {\"name\": \"weather\", \"arguments\": {\"city\": \"x\"}}]",
      "[TOOL_CALLS] [{\"name\": \"sub\", \"arguments\": {\"a\": 1}}]"
    ),
    (
      .mistralNamed, "[TOOL_CALLS]add[ARGS]{\"a\": 1}",
      "[TOOL_CALLS]add[ARGS]{\"a\": 1}[TOOL_CALLS]weather[ARGS]{\"city\": \"x\"}",
      "[TOOL_CALLS]add[ARGS]{\"a\": 1, \"b\": 2}"
    ),
    (
      .deepSeek3,
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n{\"city\": \"x\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"a\": 1.5}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
    ),
    (
      .deepSeek31,
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": 1}<｜tool▁call▁end｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{\"city\": \"x\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>[]<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
    ),
    (
      .qwenCoder,
      "<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>",
      "<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=weather>\n<parameter=city>\nx</parameter>\n</function>\n</tool_call>",
      "<tool_call>\n<function=add>\n<parameter=a>\none\n</parameter>\n</function>\n</tool_call>"
    ),
    (
      .glm, "<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>",
      "<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>\n<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>x\n</arg_value>\n</tool_call>",
      "<tool_call>add\n</tool_call>"
    ),
    (
      .harmony, "<|channel|>commentary to=functions.add <|constrain|>json<|message|>{\"a\": 1}", nil,
      "<|channel|>commentary to=functions.sub <|constrain|>json<|message|>{\"a\": 1}"
    ),
  ]

  @Test("Calls are as the request wants them, in every format, with markers as letters and as tokens")
  func calls() throws {
    for (format, one, two, wrong) in Self.answers {
      for areTokens in [false, true] {
        let vocabulary = try ByteVocabulary(controlTokens: areTokens ? format.markers + ["<think>", "</think>"] : [])
        func spelled(_ answer: String) -> String {
          guard areTokens else { return answer }
          return format.markers.reduce(answer) { $0.replacing($1, with: "⟦\($1)⟧") }
        }
        let prompt = prompt(format, format == .harmony ? .header : .text)
        var constraints: [ToolChoice?: Constraint] = [:]
        func accepts(_ answer: String, _ choice: ToolChoice?) throws -> Bool {
          let known = try constraints[choice] ?? vocabulary.constraint(grammar(prompt, request(choice), vocabulary))
          constraints[choice] = known
          return vocabulary.accepts(spelled(answer), known)
        }
        let text = format == .harmony ? "<|channel|>final<|message|>Hi there." : "Hi there."
        let note = Comment("\(format), tokens: \(areTokens)")
        #expect(try accepts(text, nil), note)
        #expect(try accepts(one, nil), note)
        #expect(try !accepts(wrong, nil), note)
        if format != .harmony && format != .json && format != .llama3 {
          #expect(try accepts("I look. " + one, nil), note)
          #expect(try !accepts("I look. " + wrong, nil), note)
        }
        if let two {
          #expect(try accepts(two, nil), note)
          #expect(try !accepts(two, ToolChoice(.automatic, allowsParallelUse: false)), note)
          #expect(try accepts(two, ToolChoice(.any)), note)
          #expect(try !accepts(two, ToolChoice(.any, allowsParallelUse: false)), note)
          #expect(try !accepts(two, ToolChoice(.tool(name: "add"))), note)
        }
        for choice in [ToolChoice(.any, allowsParallelUse: false), ToolChoice(.tool(name: "add"))] {
          #expect(try accepts(one, choice), note)
          #expect(try !accepts(text, choice), note)
          #expect(try !accepts(wrong, choice), note)
          #expect(try !accepts("", choice), note)
        }
        #expect(try !accepts(one, ToolChoice(.tool(name: "weather"))), note)
        #expect(try prompt.answerGrammar(for: request(ToolChoice(.none))) { _ in nil } != nil)
      }
    }
  }

  @Test("Without tools and form an answer may be anything")
  func nothing() throws {
    let free = request { $0.tools = nil }
    #expect(try prompt(.hermes, tools: []).answerGrammar(for: free) { _ in nil } == nil)
    // The prompt shows no tools where none may be used.
    #expect(try prompt(.hermes, tools: []).answerGrammar(for: request(ToolChoice(.none))) { _ in nil } == nil)
  }

  @Test("Where nothing marks a call, text does not begin with a brace, and may hold one anywhere else")
  func bare() throws {
    for (format, marker) in [(ToolCallFormat.json, ""), (.llama3, "<|python_tag|>")] {
      for areTokens in [false, true] {
        let vocabulary = try ByteVocabulary(controlTokens: areTokens ? format.markers : [])
        let grammar = try grammar(prompt(format), request(), vocabulary)
        let key = format == .json ? "arguments" : "parameters"
        let call = "{\"name\": \"add\", \"\(key)\": {\"a\": 1}}"
        let tag = marker.isEmpty ? "" : areTokens ? "⟦\(marker)⟧" : marker
        for text in ["", " ", "a {", "Das {\"name\": 1}", "É", " \n1.", "日本", call, tag + call] {
          #expect(try vocabulary.accepts(text, grammar), "\(text)")
        }
        for text in ["{", " {}", "{\"name\": \"sub\"", call + " ", "é{", call + call] {
          #expect(try !vocabulary.accepts(text, grammar), "\(text)")
        }
        if !tag.isEmpty {
          #expect(try vocabulary.accepts("I look." + tag + call, grammar))
          #expect(try !vocabulary.accepts("I look." + tag + "x", grammar))
          #expect(try !vocabulary.accepts(tag, grammar))
          #expect(try !vocabulary.accepts("é" + tag + "x", grammar))
        }
      }
    }
  }

  @Test("A form leaves nothing but the value, or calls where there are tools")
  func form() throws {
    let vocabulary = try ByteVocabulary(controlTokens: [])
    let only = request {
      $0.tools = nil
      $0.outputFormat = .jsonSchema(["type": "integer"], name: nil, description: nil, isStrict: nil)
    }
    let number = try grammar(prompt(.hermes, tools: []), only, vocabulary)
    for (text, isRight) in [("12", true), (" 12", false), ("\"a\"", false), ("", false), ("12 ", false)] {
      #expect(try vocabulary.accepts(text, number) == isRight, "\(text)")
    }
    let object = try grammar(
      prompt(.hermes, tools: []),
      request {
        $0.outputFormat = .jsonObject; $0.tools = nil
      }, vocabulary)
    #expect(try vocabulary.accepts("{\"a\": [1]}", object) && !vocabulary.accepts("[]", object))
    let both = try grammar(prompt(.hermes), request { $0.outputFormat = .jsonObject }, vocabulary)
    let call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>"
    #expect(try vocabulary.accepts("{}", both) && vocabulary.accepts(call, both) && !vocabulary.accepts("Hi", both))
    let forced = try grammar(prompt(.hermes), request(ToolChoice(.any)) { $0.outputFormat = .jsonObject }, vocabulary)
    #expect(try !vocabulary.accepts("{}", forced) && vocabulary.accepts(call, forced))
  }

  @Test("Thoughts are free, and what comes after them is not")
  func thoughts() throws {
    for areTokens in [false, true] {
      let vocabulary = try ByteVocabulary(controlTokens: areTokens ? ["<think>", "</think>"] : [])
      let open = areTokens ? "⟦<think>⟧" : "<think>"
      let close = areTokens ? "⟦</think>⟧" : "</think>"
      func form(_ mode: ThinkingRequest.Mode?, _ start: Prompt.AnswerStart) throws -> Grammar {
        let request = request {
          $0.tools = nil
          $0.outputFormat = .jsonSchema(["type": "integer"], name: nil, description: nil, isStrict: nil)
          $0.thinking = mode.map { ThinkingRequest($0) }
        }
        return try grammar(prompt(.hermes, start, tools: []), request, vocabulary)
      }
      let asked = try form(.adaptive, .text)
      #expect(try vocabulary.accepts("12", asked) && vocabulary.accepts("\(open)\n{\n\(close)\n\n12", asked))
      #expect(try !vocabulary.accepts("\(open)12", asked) && !vocabulary.accepts("\(open)\(close)a", asked))
      #expect(try !vocabulary.accepts("\(open)a\(close)12", form(nil, .text)))
      #expect(try !vocabulary.accepts("\(open)a\(close)12", form(.disabled, .text)))
      #expect(try vocabulary.accepts("Hm <tool_call>\(close)\n12", form(nil, .thinking)))
      #expect(try !vocabulary.accepts("12", form(nil, .thinking)))
      // By the model's choice it may think unasked, and its thoughts may speak of calls.
      let free = try grammar(prompt(.hermes), request(), vocabulary)
      #expect(try vocabulary.accepts("\(open)<tool_call>x\(close)\n\nHi", free))
      #expect(try !vocabulary.accepts("\(open)<tool_call>x\(close)\n\n<tool_call>x", free))
    }
  }

  @Test("Arguments that are elements satisfy what the schema says of each")
  func elements() throws {
    let vocabulary = try ByteVocabulary(controlTokens: [])
    let schema: JSONValue = [
      "type": "object", "$defs": ["small": ["type": "integer", "maximum": 5]],
      "properties": [
        "text": ["type": "string"], "word": ["enum": ["yes", "no"]], "short": ["type": "string", "maxLength": 2],
        "number": ["$ref": "#/$defs/small"],
      ], "required": ["text"],
    ]
    let tool = Tool(name: "f", inputSchema: schema)
    let request = request(ToolChoice(.any)) { $0.tools = [tool] }
    let grammar = try grammar(prompt(.qwenCoder, tools: [tool]), request, vocabulary)
    func accepts(_ elements: [(String, String)]) throws -> Bool {
      let text = elements.map { "<parameter=\($0)>\n\($1)\n</parameter>\n" }.joined()
      return try vocabulary.accepts("<tool_call>\n<function=f>\n\(text)</function>\n</tool_call>", grammar)
    }
    #expect(try accepts([("text", "any \"<thing>\"")]))
    #expect(try accepts([("text", ""), ("word", "no"), ("short", "\"ab\""), ("number", "5")]))
    #expect(try !accepts([]))
    #expect(try !accepts([("text", ""), ("word", "maybe")]))
    #expect(try !accepts([("text", ""), ("short", "\"abc\"")]))
    #expect(try !accepts([("text", ""), ("short", "ab")]))
    #expect(try !accepts([("text", ""), ("number", "6")]))
    #expect(try !accepts([("text", ""), ("other", "6")]))
    // A reference is one to the schema of all arguments, also where each argument stands by itself.
    let recursive: JSONValue = [
      "type": "object", "properties": ["a": ["type": "integer"], "kids": ["type": "array", "items": ["$ref": "#"]]],
      "required": ["a"], "additionalProperties": false,
    ]
    let parent = Tool(name: "f", inputSchema: recursive)
    let family = try self.grammar(
      prompt(.qwenCoder, tools: [parent]), self.request(ToolChoice(.any)) { $0.tools = [parent] }, vocabulary)
    func isFamily(_ kids: String) throws -> Bool {
      try vocabulary.accepts(
        "<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n<parameter=kids>\n\(kids)\n</parameter>\n</function>\n</tool_call>",
        family)
    }
    #expect(try isFamily("[]"))
    #expect(try isFamily(#"[{"a": 2, "kids": [{"a": 3}]}]"#))
    #expect(try !isFamily("[[]]"))
    #expect(try !isFamily("[{}]"))
    func path(_ schema: JSONValue) -> String {
      let tool = Tool(name: "f", inputSchema: schema)
      let request = self.request(nil) { $0.tools = [tool] }
      do throws(GrammarError) {
        _ = try prompt(.glm, tools: [tool]).answerGrammar(for: request) { _ in nil }
        return ""
      } catch {
        return error.path
      }
    }
    #expect(path(["anyOf": []]) == "tools.0.input_schema.anyOf")
    #expect(path(["required": ["a"]]) == "tools.0.input_schema.required")
    #expect(path(["properties": ["a>b": true]]) == "tools.0.input_schema.properties.a>b")
    #expect(path(["properties": ["a": ["not": true]]]).hasPrefix("tools.0.input_schema.properties.a"))
  }

  @Test("What cannot be enforced is named by its place in the request")
  func errors() throws {
    func message(_ paths: SchemaPaths = .messages, _ change: (inout GenerationRequest) -> Void) -> String {
      let request = request(nil, change)
      do throws(GrammarError) {
        _ = try prompt(.hermes, tools: request.tools ?? []).answerGrammar(for: request, paths: paths) { _ in nil }
        return ""
      } catch {
        return error.path
      }
    }
    let bad: JSONValue = ["type": "object", "properties": ["x": ["type": "string", "pattern": "(?=a)b"]]]
    #expect(message { $0.tools?[1].inputSchema = bad } == "tools.1.input_schema.properties.x.pattern")
    #expect(
      message(.chatCompletions) { $0.tools?[0].inputSchema = bad } == "tools.0.function.parameters.properties.x.pattern"
    )
    #expect(message { $0.tools?[0].inputSchema = ["type": "string"] } == "tools.0.input_schema.type")
    #expect(message { $0.toolChoice = ToolChoice(.tool(name: "sub")) } == "tool_choice")
    #expect(
      message {
        $0.toolChoice = ToolChoice(.any); $0.tools = nil
      } == "tool_choice")
    #expect(
      message { $0.outputFormat = .jsonSchema(bad, name: nil, description: nil, isStrict: nil) }
        == "output_config.format.schema.properties.x.pattern")
    // A deferred tool is not shown, and its schema does not matter.
    #expect(
      message {
        $0.tools?[0].inputSchema = bad; $0.tools?[0].isDeferred = true
      } == "")
    var continued = prompt(.hermes)
    continued.isContinued = true
    #expect(throws: GrammarError.self) {
      try continued.answerGrammar(for: request { $0.outputFormat = .jsonObject }) { _ in nil }
    }
    #expect(try continued.answerGrammar(for: request()) { _ in nil } != nil)
  }

  @Test("What a grammar allows is read as what was asked for, wherever a random writer goes")
  func walks() throws {
    var generator = SeededGenerator(state: 5)
    var ended = 0
    for (format, _, _, _) in Self.answers {
      for number in 0..<8 {
        let markers = format.markers + ["<think>", "</think>"]
        let vocabulary = try ByteVocabulary(controlTokens: number % 2 == 0 ? markers : [])
        let start: Prompt.AnswerStart = format == .harmony ? .header : number % 3 == 0 ? .thinking : .text
        let prompt = prompt(format, start)
        let isForced = number % 4 < 2
        let request = request(isForced ? ToolChoice(.any, allowsParallelUse: number % 4 == 0) : nil) {
          $0.thinking = ThinkingRequest(.adaptive)
        }
        let grammar = try grammar(prompt, request, vocabulary)
        var options = AnswerReader.Options()
        options.callsAreCertain = true
        options.controlTokens = Set(markers.filter { vocabulary.controlToken($0) != nil })
        var reader = AnswerReader(prompt: prompt, options: options)
        var collector = BlockCollector()
        guard let answer = try Self.walk(grammar, vocabulary, using: &generator) else { continue }
        ended += 1
        for piece in answer { collector.take(reader.read(piece.text, isControl: piece.isControl)) }
        collector.take(reader.finish())
        collector.end()
        let note = Comment("\(format) \(answer.map(\.text).joined().debugDescription)")
        var calls = 0
        for block in collector.blocks {
          switch block {
          case .call(let name, let arguments):
            calls += 1
            // An element may hold any text, so that a call may look as if it held another.
            let value = try JSONValue(parsing: arguments)
            #expect(name == "add" ? value["a"]?.integerValue != nil : value["city"]?.stringValue != nil, note)
          case .text(let text):
            #expect(!isForced, note)
            // A marker that is none has been left to the reader to make sense of.
            let opening = format.markers.first { $0 != "<|start|>" } ?? "no marker"
            #expect(vocabulary.controlToken(opening) != nil || !text.contains(opening), note)
          case .thinking: break
          }
        }
        if isForced { #expect(number % 4 == 0 ? calls >= 1 : calls == 1, note) }
      }
    }
    #expect(ended > 60)
  }

  /// What a writer who knows nothing would hardly write by chance; the last ones lead to an end.
  private static let snippets = [
    "Hi ", "{", "<", "\n", "é", "\"", "\\\"", "<think>", "<tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "<|channel|>",
    "{\"name\": \"add\"", "</think>", "</tool_call>", "<|end|>", "\"}", "1}", "}", "]",
  ]

  /// An answer that a writer gives who knows nothing, and looks for an end after a while.
  private static func walk(
    _ grammar: Grammar, _ vocabulary: ByteVocabulary, using generator: inout SeededGenerator
  ) throws -> [(text: String, isControl: Bool)]? {
    var matcher = ConstraintMatcher(try Constraint(grammar, vocabulary.trie))
    let end = try #require(vocabulary.controlToken(ByteVocabulary.end))
    var tokens: [Int32] = []
    while !matcher.isEnded {
      let isLate = tokens.count > 60
      if matcher.mayEnd, matcher.mustEnd || isLate || Int.random(in: 0..<40, using: &generator) == 0 {
        matcher.accept(end)
        continue
      }
      if tokens.count > 5_000 { return nil }
      let snippet = snippets[Int.random(in: (isLate ? 13 : 0)..<snippets.count, using: &generator)]
      let next = vocabulary.controlToken(snippet).map { [$0] } ?? snippet.utf8.map { Int32($0) }
      var trial = matcher
      if Int.random(in: 0..<3, using: &generator) > 0, next.allSatisfy({ trial.accept($0) }) {
        matcher = trial
        tokens += next
      } else {
        let mask = matcher.allowed()
        let allowed = (0..<Int32(vocabulary.tokenizer.vocabularySize)).filter { $0 != end && mask.contains($0) }
        try #require(!allowed.isEmpty)
        let token = allowed[Int.random(in: 0..<allowed.count, using: &generator)]
        let isAccepted = matcher.accept(token)
        #expect(isAccepted)
        tokens.append(token)
      }
    }
    var detokenizer = StreamingDetokenizer(vocabulary.tokenizer)
    var pieces: [(text: String, isControl: Bool)] = []
    for token in tokens {
      guard vocabulary.tokenizer.isControl(token), let name = vocabulary.tokenizer.piece(of: token) else {
        pieces.append((detokenizer.append(token), false))
        continue
      }
      // What is left of a broken character stands before the marker.
      pieces += [(detokenizer.finish(), false), (name, true)]
      detokenizer = StreamingDetokenizer(vocabulary.tokenizer, continuesText: true)
    }
    return pieces + [(detokenizer.finish(), false)]
  }
}
