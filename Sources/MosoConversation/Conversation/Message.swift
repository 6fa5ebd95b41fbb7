public import MosoFormats

/// One message of a conversation.
public struct Message: Sendable, Hashable {
  /// Who speaks.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Whoever set the rules.
    case system
    /// Whoever set the rules, by the name that OpenAI's newer models have for it.
    case developer
    /// The person; results of tools come in their name too.
    case user
    /// The model.
    case assistant
  }

  /// Who says it.
  public var role: Role
  /// What is said, in order.
  public var content: [ContentBlock]
  /// Whether the wire has one string in place of the content, where the content is one plain text and nothing else.
  public var prefersString = false
  /// Fields of the wire that nobody here knows, in the order they came.
  public var unknown: JSONObject = JSONObject()

  /// A message of one speaker.
  public init(_ role: Role, _ content: [ContentBlock]) {
    self.role = role
    self.content = content
  }

  /// A message that is only text, without the template's control tokens.
  public init(_ role: Role, _ text: String) {
    self.init(role, [.text(text)])
    prefersString = true
  }

  /// The text of all text blocks, one after another.
  public var text: String {
    content.reduce(into: "") { text, block in if case .text(let piece) = block.kind { text += piece.text } }
  }
}

/// Messages in order: what was said so far.
public struct Conversation: Sendable, Hashable {
  /// The messages, oldest first; a system prompt comes before all others.
  public var messages: [Message]

  /// A conversation, empty unless messages are given.
  public init(_ messages: [Message] = []) { self.messages = messages }
}
