import ArgumentParser
import Logging
import Moso
import MosoConversation
import MosoEngine
import MosoServer
import MosoTensor

/// `moso serve`: answers requests of both APIs over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve models over the Messages API and OpenAI's.",
    discussion: """
      Examples:
        moso serve
        moso serve smollm2 --port 8000
      """)

  @OptionGroup var model: ModelOptions

  @Option(name: .long, help: "The port to listen on.")
  var port = 8_642

  func run() async throws {
    var configuration = APIServer.Configuration()
    configuration.port = port
    let pool = model.pool
    let shelf = ModelShelf(
      [ModelShelf.Entry(name: model.model, reference: model.model)], start: 0
    ) { entry in
      let loaded = try await LanguageModel.open(entry.reference, pool: pool)
      return ModelShelf.Loaded(model: try AnsweringModel(ServingEngine(loaded, pool: pool)), bytes: 0)
    }
    _ = try await shelf.model(named: model.model)
    let server = APIServer(
      configuration, shelf: shelf,
      hosts: HostPolicy(
        address: try BindAddress(configuration.host), allowedHosts: [], allowedOrigins: [], needsKey: false),
      logger: Logger(label: "moso"))
    try await server.run { port in StandardError.writeLine("listening on http://127.0.0.1:\(port)") }
  }
}
