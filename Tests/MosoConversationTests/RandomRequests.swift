import MosoConversation
import MosoFormats

/// Makes random requests that the Messages API takes.
struct RandomMessagesRequest {
  let version: MessagesVersion
  var json: RandomJSON
  /// How many more places may be marked as worth keeping.
  private var breakpoints = 0

  init(version: MessagesVersion, seed: UInt64) {
    self.version = version
    json = RandomJSON(seed: seed)
  }

  mutating func next() -> JSONValue {
    breakpoints = 4
    let maximum = json.pick([0, 1, 64, 8_192, 1 << 40])
    var optional: [(String, JSONValue)] = [
      ("system", system()), ("stop_sequences", .array((0..<json.number(0...2)).map { _ in .string(json.text()) })),
      ("stream", .bool(json.chance(50))), ("metadata", json.members([], optional: [("user_id", .string(json.text()))])),
      ("output_config", outputConfiguration()), ("service_tier", "auto"), ("speed", "fast"),
      ("container", json.value()), ("context_management", .object(json.object())),
    ]
    if version == .v2023_06_01 {
      optional += [
        ("temperature", json.pick([0, 1, 0.0, 1.0, 0.25])), ("top_p", json.pick([0, 1, 0.95])),
        ("top_k", json.pick([0, 40, 40.0])),
      ]
    }
    var thinking = json.pick(["adaptive", "between_tools", "disabled"])
    if maximum > 2_000, json.chance(40) { thinking = "enabled" }
    let budget: [(String, JSONValue)] =
      thinking == "enabled" ? [("budget_tokens", json.pick([.integer(json.number(1_024...1_999)), 1_024.0]))] : []
    optional.append(
      (
        "thinking",
        json.members(
          [("type", .string(thinking))] + budget, optional: [("display", json.pick(["omitted", "updates"]))])
      ))
    var required: [(String, JSONValue)] = [
      ("model", .string(json.text())), ("max_tokens", json.chance(10) ? .number(Double(maximum)) : .integer(maximum)),
      ("messages", messages()),
    ]
    if json.chance(50) {
      let tools = (0..<json.number(1...3)).map { tool(json.name() + "_\($0)") }
      required.append(("tools", .array(tools)))
      let choice = json.pick(["auto", "none"])
      optional.append(
        (
          "tool_choice",
          json.members([("type", .string(choice))], optional: [("disable_parallel_tool_use", .bool(json.chance(50)))])
        ))
    }
    optional.append(("cache_control", mark() ?? .null))
    return json.members(required, optional: optional)
  }

  // MARK: Parts

  /// A mark of a place to keep; the later ones are never for longer than the earlier ones.
  private mutating func mark() -> JSONValue? {
    guard breakpoints > 0 else { return nil }
    breakpoints -= 1
    return json.members([("type", "ephemeral")], optional: [("ttl", "5m")])
  }

  private mutating func block(
    _ type: String, _ required: [(String, JSONValue)], optional: [(String, JSONValue)] = [], keeps: Bool = true
  ) -> JSONValue {
    var required = [("type", JSONValue.string(type))] + required
    if keeps, json.chance(5), let mark = mark() { required.append(("cache_control", mark)) }
    return json.members(required, optional: optional)
  }

  private mutating func text(citations: Bool = false) -> JSONValue {
    let cited: JSONValue = citations ? [.object(json.object())] : []
    return block("text", [("text", .string(json.text()))], optional: [("citations", cited)])
  }

  private mutating func system() -> JSONValue {
    if json.chance(40) { return .string(json.chance(20) ? "" : json.text()) }
    return .array((0..<json.number(0...3)).map { _ in text() })
  }

  private mutating func outputConfiguration() -> JSONValue {
    let format = json.members([("type", "json_schema"), ("schema", .object(json.object()))])
    return json.members(
      [], optional: [("effort", json.pick(["low", "medium", "high", "xhigh", "max"])), ("format", format)])
  }

  private mutating func tool(_ name: String) -> JSONValue {
    var schema = json.object()
    schema["type"] = "object"
    let optional: [(String, JSONValue)] = [
      ("description", .string(json.text())), ("strict", .bool(json.chance(50))), ("defer_loading", true),
      ("input_examples", [.object(json.object())]),
    ]
    if json.chance(20) {
      return json.members(
        [("type", "bash_20250124")], optional: [("name", .string(name)), ("input_schema", .object(json.object()))])
    }
    var required: [(String, JSONValue)] = [("name", .string(name)), ("input_schema", .object(schema))]
    if json.chance(30) { required.append(("type", "custom")) }
    if json.chance(10), let mark = mark() { required.append(("cache_control", mark)) }
    return json.members(required, optional: optional)
  }

  private mutating func messages() -> JSONValue {
    var messages: [JSONValue] = []
    for _ in 0..<json.number(1...5) {
      messages.append(message("user", content(of: "user", results: [])))
      if json.chance(20) { messages.append(message("system", json.chance(50) ? .string(json.text()) : [text()])) }
      if json.chance(70) { addAssistant(to: &messages) }
    }
    return .array(messages)
  }

  private mutating func addAssistant(to messages: inout [JSONValue]) {
    let ids = json.chance(40) ? (0..<json.number(1...3)).map { _ in json.id() } : []
    guard !ids.isEmpty || json.chance(60) else {
      messages.append(message("assistant", .string(json.text())))
      return
    }
    var blocks: [JSONValue] = []
    if json.chance(40) {
      blocks.append(
        block("thinking", [("thinking", .string(json.text())), ("signature", .string(json.text()))], keeps: false))
    }
    if json.chance(10) { blocks.append(block("redacted_thinking", [("data", .string(json.text()))], keeps: false)) }
    if json.chance(10) { blocks.append(block("server_tool_use", [("id", .string("s")), ("input", json.value())])) }
    if ids.isEmpty || json.chance(50) { blocks.append(text(citations: true)) }
    for id in ids {
      blocks.append(
        block(
          "tool_use",
          [("id", .string(id)), ("name", .string(json.name())), ("input", .object(json.object()))],
          optional: [("caller", .object(json.object()))]))
    }
    messages.append(message("assistant", .array(blocks)))
    if !ids.isEmpty { messages.append(message("user", content(of: "user", results: json.shuffled(ids)))) }
  }

  private mutating func message(_ role: String, _ content: JSONValue) -> JSONValue {
    json.members([("role", .string(role)), ("content", content)])
  }

  private mutating func content(of role: String, results: [String]) -> JSONValue {
    if results.isEmpty, json.chance(40) { return .string(json.text()) }
    var blocks: [JSONValue] = []
    for id in results {
      let content: JSONValue =
        json.chance(50) ? .string(json.chance(20) ? "" : json.text()) : .array(contents(in: "tool_result"))
      blocks.append(
        block(
          "tool_result", [("tool_use_id", .string(id))],
          optional: [("content", content), ("is_error", .bool(json.chance(50)))]))
    }
    blocks += contents(in: role)
    if blocks.isEmpty { blocks.append(text()) }
    return .array(blocks)
  }

  /// Blocks that a message of the user or the result of a tool may hold.
  private mutating func contents(in place: String) -> [JSONValue] {
    (0..<json.number(0...3)).map { _ in
      switch json.number(0...5) {
      case 0: block("image", [("source", source(isDocument: false))])
      case 1: document()
      case 2:
        block(
          "search_result",
          [
            ("source", .string(json.text())), ("title", ""),
            ("content", .array((0..<json.number(0...2)).map { _ in text() })),
          ],
          optional: [("citations", json.members([], optional: [("enabled", true)]))])
      case 3: block("browser_state", [("state", json.value())])
      default: text()
      }
    }
  }

  private mutating func source(isDocument: Bool) -> JSONValue {
    switch json.number(0...2) {
    case 0: json.members([("type", "url"), ("url", .string(json.text()))])
    case 1: json.members([("type", "file"), ("file_id", .string(json.text()))])
    default:
      json.members([
        ("type", "base64"), ("media_type", isDocument ? "application/pdf" : "image/png"), ("data", "AA=="),
      ])
    }
  }

  private mutating func document() -> JSONValue {
    let content: JSONValue
    switch json.number(0...3) {
    case 0:
      content = json.members([("type", "text"), ("media_type", "text/plain"), ("data", .string(json.text()))])
    case 1: content = json.members([("type", "content"), ("content", .string(json.text()))])
    case 2:
      content = json.members([
        ("type", "content"), ("content", [text(), block("image", [("source", source(isDocument: false))])]),
      ])
    default: content = source(isDocument: true)
    }
    return block(
      "document", [("source", content)],
      optional: [
        ("title", .string(json.text())), ("context", .string(json.text())),
        ("citations", json.members([], optional: [("enabled", .bool(json.chance(50)))])),
      ])
  }
}

/// Makes random chat requests that OpenAI's API takes.
struct RandomChatRequest {
  var json: RandomJSON
  /// Whether the arguments of tools may be no JSON.
  let breaksArguments: Bool

  init(seed: UInt64, breaksArguments: Bool = true) {
    json = RandomJSON(seed: seed)
    self.breaksArguments = breaksArguments
  }

  mutating func next() -> JSONValue {
    var required: [(String, JSONValue)] = [("model", .string(json.text())), ("messages", messages())]
    var optional: [(String, JSONValue)] = [
      ("max_tokens", json.pick([1, 64, 64.0])), ("max_completion_tokens", json.pick([1, 99])),
      ("temperature", json.pick([0, 2, 1.0, 0.7])), ("top_p", json.pick([1, 0.9])), ("top_k", json.pick([-1, 0, 40])),
      ("min_p", json.pick([0, 0.05])), ("repetition_penalty", json.pick([1, 1.1])),
      ("presence_penalty", json.pick([-2, 0.5])), ("frequency_penalty", json.pick([0, 1.5])),
      ("seed", json.pick([0, -1, .integer(.max), .integer(.min)])), ("n", json.pick([1, 2])),
      ("stop", json.pick(["a", ["a"], ["a", "b"], []])),
      ("logit_bias", json.pick([[:], ["9": 1, "3": -1.5], ["3": 1.0]])),
      ("stream", .bool(json.chance(50))), ("stream_options", json.members([], optional: [("include_usage", true)])),
      ("user", .string(json.text())), ("response_format", format()), ("parallel_tool_calls", .bool(json.chance(50))),
      ("reasoning_effort", json.pick(["none", "minimal", "low", "medium", "high", "xhigh"])),
      ("store", true), ("metadata", .object(json.object())), ("service_tier", "default"),
    ]
    if json.chance(30) {
      required.append(("logprobs", true))
      optional.append(("top_logprobs", .integer(json.number(0...20))))
    } else {
      optional.append(("logprobs", false))
    }
    if json.chance(50) {
      let names = (0..<json.number(1...3)).map { json.name() + "_\($0)" }
      required.append(("tools", .array(names.map { tool($0) })))
      let named = json.members([("type", "function"), ("function", json.members([("name", .string(names[0]))]))])
      optional.append(("tool_choice", json.pick(["auto", "none", "required", named])))
    }
    return json.members(required, optional: optional)
  }

  // MARK: Parts

  private mutating func format() -> JSONValue {
    switch json.number(0...2) {
    case 0: return json.members([("type", "text")])
    case 1: return json.members([("type", "json_object")])
    default:
      let schema = json.members(
        [("name", .string(json.name())), ("schema", .object(json.object()))],
        optional: [("description", .string(json.text())), ("strict", .bool(json.chance(50)))])
      return json.members([("type", "json_schema"), ("json_schema", schema)])
    }
  }

  private mutating func tool(_ name: String) -> JSONValue {
    var schema = json.object()
    schema["type"] = "object"
    let function = json.members(
      [("name", .string(name))],
      optional: [
        ("description", .string(json.text())), ("parameters", .object(schema)), ("strict", .bool(json.chance(50))),
      ])
    return json.members([("type", "function"), ("function", function)])
  }

  private mutating func messages() -> JSONValue {
    var messages: [JSONValue] = []
    if json.chance(50) { messages.append(message(json.pick(["system", "developer"]), content(isText: true))) }
    for _ in 0..<json.number(1...5) {
      messages.append(message("user", content(isText: false)))
      if json.chance(10) { messages.append(message("system", content(isText: true))) }
      if json.chance(70) { addAssistant(to: &messages) }
    }
    return .array(messages)
  }

  private mutating func message(
    _ role: String, _ content: JSONValue?, _ required: [(String, JSONValue)] = [], optional: [(String, JSONValue)] = []
  ) -> JSONValue {
    json.members(
      [("role", .string(role))] + required + (content.map { [("content", $0)] } ?? []),
      optional: optional + [("name", .string(json.name()))])
  }

  private mutating func addAssistant(to messages: inout [JSONValue]) {
    let ids = json.chance(50) ? (0..<json.number(1...3)).map { _ in json.id() } : []
    let calls = ids.map { id in
      json.members(
        [
          ("id", .string(id)), ("type", "function"),
          ("function", json.members([("name", .string(json.name())), ("arguments", .string(arguments()))])),
        ])
    }
    let content: JSONValue? = ids.isEmpty ? self.content(isText: true) : json.pick([nil, .null, "", "text", []])
    messages.append(
      message(
        "assistant", content, ids.isEmpty ? [] : [("tool_calls", .array(calls))],
        optional: [("reasoning_content", .string(json.text())), ("refusal", .null)]))
    for id in json.shuffled(ids) {
      messages.append(message("tool", self.content(isText: true), [("tool_call_id", .string(id))]))
    }
  }

  private mutating func arguments() -> String {
    if breaksArguments, json.chance(20) { return json.pick(["{\"a\": ", "nonsense", "[1]", "\u{0}"]) }
    return json.pick(["", "{}", " { } ", JSONValue.object(json.object()).serialized(indentation: json.pick([nil, 1]))])
  }

  private mutating func content(isText: Bool) -> JSONValue {
    if json.chance(50) { return .string(json.text()) }
    return .array(
      (0..<json.number(1...3)).map { _ in
        switch isText ? 3 : json.number(0...3) {
        case 0:
          let address = json.pick(["https://a/b.png", "data:image/png;base64,AA==", "data:text/plain,x"])
          let image = json.members([("url", .string(address))], optional: [("detail", "low")])
          return json.members([("type", "image_url"), ("image_url", image)])
        case 1: return json.members([("type", "input_audio"), ("input_audio", .object(json.object()))])
        default: return json.members([("type", "text"), ("text", .string(json.text()))])
        }
      })
  }
}
