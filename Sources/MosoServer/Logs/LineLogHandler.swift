public import Logging
import MosoFormats

/// Writes each record of a log as one line: for people, or as a JSON object.
///
/// ```
/// 2026-11-27T08:16:06.250Z info     listening  address=127.0.0.1 port=8642
/// {"time":"2026-11-27T08:16:06.250Z","level":"info","message":"listening","metadata":{"address":"127.0.0.1"}}
/// ```
public struct LineLogHandler: LogHandler {
  /// How records look, and what may be in them.
  public struct Style: Sendable, Hashable {
    /// Lines for people, or JSON.
    public var format = LogFormat.text
    /// Whether lines for people have colours, as a terminal shows them.
    public var isColoured = false
    /// Whether what people write and models answer is written.
    public var showsConversations = false

    /// Lines for people, without colours and conversations.
    public init() {}
  }

  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?
  public var logLevel: Logger.Level
  private let style: Style
  private let sink: LogSink
  private let now: @Sendable () -> InternetTime

  /// A handler for records of at least `logLevel`.
  public init(
    logLevel: Logger.Level, style: Style, sink: LogSink = .standardError,
    now: @escaping @Sendable () -> InternetTime = { .now }
  ) {
    self.logLevel = logLevel
    self.style = style
    self.sink = sink
    self.now = now
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var all = metadata
    if let provider = metadataProvider { all.merge(provider.get()) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error"] = .string("\(error)") }
    let time = now().text(withMilliseconds: true)
    let line =
      switch style.format {
      case .text: text(time, event, all)
      case .json: json(time, event, all)
      }
    sink.append(Array((line + "\n").utf8))
  }

  private func text(_ time: String, _ event: LogEvent, _ metadata: Logger.Metadata) -> String {
    let level = event.level.rawValue
    // As wide as the longest level, `critical`.
    let padding = String(repeating: " ", count: max(0, 8 - level.utf8.count))
    var line = "\(coloured(time, "2")) \(coloured(level, Self.colour(event.level)))\(padding) "
    line += LogText.escaped(event.message.description)
    if !metadata.isEmpty { line += " " }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      line += " " + coloured(LogText.value(key) + "=", "2") + LogText.value(plain(value))
    }
    return line
  }

  private func json(_ time: String, _ event: LogEvent, _ metadata: Logger.Metadata) -> String {
    var object: JSONObject = [
      "time": .string(time), "level": .string(event.level.rawValue),
      "message": .string(LogText.cut(event.message.description)),
    ]
    if !metadata.isEmpty { object["metadata"] = json(.dictionary(metadata), depth: 0) }
    return LogText.escapedJSON(JSONValue.object(object).serialized())
  }
}

// MARK: Metadata

extension LineLogHandler {
  /// More levels than anybody reads.
  private static let maximumDepth = 8

  /// A value in one line: texts as they are, everything else as JSON.
  private func plain(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string, .stringConvertible: string(value)
    case .array, .dictionary: json(value, depth: 0).serialized()
    }
  }

  private func json(_ value: Logger.MetadataValue, depth: Int) -> JSONValue {
    if depth > Self.maximumDepth { return "…" }
    switch value {
    case .stringConvertible(let number as Int): return .integer(number)
    case .stringConvertible(let number as Double): return .number(number)
    case .stringConvertible(let flag as Bool): return .bool(flag)
    case .string, .stringConvertible: return .string(LogText.cut(string(value)))
    case .array(let values): return .array(values.map { json($0, depth: depth + 1) })
    case .dictionary(let values):
      var object = JSONObject()
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = json(value, depth: depth + 1) }
      return .object(object)
    }
  }

  private func string(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .stringConvertible(let value):
      if let conversation = value as? ConversationText, style.showsConversations { return conversation.text }
      return value.description
    case .string(let text): return text
    case .array, .dictionary: return ""
    }
  }
}

// MARK: Colours

extension LineLogHandler {
  private func coloured(_ text: String, _ code: String) -> String {
    style.isColoured && !code.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private static func colour(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "2"
    case .info, .notice: "32"
    case .warning: "33"
    case .error: "31"
    case .critical: "1;31"
    }
  }
}
