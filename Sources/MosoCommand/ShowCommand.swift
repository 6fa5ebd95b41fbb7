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

  @Option(name: .long, help: "The context length to compute the memory for.")
  var context: Int?

  @Flag(name: .long, help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let summary = try ModelSummary(try await LanguageModel.locate(model), contextLength: context)
    if template {
      guard let text = summary.chatTemplate else {
        throw ValidationError("\(model) has no chat template.")
      }
      // A template belongs to a file somebody else made; a terminal shows it without its control characters.
      let shown = TerminalCapabilities.standardOutput.isTerminal ? HarmlessText.lines(text) : text
      return StandardOutput.write(shown + "\n")
    }
    if json {
      return StandardOutput.write(summary.json.serialized(indentation: 2) + "\n")
    }
    var facts = Table([.init("", style: .dim), .init("", isFlexible: true)])
    for (name, value) in summary.facts { facts.add([name, value]) }
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
