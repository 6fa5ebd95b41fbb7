import Logging

extension ServerSetting {
  /// Every setting of a server, in the order in which people look for them.
  public static let all: [ServerSetting] = [
    .text(
      "host", \.host, form: "an address, a name, or unix:PATH", "Where to listen: an address, a name, or unix:PATH",
      parse: { try? BindAddress($0) }),
    .integer("port", \.port, .integer(0...65_535), "The TCP port; 0 takes any that is free"),

    .list(
      "models", flag: "the models on the command line", \.models, form: "model references or name=reference",
      "The models to serve, as references or as name=reference", parse: { NamedModel($0) }),
    .text(
      "default-model", \.defaultModel, form: "the name of a model",
      "The model that answers requests which name none that is served"),

    .text("keys", \.keys, form: "the path of a file", "The file of API keys, as `moso keys` keeps it"),
    .flag("no-keys", \.noKeys, "Answer without a key, although there is a file of keys"),
    .list(
      "allowed-hosts", flag: "--allowed-host", \.allowedHosts, form: "host names or addresses",
      "A name this server has, beside its address and localhost; may be repeated", parse: { HostName(unbracketed: $0) }),
    .list(
      "allowed-origins", flag: "--allowed-origin", \.allowedOrigins, form: "origins such as https://app.example",
      "A web page of another server that may use this one, as scheme://host; may be repeated",
      parse: { WebOrigin($0) }),

    .integer(
      "context", \.context, .integer(2...16_777_216),
      "The longest sequence in tokens; by default what each model was made for"),
    .choice("cache", \.cache, "How keys and values are kept; by default as this processor is fastest with"),
    .integer(
      "kv-memory", \.keyValueMemory, .bytes(1_000_000...1_000_000_000_000_000),
      "How much memory the keys and values of each model may take"),
    .integer(
      "model-memory", \.modelMemory, .bytes(1_000_000...1_000_000_000_000_000),
      "How much memory all models together may take"),
    .integer(
      "threads", \.threads, .integer(1...1_024),
      "How many threads work; by default as many as this process can keep busy"),

    .integer("running", \.running, .integer(1...1_024), "How many requests each model answers at a time"),
    .integer(
      "waiting", \.waiting, .integer(0...100_000), "How many more may wait for their turn; the next is refused"),
    .integer(
      "prompt-tokens", \.promptTokens, .integer(1...65_536),
      "The most tokens of prompts read in one step while no answer is on its way"),
    .integer(
      "prompt-tokens-beside-answers", \.promptTokensBesideAnswers, .integer(1...65_536),
      "The same while answers are on their way: more reads prompts sooner, less makes answers steadier"),
    .integer(
      "default-max-tokens", \.defaultMaxTokens, .integer(1...16_777_216),
      "The longest answer to a request that names no limit; by default what the context has room for"),
    .choice("thinking", \.thinking, "Whether models think before they answer when a request says nothing about it"),

    .integer("max-body", \.maxBody, .bytes(1_024...1 << 30), "The largest body of a request"),
    .integer("max-header-bytes", \.maxHeaderBytes, .bytes(1_024...1 << 20), "The largest head of a request"),
    .integer("max-headers", \.maxHeaders, .integer(8...1_000), "The most headers of a request"),
    .integer("max-connections", \.maxConnections, .integer(1...65_536), "The most connections at a time"),
    .seconds(
      "request-timeout", \.requestTimeout, 0...86_400, "After how many seconds a request is ended; 0 for never"),
    .seconds(
      "idle-timeout", \.idleTimeout, 0...86_400,
      "After how many seconds a connection that does nothing is closed; 0 for never"),
    .seconds("drain", \.drain, 0...3_600, "How many seconds to wait for answers on their way when told to stop"),

    .choice("log-level", \.logLevel, "The least severe records that are logged"),
    .choice("log-format", \.logFormat, "How records look: lines for people, or JSON"),
    .flag("log-messages", \.logMessages, "Let what people write and models answer be logged"),

    .flag("page", \.page, "Serve the web page"),
    .flag("metrics", \.metrics, "Serve /metrics for Prometheus"),
  ]

  /// The setting of this name.
  ///
  /// - Precondition: There is one.
  public static func named(_ name: String) -> ServerSetting {
    guard let setting = all.first(where: { $0.name == name }) else { preconditionFailure("\(name) is no setting") }
    return setting
  }
}
