public import Logging

/// Everything about a server that can be chosen; the values here are those of a server that was told nothing.
///
/// `ServerSetting.all` says what each is called, means and may be, in this order.
public struct ServerSettings: Sendable, Hashable {
  /// Where the server listens.
  public var host = BindAddress.host(.loopback4, zone: nil)
  /// The TCP port; 0 for any that is free.
  public var port = 8_642

  /// The models, under the names that requests use.
  public var models: [NamedModel] = []
  /// The name of the model that answers requests which name none of `models`; `nil` when those are refused.
  public var defaultModel: String?

  /// The file of API keys; `nil` for the usual place.
  public var keys: String?
  /// Whether requests are answered without a key, although there is a file of keys.
  public var noKeys = false
  /// Names the server has beside its addresses and `localhost`.
  public var allowedHosts: [HostName] = []
  /// Web pages of other servers that may use this one.
  public var allowedOrigins: [WebOrigin] = []

  /// The longest sequence in tokens; `nil` for what each model was made for.
  public var context: Int?
  /// How keys and values are kept; `nil` for what this processor is fastest with.
  public var cache: CacheElement?
  /// How many bytes of keys and values each model keeps at most; `nil` for what fits four full contexts.
  public var keyValueMemory: Int?
  /// How many bytes all models may take together; `nil` for no limit.
  public var modelMemory: Int?
  /// How many threads work; `nil` for as many as the process can keep busy.
  public var threads: Int?

  /// How many requests each model answers at a time.
  public var running = 16
  /// How many more may wait for their turn.
  public var waiting = 256
  /// The most tokens of prompts read in one step while no answer is on its way.
  public var promptTokens = 512
  /// The same while answers are on their way.
  public var promptTokensBesideAnswers = 128
  /// The longest answer to a request that names no limit, in tokens; `nil` for what the context has room for.
  public var defaultMaxTokens: Int?
  /// Whether models think before they answer when a request says nothing about it.
  public var thinking = ThinkingDefault.auto

  /// The largest body of a request, in bytes.
  public var maxBody = 32 << 20
  /// The largest head of a request, in bytes.
  public var maxHeaderBytes = 16_384
  /// The most headers of a request.
  public var maxHeaders = 100
  /// The most connections at a time.
  public var maxConnections = 1_024
  /// After how many seconds a request is ended; 0 for never.
  public var requestTimeout = 600.0
  /// After how many seconds a connection that does nothing is closed; 0 for never.
  public var idleTimeout = 75.0
  /// How many seconds a server that is told to stop waits for answers on their way.
  public var drain = 30.0

  /// The least severe records that are logged.
  public var logLevel = Logger.Level.info
  /// How records look.
  public var logFormat = LogFormat.text
  /// Whether what people write and models answer may be logged.
  public var logMessages = false

  /// Whether the web page is served.
  public var page = true
  /// Whether `/metrics` is served.
  public var metrics = true

  /// A server at 127.0.0.1:8642.
  public init() {}
}

/// How keys and values are kept.
public enum CacheElement: String, Sendable, Hashable, CaseIterable {
  case f32, f16, bf16, q8_0
}

/// Whether a model thinks before it answers when the request says nothing about it.
public enum ThinkingDefault: String, Sendable, Hashable, CaseIterable {
  /// Where the request asks for it.
  case auto
  /// It thinks, if it can.
  case on
  /// It does not think, if it can help it.
  case off
}

/// A model, and what requests call it.
public struct NamedModel: Sendable, Hashable {
  /// What requests call it.
  public let name: String
  /// Where it comes from: a known name, `hf:owner/name`, or a path.
  public let reference: String

  /// Reads `name=reference`, or a reference alone, which then is the name too.
  public init?(_ text: String) {
    if let equals = text.firstIndex(of: "=") {
      name = String(text[..<equals])
      reference = String(text[text.index(after: equals)...])
    } else {
      name = text
      reference = text
    }
    guard Self.isText(name), Self.isText(reference) else { return nil }
  }

  private static func isText(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 1_024 && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }
}

extension NamedModel: CustomStringConvertible {
  public var description: String { name == reference ? name : "\(name)=\(reference)" }
}
