public import MosoConversation
public import MosoTokenizers

/// What a model reads, and what has to be known to read its answer.
public struct Prompt: Sendable, Hashable {
  /// A place up to which the prompt is worth keeping.
  public struct Breakpoint: Sendable, Hashable {
    /// How many bytes of the prompt's text in UTF-8 come before it.
    public var offset: Int
    /// How long it is worth keeping.
    public var control: CacheControl

    /// A place in a prompt.
    public init(offset: Int, control: CacheControl) {
      self.offset = offset
      self.control = control
    }
  }

  /// What the first word of the answer belongs to.
  public enum AnswerStart: Sendable, Hashable {
    /// The answer proper, as always where the template opens nothing.
    case text
    /// Thoughts: the prompt ends with what begins them.
    case thinking
    /// The header of a message on a channel: the prompt ends within it.
    case header
  }

  /// The text, in pieces that say where control tokens may be.
  public var segments: [TextSegment]
  /// The places worth keeping whose blocks were found in the text, from the first to the last.
  public var breakpoints: [Breakpoint]
  /// What the first word of the answer belongs to.
  public var answerStart: AnswerStart
  /// Whether the prompt ends with a beginning of the answer that the request gave.
  public var isContinued = false
  /// The tools that the model was told of.
  public var tools: [Tool]
  /// How the model was told to write calls.
  public var toolCallFormat: ToolCallFormat
  /// What stands around the model's thoughts.
  public var thinkingFormat: ThinkingFormat

  /// A prompt, without tools and places worth keeping unless they are given.
  public init(
    segments: [TextSegment], breakpoints: [Breakpoint] = [], answerStart: AnswerStart = .text, tools: [Tool] = [],
    toolCallFormat: ToolCallFormat = .hermes, thinkingFormat: ThinkingFormat = .think
  ) {
    self.segments = segments
    self.breakpoints = breakpoints
    self.answerStart = answerStart
    self.tools = tools
    self.toolCallFormat = toolCallFormat
    self.thinkingFormat = thinkingFormat
  }

  /// The markers that the answer may hold.
  public var markers: [String] { [thinkingFormat.opening, thinkingFormat.closing] + toolCallFormat.markers }

  /// The whole text.
  public var text: String { segments.map(\.text).joined() }
}

extension Prompt {
  /// How many tokens of the prompt come before each breakpoint.
  ///
  /// A token may reach over a breakpoint. It counts only where the text before the breakpoint alone has it too: such
  /// tokens stay what they are, whatever comes after the breakpoint.
  ///
  /// - Parameters:
  ///   - tokens: The tokens of the whole prompt.
  ///   - tokenize: Makes tokens of a prompt, as it did of the whole one.
  /// - Returns: A number for each breakpoint.
  public func tokenCounts(in tokens: [Int32], tokenize: ([TextSegment]) -> [Int32]) -> [Int] {
    breakpoints.map { breakpoint in
      zip(tokens, tokenize(segments(before: breakpoint.offset))).prefix { $0 == $1 }.count
    }
  }

  /// The pieces of the text before a byte.
  private func segments(before offset: Int) -> [TextSegment] {
    var writer = SegmentWriter()
    for segment in segments where writer.count < offset {
      writer.append(
        Array(segment.text.utf8.prefix(offset - writer.count))[...],
        mayContainControlTokens: segment.mayContainControlTokens)
    }
    return writer.segments
  }
}
