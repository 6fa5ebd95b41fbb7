import MosoConversation
import MosoFormats

extension ToolCallFormat {
  /// A use of a tool as the model would have written it, for templates that cannot write it themselves.
  func text(of use: ToolUse) -> String {
    let arguments = use.input.serialized()
    let name = use.name
    func object(_ key: String) -> String { "{\"name\": \(quoted(name)), \"\(key)\": \(arguments)}" }
    return switch self {
    case .hermes: "<tool_call>\n\(object("arguments"))\n</tool_call>"
    case .llama3: object("parameters")
    case .json: object("arguments")
    case .mistral: "[TOOL_CALLS] [\(object("arguments"))]"
    case .mistralNamed: "[TOOL_CALLS]\(name)[ARGS]\(arguments)"
    case .deepSeek3:
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>\(name)\n```json\n\(arguments)\n```"
        + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
    case .deepSeek31:
      "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>\(name)<｜tool▁sep｜>\(arguments)<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
    case .qwenCoder: "<tool_call>\n<function=\(name)>\n\(ElementSyntax.qwenCoder.text(of: use.input))\n</tool_call>"
    case .glm: "<tool_call>\(name)\n\(ElementSyntax.glm.text(of: use.input))"
    case .harmony: "<|channel|>commentary to=functions.\(name) <|constrain|>json<|message|>\(arguments)<|call|>"
    }
  }
}
