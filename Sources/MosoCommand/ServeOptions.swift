import ArgumentParser
import MosoServer

/// The settings of a server as the command line says them; what is left out comes from the environment or a file.
struct ServeOptions: ParsableArguments {
  @Argument(help: help("models"))
  var models: [String] = []

  @Option(name: .long, help: "A JSON file with settings by their names here, without the dashes.")
  var config: String?

  @Flag(name: .long, help: "Print the settings and where each came from as JSON, and do not serve.")
  var printConfig = false

  // Where, and for whom.
  @Option(name: .long, help: help("host")) var host: String?
  @Option(name: .long, parsing: .unconditional, help: help("port")) var port: Int?
  @Option(name: .long, help: help("default-model")) var defaultModel: String?
  @Option(name: .long, help: help("keys")) var keys: String?
  @Flag(name: .long, help: help("no-keys")) var noKeys = false
  @Option(name: .customLong("allowed-host"), help: help("allowed-hosts")) var allowedHosts: [String] = []
  @Option(name: .customLong("allowed-origin"), help: help("allowed-origins")) var allowedOrigins: [String] = []

  // Memory and processors.
  @Option(name: .long, parsing: .unconditional, help: help("context")) var context: Int?
  @Option(name: .long, help: help("cache")) var cache: String?
  @Option(name: .long, help: help("kv-memory")) var kvMemory: String?
  @Option(name: .long, help: help("model-memory")) var modelMemory: String?
  @Option(name: .long, parsing: .unconditional, help: help("threads")) var threads: Int?

  // How requests are served.
  @Option(name: .long, parsing: .unconditional, help: help("running")) var running: Int?
  @Option(name: .long, parsing: .unconditional, help: help("waiting")) var waiting: Int?
  @Option(name: .long, parsing: .unconditional, help: help("prompt-tokens")) var promptTokens: Int?
  @Option(name: .long, parsing: .unconditional, help: help("prompt-tokens-beside-answers"))
  var promptTokensBesideAnswers: Int?
  @Option(name: .long, parsing: .unconditional, help: help("default-max-tokens")) var defaultMaxTokens: Int?
  @Option(name: .long, help: help("thinking")) var thinking: String?

  // What is too much.
  @Option(name: .long, help: help("max-body")) var maxBody: String?
  @Option(name: .long, help: help("max-header-bytes")) var maxHeaderBytes: String?
  @Option(name: .long, parsing: .unconditional, help: help("max-headers")) var maxHeaders: Int?
  @Option(name: .long, parsing: .unconditional, help: help("max-connections")) var maxConnections: Int?
  @Option(name: .long, parsing: .unconditional, help: help("request-timeout")) var requestTimeout: Double?
  @Option(name: .long, parsing: .unconditional, help: help("idle-timeout")) var idleTimeout: Double?
  @Option(name: .long, parsing: .unconditional, help: help("drain")) var drain: Double?

  // What is told.
  @Option(name: .long, help: help("log-level")) var logLevel: String?
  @Option(name: .long, help: help("log-format")) var logFormat: String?
  @Flag(name: .long, help: help("log-messages")) var logMessages = false
  @Flag(name: .long, inversion: .prefixedNo, help: help("page")) var page: Bool?
  @Flag(name: .long, inversion: .prefixedNo, help: help("metrics")) var metrics: Bool?

  /// The settings that these options, the environment and a file come to.
  ///
  /// - Throws: `ValidationError` when only the command line is to blame, otherwise `SettingsError`.
  func load(environment: [String: String]) throws -> LoadedSettings {
    do throws(SettingsError) {
      return try ServerSettings.load(flags: flags, configuration: config, environment: environment)
    } catch {
      if error.isAboutFlags { throw ValidationError("\(error).") }
      throw error
    }
  }

  /// What was said, by the names of the settings.
  private var flags: [String: SettingValue] {
    let texts = [
      "host": host, "default-model": defaultModel, "keys": keys, "cache": cache, "kv-memory": kvMemory,
      "model-memory": modelMemory, "thinking": thinking, "max-body": maxBody, "max-header-bytes": maxHeaderBytes,
      "log-level": logLevel, "log-format": logFormat,
    ]
    let integers = [
      "port": port, "context": context, "threads": threads, "running": running, "waiting": waiting,
      "prompt-tokens": promptTokens, "prompt-tokens-beside-answers": promptTokensBesideAnswers,
      "default-max-tokens": defaultMaxTokens, "max-headers": maxHeaders, "max-connections": maxConnections,
    ]
    let numbers = ["request-timeout": requestTimeout, "idle-timeout": idleTimeout, "drain": drain]
    let switches = [
      "no-keys": noKeys ? true : nil, "log-messages": logMessages ? true : nil, "page": page, "metrics": metrics,
    ]
    let lists = ["models": models, "allowed-hosts": allowedHosts, "allowed-origins": allowedOrigins]
    var flags: [String: SettingValue] = [:]
    for (name, value) in texts { flags[name] = value.map { .text($0) } }
    for (name, value) in integers { flags[name] = value.map { .integer($0) } }
    for (name, value) in numbers { flags[name] = value.map { .number($0) } }
    for (name, value) in switches { flags[name] = value.map { .flag($0) } }
    for (name, values) in lists where !values.isEmpty { flags[name] = .list(values) }
    return flags
  }

  /// The help of a setting, as the table of the server has it.
  private static func help(_ name: String) -> ArgumentHelp {
    ArgumentHelp(stringLiteral: ServerSetting.named(name).help)
  }
}
