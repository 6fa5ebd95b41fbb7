public import MosoFormats

/// One piece of a message: a text, a thought, a call of a tool, a result, or what only some models can read.
public struct ContentBlock: Sendable, Hashable {
  /// What the block is.
  public indirect enum Kind: Sendable, Hashable {
    /// Words.
    case text(TextContent)
    /// What the model thought before it spoke.
    case thinking(ThinkingContent)
    /// Thoughts that only their author can read; opaque.
    case redactedThinking(data: String)
    /// The model asks for a tool to be used.
    case toolUse(ToolUse)
    /// What a tool gave back.
    case toolResult(ToolResult)
    /// A document that the model is to read.
    case document(Document)
    /// A picture, as the wire describes its source.
    case image(source: JSONValue)
    /// A passage that a search found.
    case searchResult(SearchResult)
    /// A block of a type that nobody here knows, as it came.
    case unknown(type: String)
  }

  /// What the block is.
  public var kind: Kind
  /// Whether the prompt up to the end of this block is worth keeping.
  public var cacheControl: CacheControl?
  /// Fields of the wire that nobody here knows, in the order they came; of an unknown block, all but its type. Those of
  /// an object within the block, such as `source`, stand in an object of that name.
  public var unknown: JSONObject = JSONObject()

  /// A block of some kind.
  public init(_ kind: Kind, cacheControl: CacheControl? = nil) {
    self.kind = kind
    self.cacheControl = cacheControl
  }

  /// A block of plain words.
  public static func text(_ text: String) -> ContentBlock { ContentBlock(.text(TextContent(text))) }
}

/// Words, and where they were taken from.
public struct TextContent: Sendable, Hashable {
  /// The words.
  public var text: String
  /// The places that the words were taken from, as the wire lists them.
  public var citations: JSONValue?

  /// Words without citations.
  public init(_ text: String, citations: JSONValue? = nil) {
    self.text = text
    self.citations = citations
  }
}

/// What a model thought before it spoke.
public struct ThinkingContent: Sendable, Hashable {
  /// The thoughts; empty when the reader asked not to see them.
  public var text: String
  /// What proves to the server that wrote the thoughts that they are unchanged.
  public var signature: String

  /// Thoughts and their proof.
  public init(_ text: String, signature: String) {
    self.text = text
    self.signature = signature
  }
}

/// The use of a tool that a model asks for.
public struct ToolUse: Sendable, Hashable {
  /// Names this use, so that a result can refer to it.
  public var id: String
  /// The tool's name.
  public var name: String
  /// The arguments: an object, except where a client sent something else, and a string where their text is no JSON.
  public var input: JSONValue { didSet { inputText = nil } }
  /// The arguments' text to the letter, where somebody wrote them as text; forgotten when `input` changes.
  public private(set) var inputText: String?

  /// A use of the tool `name`.
  public init(id: String, name: String, input: JSONValue) {
    self.id = id
    self.name = name
    self.input = input
  }

  /// A use of the tool `name` with the text of its arguments, which may be cut short or no JSON at all.
  public init(id: String, name: String, inputText: String) {
    self.id = id
    self.name = name
    self.inputText = inputText
    if inputText.allSatisfy(\.isWhitespace) {
      input = [:]
    } else {
      input = (try? JSONValue(parsing: inputText)) ?? .string(inputText)
    }
  }
}

/// What came of the use of a tool.
public struct ToolResult: Sendable, Hashable {
  /// The use that this is the result of.
  public var toolUseID: String
  /// The result, in blocks; `nil` when the tool said nothing at all.
  public var content: [ContentBlock]?
  /// Whether the tool failed; `nil` when the client did not say.
  public var isError: Bool?
  /// Whether the wire has one string in place of the content, where the content is one plain text and nothing else.
  public var prefersString = false

  /// The result of one use.
  public init(toolUseID: String, content: [ContentBlock]?, isError: Bool? = nil) {
    self.toolUseID = toolUseID
    self.content = content
    self.isError = isError
  }

  /// The result of one use that is only text.
  public init(toolUseID: String, text: String, isError: Bool? = nil) {
    self.init(toolUseID: toolUseID, content: [.text(text)], isError: isError)
    prefersString = true
  }
}

/// A document that a model is to read.
public struct Document: Sendable, Hashable {
  /// Where its content is.
  public enum Source: Sendable, Hashable {
    /// Plain text, here; `mediaType` is `text/plain`.
    case text(String, mediaType: String)
    /// Blocks, here; `isString` tells whether the wire had one string in their place.
    case content([ContentBlock], isString: Bool)
    /// Anything else (a PDF, an address, an uploaded file), as the wire describes it.
    case other(JSONValue)
  }

  /// Where its content is.
  public var source: Source
  /// Its name.
  public var title: String?
  /// What the reader should know about it; not to be cited.
  public var context: String?
  /// Whether passages are to be cited, as the wire says it.
  public var citations: JSONValue?

  /// A document without a name.
  public init(source: Source, title: String? = nil, context: String? = nil, citations: JSONValue? = nil) {
    self.source = source
    self.title = title
    self.context = context
    self.citations = citations
  }
}

/// A passage that a search found.
public struct SearchResult: Sendable, Hashable {
  /// Where it was found: an address or a name.
  public var source: String
  /// The title of what it was found in.
  public var title: String
  /// The passage, in text blocks.
  public var content: [ContentBlock]
  /// Whether it is to be cited, as the wire says it.
  public var citations: JSONValue?

  /// A passage with its source.
  public init(source: String, title: String, content: [ContentBlock], citations: JSONValue? = nil) {
    self.source = source
    self.title = title
    self.content = content
    self.citations = citations
  }
}

/// A place up to which the prompt is worth keeping.
public struct CacheControl: Sendable, Hashable {
  /// How long, as the wire says it: `5m` or `1h`; `nil` for five minutes.
  public var timeToLive: String?
  /// Fields of the wire that nobody here knows.
  public var unknown: JSONObject = JSONObject()

  /// A place to be kept for the usual five minutes, unless told otherwise.
  public init(timeToLive: String? = nil) { self.timeToLive = timeToLive }
}
