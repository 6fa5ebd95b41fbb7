import ArgumentParser
import Logging
import Moso
import MosoEngine
import MosoFormats
import MosoServer
import MosoTensor
import MosoTerminal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `moso serve`: answers requests of both APIs over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve models over the Messages API and OpenAI's.",
    discussion: """
      Point a client at the address that is printed, or open it in a browser. Every option can also be set by a \
      variable of the environment (--max-body by MOSO_SERVE_MAX_BODY) or in a JSON file (--config). The first model is \
      loaded at once, others when they are first asked for. Told to stop (SIGTERM, Ctrl-C), the server takes no more \
      requests and ends those that are on their way.

      Examples:
        moso serve
        moso serve smollm2 coder=hf:owner/name:Q4_K_M --port 8000
        moso serve --host 0.0.0.0 --keys keys.json
        moso serve --config serve.json --print-config
      """)

  @OptionGroup var options: ServeOptions

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let loaded = try options.load(environment: environment)
    if options.printConfig {
      for warning in loaded.warnings { StandardError.writeLine("Warning: \(warning)") }
      StandardOutput.write(loaded.json.serialized(indentation: 2) + "\n")
      return
    }
    let settings = Self.completed(loaded.settings)
    let logger = Self.logger(settings)
    for warning in loaded.warnings { logger.warning("\(warning)") }
    let keys = try Self.keys(settings, environment: environment, logger)
    let metrics = ServerMetrics()
    metrics.collectFromLibraries()
    let shelf = try shelf(settings, metrics, environment: environment, logger)
    let server = try APIServer(settings, shelf: shelf, keys: keys, metrics: metrics, logger: logger)
    _ = try await shelf.model(named: nil)
    try await server.run { port in
      let address = port.map { "http://\(settings.host):\($0)" } ?? "\(settings.host)"
      StandardError.writeLine(
        "Serving \(settings.models.map(\.name).joined(separator: ", ")) at \(address) (Ctrl-C stops).")
    }
  }

  /// The settings with the usual model, where none is named.
  private static func completed(_ settings: ServerSettings) -> ServerSettings {
    var settings = settings
    if settings.models.isEmpty, let usual = NamedModel("smollm2") { settings.models = [usual] }
    return settings
  }

  private static func logger(_ settings: ServerSettings) -> Logger {
    var style = LineLogHandler.Style()
    style.format = settings.logFormat
    style.isColoured = settings.logFormat == .text && TerminalCapabilities.standardError.allowsColour
    style.showsConversations = settings.logMessages
    let level = settings.logLevel
    return Logger(label: "moso") { _ in LineLogHandler(logLevel: level, style: style) }
  }

  /// The keys that requests have to bring one of: those of the file that is named, or of the usual one where it exists.
  private static func keys(
    _ settings: ServerSettings, environment: [String: String], _ logger: Logger
  ) throws -> KeyTable? {
    if settings.noKeys { return nil }
    let usual = KeyFile.defaultPath(environment: environment)
    guard let path = settings.keys ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil) else { return nil }
    return try KeyTable(
      file: KeyFile(path: path),
      onReload: { result in
        switch result {
        case .success(let content):
          logger.notice("keys read anew", metadata: ["keys": "\(content.list.entries.count)"])
          for warning in content.warnings { logger.warning("\(warning)") }
        case .failure(let error): logger.error("the keys from before stay in force: \(error)")
        }
      })
  }

  /// The models, each with an engine of its own; they share the threads.
  private func shelf(
    _ settings: ServerSettings, _ metrics: ServerMetrics, environment: [String: String], _ logger: Logger
  ) throws -> ModelShelf {
    let pool = ThreadPool(threads: settings.threads ?? ThreadPool.usableThreads)
    let signing = SigningKey(environment: environment)
    if let problem = signing.problem { logger.warning("\(problem)") }
    let signature = signing.signature
    return ModelShelf(
      settings.models.map { ModelShelf.Entry(name: $0.name, reference: $0.reference) },
      fallback: settings.defaultModel, memory: settings.modelMemory ?? .max
    ) { entry in
      let display = PullDisplay()
      defer { display.clear() }
      let summary = try ModelSummary(try await LanguageModel.locate(entry.reference) { display.show($0) })
      return summary.weightBytes
        + ServingEngine.cacheBytes(for: summary.architecture, options: settings.servingOptions)
    } load: { entry in
      logger.notice("loading a model", metadata: ["model": "\(entry.name)"])
      let display = PullDisplay()
      defer { display.clear() }
      let begin = ContinuousClock.now
      let model = try await LanguageModel.open(entry.reference, pool: pool) { display.show($0) }
      for warning in model.warnings { logger.warning("\(warning)", metadata: ["model": "\(entry.name)"]) }
      let engine = try ServingEngine(
        model, options: settings.servingOptions, pool: pool, observer: ModelRecorder(metrics.model(entry.name)))
      let answering = try AnsweringModel(engine, signature: signature)
      let duration = ContinuousClock.now - begin
      logger.notice(
        "model loaded",
        metadata: [
          "model": "\(entry.name)", "context": "\(engine.contextLength)",
          "milliseconds": "\(Int(duration / .milliseconds(1)))",
        ])
      return ModelShelf.Loaded(model: answering, bytes: model.weightBytes + engine.cacheBytes)
    }
  }
}
