import ArgumentParser
import Moso
import MosoEngine
import MosoFormats
import MosoHub
import MosoTerminal

/// `moso show`: what a model is.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a model's architecture, metadata, tensors, template and the memory it needs.",
    discussion: """
      Nothing is loaded: only the head of the file is read.

      Examples:
        moso show smollm2
        moso show smollm2 --tensors
        moso show smollm2 --context 4096 --cache q8_0
        moso show model.gguf --template
        moso show smollm2 --json
      """)

  @Argument(help: "smollm2, hf:owner/name[:file or quantisation], or the path of a GGUF file or a model folder.")
  var model = "smollm2"

  @Flag(name: .long, help: "List every tensor.")
  var tensors = false

  @Flag(name: .long, help: "List the file's metadata.")
  var metadata = false

  @Flag(name: .long, help: "Print the chat template and nothing else.")
  var template = false

  @OptionGroup var context: ContextOptions

  @Option(
    name: .long,
    help: "How keys and values are kept in the memory that is computed; by default as other commands keep them.")
  var cache: CacheType = .native

  @Flag(name: .long, help: "Print one JSON object, with the whole metadata.")
  var json = false

  func validate() throws {
    if template && (json || tensors || metadata) {
      throw ValidationError("--template prints the template and nothing else: leave out the other.")
    }
  }

  func run() async throws {
    let display = PullDisplay()
    let local = try await LanguageModel.locate(model) { display.show($0) }
    display.clear()
    let summary = try ModelSummary(local, contextLength: context.context)
    if template {
      guard let text = summary.chatTemplate else { throw CommandFailure("\(model) has no chat template") }
      return StandardOutput.writeHarmlessly(text + "\n")
    }
    context.remark(summary.architecture.contextLength)
    if json {
      let report = summary.json(metadata: try local.metadata(), cache: cache)
      return StandardOutput.write(report.serialized(indentation: 2) + "\n")
    }
    var facts = Table([.init("", style: .dim), .init("", isFlexible: true)])
    for (name, value) in summary.facts(cache: cache) { facts.add([name, value]) }
    StandardOutput.write(facts.rendered(for: .standardOutput))
    if metadata {
      var table = Table([.init("KEY"), .init("VALUE", isFlexible: true)])
      for (key, value) in summary.metadata { table.add([key, value]) }
      StandardOutput.write("\n" + table.rendered(for: .standardOutput))
    }
    if tensors {
      var table = Table([.init("TENSOR"), .init("TYPE"), .init("SHAPE"), .init("BYTES", .trailing)])
      for tensor in summary.tensors {
        let shape = tensor.shape.map { "\($0)" }.joined(separator: " × ")
        table.add([tensor.name, "\(tensor.elementType)", shape, "\(tensor.byteRange.count)"])
      }
      StandardOutput.write("\n" + table.rendered(for: .standardOutput))
    }
  }
}
