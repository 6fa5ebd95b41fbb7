public import MosoFormats

/// A step of an answer on its way to whoever asked.
///
/// Blocks never overlap: each begins, grows and ends before the next begins, and their indices count 0, 1, 2 …
/// The order is `started`, blocks, then `finished`; `failed` may replace the rest at any point, and nothing follows it.
public enum GenerationEvent: Sendable, Hashable {
  /// The prompt was read; `usage` tells its side of the count.
  case started(id: String, model: String, usage: Usage)
  /// A block begins.
  case blockStarted(index: Int, BlockStart)
  /// The open block grows.
  case blockGrew(index: Int, BlockDelta)
  /// The open block is complete.
  case blockStopped(index: Int)
  /// The answer is complete; `usage` counts all of it.
  case finished(StopReason, usage: Usage)
  /// The answer ends here because of an error.
  case failed(RequestError)
  /// Nothing new: a sign that the answer is still coming.
  case ping

  /// What kind of block begins.
  public enum BlockStart: Sendable, Hashable {
    /// Words.
    case text
    /// Thoughts.
    case thinking
    /// A use of the tool `name`.
    case toolUse(id: String, name: String)
    /// Anything else, as it stands at its beginning; only servers of other models send it.
    case other(ContentBlock)
  }

  /// By what the open block grows.
  public enum BlockDelta: Sendable, Hashable {
    /// More words, with the log-probabilities of the tokens they came from where those were asked for.
    case text(String, [TokenLogProbability])
    /// More thoughts.
    case thinking(String)
    /// What proves that the thoughts are unchanged; comes last in a block of thoughts.
    case signature(String)
    /// More of the JSON text of a tool's arguments.
    case inputJSON(String)
    /// Anything else, as the Messages API words it (a citation); only servers of other models send it.
    case other(JSONValue)
  }
}

/// A token that was chosen, with its log-probability and its best competitors.
public struct TokenLogProbability: Sendable, Hashable {
  /// One token that could have been chosen.
  public struct Alternative: Sendable, Hashable {
    /// What stands for the number of a token that the wire names by its text alone.
    public static let unknownToken: Int32 = -1

    /// The token's number in the vocabulary.
    public var token: Int32
    /// The token's bytes, which may be a part of a character.
    public var bytes: [UInt8]
    /// The natural logarithm of its probability under the model.
    public var logProbability: Float

    /// A token with its bytes and log-probability.
    public init(token: Int32, bytes: [UInt8], logProbability: Float) {
      self.token = token
      self.bytes = bytes
      self.logProbability = logProbability
    }
  }

  /// The token that was chosen.
  public var chosen: Alternative
  /// The tokens with the highest probabilities, best first; as many as were asked for.
  public var best: [Alternative]

  /// A chosen token with its competitors.
  public init(chosen: Alternative, best: [Alternative]) {
    self.chosen = chosen
    self.best = best
  }
}

/// A whole answer.
public struct GenerationResponse: Sendable, Hashable {
  /// Names this answer.
  public var id: String
  /// The model that gave it.
  public var model: String
  /// What it says, in order.
  public var content: [ContentBlock]
  /// Why it ended.
  public var stopReason: StopReason
  /// What it took.
  public var usage: Usage
  /// The log-probabilities of the tokens of its text, where they were asked for.
  public var logProbabilities: [TokenLogProbability] = []
  /// Fields of the wire that nobody here knows, in the order they came, by the name of the object they stood in: "" for
  /// the answer itself, else `usage`.
  public var unknown: [String: JSONObject] = [:]

  /// An answer.
  public init(id: String, model: String, content: [ContentBlock], stopReason: StopReason, usage: Usage) {
    self.id = id
    self.model = model
    self.content = content
    self.stopReason = stopReason
    self.usage = usage
  }
}
