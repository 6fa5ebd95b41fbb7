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

extension [PromptTurn] {
  /// Adds a paragraph to the last turn in place, if that is the person's: there may be very many of them.
  ///
  /// - Returns: Whether it is.
  mutating func appendToUser(_ paragraph: String) -> Bool {
    guard case .user(var text) = last else { return false }
    self[count - 1] = .user("")
    text += "\n\n"
    text += paragraph
    self[count - 1] = .user(text)
    return true
  }

  /// The same for the last of the results that the last turn is.
  mutating func appendToResults(_ paragraph: String) -> Bool {
    guard case .results(var results) = last, !results.isEmpty else { return false }
    self[count - 1] = .results([])
    results[results.count - 1].text += "\n\n"
    results[results.count - 1].text += paragraph
    self[count - 1] = .results(results)
    return true
  }
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
