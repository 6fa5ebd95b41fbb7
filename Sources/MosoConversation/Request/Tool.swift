public import MosoFormats

/// A tool that the model may ask to be used.
public struct Tool: Sendable, Hashable {
  /// The tool's name.
  public var name: String
  /// What it does and when to use it.
  public var description: String?
  /// The JSON Schema of its arguments; `nil` for a tool whose type defines them.
  public var inputSchema: JSONValue?
  /// The wire's name of the type, as in `custom` or `bash_20250124`; `nil` when the client gave none.
  public var type: String?
  /// Whether arguments have to satisfy the schema exactly; here they always do.
  public var isStrict: Bool?
  /// Whether the model is told of the tool only once a search has found it.
  public var isDeferred: Bool?
  /// Whether the prompt up to the end of this tool is worth keeping.
  public var cacheControl: CacheControl?
  /// Fields of the wire that nobody here knows, in the order they came.
  public var unknown: JSONObject = JSONObject()

  /// A tool with the schema of its arguments.
  public init(name: String, description: String? = nil, inputSchema: JSONValue? = nil) {
    self.name = name
    self.description = description
    self.inputSchema = inputSchema
  }
}

/// Whether and which tools the model uses.
public struct ToolChoice: Sendable, Hashable {
  /// Which tools may or must be used.
  public enum Kind: Sendable, Hashable {
    /// The model decides.
    case automatic
    /// Some tool has to be used.
    case any
    /// The named tool has to be used.
    case tool(name: String)
    /// No tool may be used.
    case none
  }

  /// Which tools may or must be used.
  public var kind: Kind
  /// Whether one answer may use several tools; `nil` when the client did not say, which means yes.
  public var allowsParallelUse: Bool?
  /// Fields of the wire that nobody here knows.
  public var unknown: JSONObject = JSONObject()

  /// A choice that allows parallel use.
  public init(_ kind: Kind, allowsParallelUse: Bool? = nil) {
    self.kind = kind
    self.allowsParallelUse = allowsParallelUse
  }
}
