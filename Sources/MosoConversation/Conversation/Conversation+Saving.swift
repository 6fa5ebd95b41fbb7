public import MosoFormats

extension Conversation {
  /// The messages as chat templates expect them: objects with a role and a content.
  public var templateMessages: JSONValue {
    .array(messages.map { ["role": .string($0.role.rawValue), "content": .string($0.text)] })
  }
}

/// A file that is not a saved conversation.
public struct ConversationFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the file something else was expected.
  public var place: String
  /// What stands there, in words.
  public var found: String

  public var description: String {
    "not a saved conversation: \(place) is \(found), where {\"messages\": [{\"role\": …, \"content\": …}]} was expected"
  }
}

extension Conversation {
  /// The conversation as JSON, in the shape that `init(json:)` reads.
  public var json: JSONValue { ["messages": templateMessages] }

  /// Reads a saved conversation.
  ///
  /// - Throws: `ConversationFileError` that names the place where the file is something else.
  public init(json: JSONValue) throws(ConversationFileError) {
    guard let list = json["messages"]?.arrayValue else {
      throw ConversationFileError(place: "messages", found: json["messages"] == nil ? "missing" : "not a list")
    }
    var messages: [Message] = []
    for (index, entry) in list.enumerated() {
      guard let name = entry["role"]?.stringValue, let role = Message.Role(rawValue: name) else {
        throw ConversationFileError(place: "the role of message \(index)", found: "not system, user or assistant")
      }
      guard let text = entry["content"]?.stringValue else {
        throw ConversationFileError(place: "the content of message \(index)", found: "not a text")
      }
      messages.append(Message(role, text))
    }
    self.messages = messages
  }
}
