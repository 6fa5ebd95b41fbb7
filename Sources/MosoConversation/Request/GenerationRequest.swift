public import MosoFormats

/// What somebody asks a model for, in words of no vendor.
///
/// The codecs of both APIs read their requests into this and write it back without loss: what a dialect carries and
/// nobody here understands travels along in `unknown`.
public struct GenerationRequest: Sendable, Hashable {
  /// The model's name.
  public var model: String
  /// The system prompt that stands apart from the messages; `nil` when there is none.
  public var system: [ContentBlock]?
  /// Whether the wire has one string in place of the system prompt, where that is one plain text and nothing else.
  public var systemPrefersString = false
  /// What was said so far; a last message of the assistant is continued.
  public var messages: [Message]
  /// The most tokens to generate; 0 only reads the prompt; `nil` for as many as fit.
  public var maximumTokens: Int?
  /// Texts that end the answer.
  public var stopSequences: [String]?
  /// Tools that may be used; `nil` when the client named none at all.
  public var tools: [Tool]?
  /// Whether and which tools are used; `nil` for the model's choice.
  public var toolChoice: ToolChoice?
  /// What the sampling differs in from the model's recommended one.
  public var sampling = SamplingRequest()
  /// Whether the model thinks before it speaks; `nil` when the client did not say.
  public var thinking: ThinkingRequest?
  /// How much trouble the model should take, as the wire names it: `low`, `medium`, `high` …
  public var effort: String?
  /// What form the answer has.
  public var outputFormat: OutputFormat?
  /// How many answers; `nil` for one.
  public var count: Int?
  /// Whether and how many log-probabilities are reported.
  public var logProbabilities: LogProbabilityRequest?
  /// Whether the answer comes in pieces; `nil` when the client did not say, which means no.
  public var isStreamed: Bool?
  /// Whether the last piece of a stream tells the usage (OpenAI's `stream_options`).
  public var streamIncludesUsage: Bool?
  /// Who asks, as the client calls them; opaque.
  public var userID: String?
  /// Whether the last cacheable block is a place worth keeping (a field of the whole request).
  public var cacheControl: CacheControl?
  /// Fields of the wire that nobody here knows, in the order they came, by the name of the object they stood in:
  /// "" for the request itself, else as in `output_config` or `metadata`.
  public var unknown: [String: JSONObject] = [:]
  /// The API whose fields stand in every `unknown` of this request; `nil` for a request that no client sent. Only a
  /// codec of the same API writes them back.
  public var wire: WireAPI?
  /// Fields as the client wrote them, where their meaning can be written in several ways (`1` or `1.0`, one stop string
  /// or a list of one); `null` for a field that was left out. Used as long as it still means the same.
  public var spelling: JSONObject = JSONObject()

  /// A request for one answer to `messages`.
  public init(model: String, messages: [Message]) {
    self.model = model
    self.messages = messages
  }
}

/// What a request says about sampling; `nil` leaves the model's recommended value.
public struct SamplingRequest: Sendable, Hashable {
  /// What the scores are divided by; 0 always takes the best token.
  public var temperature: Double?
  /// The least probability mass that the kept tokens hold together.
  public var topP: Double?
  /// How many of the best tokens are kept.
  public var topK: Int?
  /// Tokens less probable than this share of the best one are dropped.
  public var minP: Double?
  /// Subtracted from the scores of tokens already generated.
  public var presencePenalty: Double?
  /// Subtracted from the scores of tokens already generated, once for each time.
  public var frequencyPenalty: Double?
  /// What scores of tokens seen lately are divided by.
  public var repetitionPenalty: Double?
  /// Added to the scores of single tokens.
  public var logitBias: [Int32: Double]?
  /// Makes the answer repeatable.
  public var seed: UInt64?

  /// The model's recommended sampling.
  public init() {}
}

/// Whether a model thinks before it speaks.
public struct ThinkingRequest: Sendable, Hashable {
  /// How much.
  public enum Mode: Sendable, Hashable {
    /// It thinks, for at most so many tokens.
    case enabled(budget: Int)
    /// It decides by itself.
    case adaptive
    /// It thinks between the uses of tools only.
    case betweenTools
    /// It does not think.
    case disabled
  }

  /// How much it thinks.
  public var mode: Mode
  /// What the reader is shown, as the wire names it: `summarized`, `omitted` …
  public var display: String?
  /// Fields of the wire that nobody here knows.
  public var unknown: JSONObject = JSONObject()

  /// A way of thinking, shown in full.
  public init(_ mode: Mode, display: String? = nil) {
    self.mode = mode
    self.display = display
  }
}

/// What form an answer has.
public enum OutputFormat: Sendable, Hashable {
  /// Any text.
  case text
  /// Some JSON object.
  case jsonObject
  /// JSON that satisfies a schema. The name, description and strictness are OpenAI's.
  case jsonSchema(JSONValue, name: String?, description: String?, isStrict: Bool?)
}

/// Which log-probabilities are reported.
public struct LogProbabilityRequest: Sendable, Hashable {
  /// How many of the model's best tokens are reported at each place; `nil` for the chosen token only.
  public var alternatives: Int?

  /// The chosen tokens' log-probabilities, and so many alternatives.
  public init(alternatives: Int? = nil) { self.alternatives = alternatives }
}

/// The APIs that requests come in.
public enum WireAPI: Sendable, Hashable {
  /// Anthropic's Messages API.
  case messages
  /// OpenAI's chat completions.
  case openAI
}
