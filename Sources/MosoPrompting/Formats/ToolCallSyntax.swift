/// How to read calls of one format: what begins them, and the steps that follow.
struct ToolCallSyntax: Sendable {
  /// One step of reading calls.
  enum Step: Sendable, Hashable {
    /// White space, any or none.
    case space
    /// Exactly this text.
    case text([UInt8])
    /// A tool's name: letters, digits, `_`, `-` and `.`.
    case name
    /// Letters and digits that name the call.
    case identifier
    /// The arguments as a JSON object; what stands before them told the name.
    case arguments
    /// The arguments as elements, with what ends them.
    case elements(ElementSyntax)
    /// The whole call as a JSON object with a name and arguments.
    case call
    /// One of several texts, each with the step that it leads to.
    case branch([Branch])
    /// White space and semicolons, as far as they go, between bare calls.
    case separators
  }

  /// A text and the step that it leads to.
  struct Branch: Sendable, Hashable {
    var text: [UInt8]
    var step: Int
  }

  /// What begins calls; `nil` where the call's own brace does, as the first thing that is said.
  var opening: String?
  /// The steps after the opening.
  var steps: [Step]
  /// Whether a brace as the first thing said may begin a call, with or without the opening.
  var mayBeBare = false

  init(opening: String?, mayBeBare: Bool = false, steps: [Step]) {
    self.opening = opening
    self.mayBeBare = mayBeBare
    self.steps = steps
  }
}

extension ToolCallFormat {
  /// How to read calls of the format; `nil` for channels, which hold more than calls (`AnswerReader+Channels.swift`).
  var syntax: ToolCallSyntax? {
    typealias Branch = ToolCallSyntax.Branch
    func text(_ text: String) -> ToolCallSyntax.Step { .text(Array(text.utf8)) }
    func to(_ text: String, _ step: Int) -> Branch { Branch(text: Array(text.utf8), step: step) }
    let callBegin = "<｜tool▁call▁begin｜>"
    let callEnd = "<｜tool▁call▁end｜>"
    let callsEnd = "<｜tool▁calls▁end｜>"
    return switch self {
    case .hermes: ToolCallSyntax(opening: "<tool_call>", steps: [.space, .call, .space, text("</tool_call>")])
    case .llama3: ToolCallSyntax(opening: "<|python_tag|>", mayBeBare: true, steps: [.space, .call, .separators])
    case .json: ToolCallSyntax(opening: nil, mayBeBare: true, steps: [.space, .call, .separators])
    case .mistral:
      ToolCallSyntax(
        opening: "[TOOL_CALLS]",
        steps: [.space, text("["), .space, .call, .space, .branch([to(",", 2), to("]", 6)])])
    case .mistralNamed:
      ToolCallSyntax(
        opening: "[TOOL_CALLS]",
        steps: [
          .space, .name, .branch([to("[ARGS]", 5), to("[CALL_ID]", 3)]), .identifier, text("[ARGS]"), .space,
          .arguments,
        ])
    case .deepSeek3:
      ToolCallSyntax(
        opening: "<｜tool▁calls▁begin｜>",
        steps: [
          .space, text(callBegin), text("function<｜tool▁sep｜>"), .name, .space, text("```json"), .space, .arguments,
          .space, text("```"), .space, text(callEnd), .space, .branch([to(callBegin, 2), to(callsEnd, 14)]),
        ])
    case .deepSeek31:
      ToolCallSyntax(
        opening: "<｜tool▁calls▁begin｜>",
        steps: [
          .space, text(callBegin), .space, .name, .space, text("<｜tool▁sep｜>"), .space, .arguments, .space,
          text(callEnd), .space, .branch([to(callBegin, 2), to(callsEnd, 12)]),
        ])
    case .qwenCoder:
      ToolCallSyntax(
        opening: "<tool_call>",
        steps: [
          .space, text("<function="), .name, text(">"), .elements(.qwenCoder), .space, text("</tool_call>"),
        ])
    case .glm: ToolCallSyntax(opening: "<tool_call>", steps: [.space, .name, .elements(.glm)])
    case .harmony: nil
    }
  }
}
