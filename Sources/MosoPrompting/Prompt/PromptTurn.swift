import MosoConversation

/// A step of a conversation as templates tell them apart.
enum PromptTurn {
  /// What whoever set the rules says in the middle of the conversation.
  case system(String)
  /// What the person says.
  case user(String)
  /// What the model said, thought and called.
  case assistant(AssistantTurn)
  /// What came of calls, in the order of the results.
  case results([PromptResult])
}

/// What the model said, thought and called in one turn.
struct AssistantTurn {
  /// What it said.
  var text = ""
  /// What it thought, where that is still to be shown.
  var thoughts: String?
  /// What it called.
  var calls: [PromptCall] = []
}

/// A call of a tool in a prompt.
struct PromptCall {
  /// Names the call: nine letters and digits, which are what Mistral's templates insist on.
  var id: String
  /// What is called.
  var use: ToolUse
}

/// What came of a call, as text.
struct PromptResult {
  /// The call's name in the prompt.
  var callID: String
  /// The tool's name; empty when no such call is in the conversation.
  var toolName: String
  /// The result.
  var text: String
}
