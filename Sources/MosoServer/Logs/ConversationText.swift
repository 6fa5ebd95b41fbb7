public import Logging

/// What somebody wrote to a model, or a model answered, as metadata of a log record.
///
/// It is written only by a handler that was told to; every other one, of whatever library, writes how long it is.
public struct ConversationText: Sendable {
  /// The text.
  public let text: String

  /// A text to be kept out of logs.
  public init(_ text: String) { self.text = text }
}

extension ConversationText: CustomStringConvertible, CustomReflectable {
  public var description: String { text.utf8.count == 1 ? "(1 byte)" : "(\(text.utf8.count) bytes)" }
  public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

extension Logger.MetadataValue {
  /// What somebody wrote to a model, or a model answered.
  public static func conversation(_ text: String) -> Logger.MetadataValue { .stringConvertible(ConversationText(text)) }
}
