/// What a chat template can be asked for without refusing or dropping it.
///
/// Templates differ in which roles they know, in which order, and in how they want calls of tools. None says so; but
/// each can be tried with small conversations (`TemplateProbe`), and what it cannot say is said in other words.
public struct TemplateTraits: Sendable, Hashable {
  /// Where a text that comes together with calls can go.
  public enum TextWithCalls: Sendable, Hashable {
    /// Into the message with the calls.
    case together
    /// Into a message of its own before them.
    case apart
    /// Nowhere.
    case dropped
  }

  /// Under which name, if any, a message's thoughts can be given.
  public enum ThoughtsPlace: Sendable, Hashable {
    /// As a field of the message: `reasoning_content` or `thinking`.
    case field(String)
    /// At the beginning of its text.
    case text
    /// Nowhere.
    case none
  }

  /// Whether contents are lists of parts instead of texts.
  public var wantsContentParts = false
  /// Whether there is a role for the rules.
  public var hasSystemRole = false
  /// Whether a message of that role may stand in the middle and at the end, and is shown there.
  public var allowsLaterSystem = false
  /// Whether the assistant may speak first.
  public var allowsAssistantFirst = false
  /// Whether `tools` are shown.
  public var showsTools = false
  /// Whether calls and their results are shown.
  public var showsCalls = false
  /// Whether a message may hold several calls.
  public var allowsSeveralCalls = false
  /// Whether arguments have to be JSON text instead of an object.
  public var wantsArgumentsAsText = false
  /// Whether calls are shown only where the content is `null`.
  public var wantsNullContent = false
  /// Where a text goes that comes with calls.
  public var textWithCalls = TextWithCalls.dropped
  /// Whether the person may speak right after results.
  public var allowsUserAfterResults = false
  /// Where thoughts go.
  public var thoughts = ThoughtsPlace.none
  /// Whether `enable_thinking` or `thinking` makes a difference.
  public var canSwitchThinking = false

  /// What every template understands: turns of text that alternate.
  public static let least = TemplateTraits()

  init() {}
}
