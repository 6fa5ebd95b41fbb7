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
  ///
  /// A message that is one plain text has that text as its content; any other has its blocks, as the Messages API writes
  /// them.
  public var json: JSONValue { ["messages": .array(messages.map(Self.json))] }

  private static func json(_ message: Message) -> JSONValue {
    var fields: JSONObject = ["role": .string(message.role.rawValue)]
    fields["content"] = MessagesCodec.content(message.content, asString: true)
    fields.merge(message.unknown)
    return .object(fields)
  }

  /// Reads a saved conversation.
  ///
  /// - Throws: `ConversationFileError` that names the place where the file is something else.
  public init(json: JSONValue) throws(ConversationFileError) {
    guard let list = json["messages"]?.arrayValue else {
      throw ConversationFileError(place: "messages", found: json["messages"] == nil ? "missing" : "not a list")
    }
    var messages: [Message] = []
    for (index, entry) in list.enumerated() { messages.append(try Self.message(entry, index: index)) }
    self.messages = messages
  }

  private static func message(_ entry: JSONValue, index: Int) throws(ConversationFileError) -> Message {
    guard let name = entry["role"]?.stringValue, let role = Message.Role(rawValue: name) else {
      throw ConversationFileError(place: "the role of message \(index)", found: "not system, user or assistant")
    }
    var message: Message
    switch entry["content"] {
    case .string(let text): message = Message(role, text)
    case .array(let list):
      do throws(RequestError) {
        message = Message(role, try MessagesCodec().blocks(list, at: "messages.\(index).content", in: .file))
      } catch {
        throw ConversationFileError(place: "the content of message \(index)", found: "no list of blocks: \(error)")
      }
    default: throw ConversationFileError(place: "the content of message \(index)", found: "not a text")
    }
    for (key, value) in entry.objectValue ?? [:] where key != "role" && key != "content" {
      message.unknown[key] = value
    }
    return message
  }
}
