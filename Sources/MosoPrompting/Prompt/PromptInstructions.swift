import MosoConversation
import MosoFormats

/// What is said to a model whose template cannot say it: which tools there are, and what form the answer has.
enum PromptInstructions {
  /// The tools and how they are called, for a template that shows no tools.
  ///
  /// Every model has read calls in this form, for it is that of Hermes and Qwen; where the template shows calls in a form
  /// of its own, the example is in that form.
  static func tools(
    _ tools: [Tool], format: ToolCallFormat, allowsParallelUse: Bool, resultsAreText: Bool
  ) -> (before: String, after: String) {
    let lines = tools.map { $0.templateValue.serialized() }
    let before = """
      # Tools

      You can call tools. Each line between <tools> and </tools> describes one: its name, what it does, and the JSON \
      Schema of its arguments.
      <tools>
      \(lines.joined(separator: "\n"))
      </tools>

      To call a tool, end your answer with a call in exactly this form, with the tool's name and your arguments:

      """
    let several =
      allowsParallelUse && format.allowsParallelUse
      ? "To call several tools at once, write one call after another." : "Make one call at a time."
    let results =
      resultsAreText ? "The results come in the next message, each between <tool_response> and </tool_response>. " : ""
    return (before, "\n\n\(several) \(results)If no tool helps, answer without a call.")
  }

  /// The example of a call that stands between the two parts of the instructions.
  static func exampleCall(_ format: ToolCallFormat) -> String {
    format.text(of: ToolUse(id: "", name: "NAME", input: ["ARGUMENT": "VALUE"]))
  }

  /// What form the answer has. A grammar enforces it anyway; small models do better when they are told.
  static func output(_ format: OutputFormat?) -> String? {
    switch format {
    case nil, .text: return nil
    case .jsonObject: return "Answer with one JSON object and nothing else."
    case .jsonSchema(let schema, _, let description, _):
      let purpose = description.map { " It is for this: \($0)" } ?? ""
      return """
        Answer with one JSON value that satisfies this JSON Schema, and nothing else.\(purpose)
        \(schema.serialized())
        """
    }
  }
}

extension Tool {
  /// The tool as chat templates expect it.
  var templateValue: JSONValue {
    [
      "type": "function",
      "function": [
        "name": .string(name), "description": .string(description ?? ""),
        "parameters": inputSchema ?? ["type": "object", "properties": [:]],
      ],
    ]
  }
}
