/// How a family of models writes the use of a tool.
///
/// | format | families | what the model writes |
/// |---|---|---|
/// | `hermes` | Hermes, Qwen 2.5 and 3, SmolLM3, and every model without a form of its own | `<tool_call>` `{"name": …, "arguments": {…}}` `</tool_call>`, once for each call |
/// | `llama3` | Llama 3.1 to 3.3 | `{"name": …, "parameters": {…}}` and nothing else, perhaps after `<\|python_tag\|>`; one call |
/// | `json` | models that are told to answer so | `{"name": …, "arguments": {…}}` and nothing else; one call |
/// | `mistral` | Mistral up to tokenizer v7 | `[TOOL_CALLS]` `[{"name": …, "arguments": {…}}, …]` |
/// | `mistralNamed` | Mistral from tokenizer v11 on | `[TOOL_CALLS]` name `[ARGS]` `{…}`, once for each call |
/// | `deepSeek3` | DeepSeek V3 and R1 | `function<｜tool▁sep｜>` name, then the arguments in a fenced block, between markers |
/// | `deepSeek31` | DeepSeek V3.1 and later | name `<｜tool▁sep｜>` `{…}`, between markers |
/// | `qwenCoder` | Qwen 3 Coder, Qwen 3.5 and later | `<tool_call>` `<function=` name `>`, `<parameter=` key `>` value `</parameter>` …, once for each call |
/// | `glm` | GLM 4.5 and later | `<tool_call>` name, `<arg_key>` key `</arg_key>` `<arg_value>` value `</arg_value>` …, once for each call |
/// | `harmony` | gpt-oss | `<\|channel\|>commentary to=functions.` name `<\|message\|>` `{…}`; one call |
public enum ToolCallFormat: String, Sendable, Hashable, CaseIterable {
  /// JSON between `<tool_call>` and `</tool_call>`.
  case hermes
  /// Bare JSON with `parameters`, perhaps after `<|python_tag|>`.
  case llama3
  /// Bare JSON with `arguments`.
  case json
  /// A list of JSON objects after `[TOOL_CALLS]`.
  case mistral
  /// A name and JSON arguments after `[TOOL_CALLS]` and `[ARGS]`.
  case mistralNamed
  /// A name and arguments in a fenced block, between DeepSeek's markers.
  case deepSeek3
  /// A name and JSON arguments between DeepSeek's markers.
  case deepSeek31
  /// Elements for each argument, within `<function=…>`.
  case qwenCoder
  /// Elements for each argument's name and value.
  case glm
  /// A message on the commentary channel to `functions.` and the name.
  case harmony
}

extension ToolCallFormat {
  /// Texts of which all have to stand in a template's source for it to be of a format, the most particular first.
  private static let marks: [(texts: [String], format: ToolCallFormat)] = [
    (["<|channel|>", "<|message|>", "functions."], .harmony),
    (["<｜tool▁sep｜>", "```json"], .deepSeek3),
    (["<｜tool▁sep｜>"], .deepSeek31),
    (["[TOOL_CALLS]", "[ARGS]"], .mistralNamed),
    (["[TOOL_CALLS]"], .mistral),
    (["<tool_call>", "<arg_key>"], .glm),
    (["<tool_call>", "<function="], .qwenCoder),
    (["<tool_call>"], .hermes),
    (["<|python_tag|>"], .llama3),
    (["ipython", "\"parameters\": "], .llama3),
  ]

  /// The format that a chat template's source shows; `nil` when it shows none that can be read.
  public static func detect(inTemplate source: String) -> ToolCallFormat? {
    let bytes = Array(source.utf8)
    return marks.first { $0.texts.allSatisfy { bytes.contains(text: $0) } }?.format
  }

  /// The markers of the format; vocabularies have most of them as tokens, and some as control tokens.
  public var markers: [String] {
    switch self {
    case .hermes, .qwenCoder: ["<tool_call>", "</tool_call>"]
    case .glm: ["<tool_call>", "</tool_call>", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"]
    case .llama3: ["<|python_tag|>"]
    case .json: []
    case .mistral: ["[TOOL_CALLS]"]
    case .mistralNamed: ["[TOOL_CALLS]", "[CALL_ID]", "[ARGS]"]
    case .deepSeek3, .deepSeek31:
      [
        "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>",
      ]
    case .harmony: ["<|start|>", "<|channel|>", "<|constrain|>", "<|message|>", "<|end|>", "<|call|>", "<|return|>"]
    }
  }

  /// Whether one answer may hold several calls.
  public var allowsParallelUse: Bool {
    switch self {
    case .llama3, .json, .harmony: false
    case .hermes, .mistral, .mistralNamed, .deepSeek3, .deepSeek31, .qwenCoder, .glm: true
    }
  }
}

extension [UInt8] {
  /// Whether the UTF-8 of `text` stands somewhere in these bytes.
  func contains(text: String) -> Bool { firstRange(of: Array(text.utf8), from: 0) != nil }

  /// Where `other` first stands at or after `start`.
  func firstRange(of other: [UInt8], from start: Int) -> Range<Int>? {
    guard let first = other.first, other.count <= count - start else { return nil }
    var position = start
    while let found = self[position...(count - other.count)].firstIndex(of: first) {
      if self[found..<found + other.count] == other[...] { return found..<found + other.count }
      position = found + 1
      if position > count - other.count { return nil }
    }
    return nil
  }
}
