import ArgumentParser
import MosoConversation

/// How tokens are chosen; what is left out is as the model's makers recommend.
struct SamplingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: "What the scores are divided by; 0 always takes the best token.")
  var temperature: Float?

  @Option(name: .long, parsing: .unconditional, help: "Keep this many of the best tokens; 0 keeps all.")
  var topK: Int?

  @Option(name: .long, parsing: .unconditional, help: "Keep the best tokens that hold this probability together.")
  var topP: Float?

  @Option(name: .long, parsing: .unconditional, help: "Drop tokens less probable than this share of the best.")
  var minP: Float?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Keep the locally typical tokens that hold this probability together.")
  var typicalP: Float?

  @Option(name: .long, parsing: .unconditional, help: "Divide the scores of recent tokens by this.")
  var repetitionPenalty: Float?

  @Option(
    name: .long, parsing: .unconditional,
    help: "How many of the latest tokens the repetition penalty looks at; 0 for all.")
  var repetitionWindow: Int?

  @Option(name: .long, parsing: .unconditional, help: "Subtract this from the scores of tokens already generated.")
  var presencePenalty: Float?

  @Option(name: .long, parsing: .unconditional, help: "Subtract this for each time a token was generated.")
  var frequencyPenalty: Float?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Add to one token's score, as in 198=-100; may be repeated.", valueName: "id=x"))
  var logitBias: [TokenBias] = []

  @Option(name: .long, parsing: .unconditional, help: "Make the choice repeatable.")
  var seed: UInt64?

  /// The ranges are known before a model is, and a wrong value should not cost the time to load one.
  func validate() throws {
    do {
      try parameters(over: SamplingParameters()).validate()
    } catch {
      let option = error.parameter.replacing("_", with: "-")
      throw ValidationError("--\(option) is \(error.found), but has to be \(error.expected).")
    }
  }

  /// The model's recommendation with what was asked for in its place.
  func parameters(over recommended: SamplingParameters) -> SamplingParameters {
    var parameters = recommended
    parameters.temperature = temperature ?? recommended.temperature
    parameters.topK = topK ?? recommended.topK
    parameters.topP = topP ?? recommended.topP
    parameters.minP = minP ?? recommended.minP
    parameters.typicalP = typicalP ?? recommended.typicalP
    parameters.repetitionPenalty = repetitionPenalty ?? recommended.repetitionPenalty
    parameters.repetitionWindow = repetitionWindow ?? recommended.repetitionWindow
    parameters.presencePenalty = presencePenalty ?? recommended.presencePenalty
    parameters.frequencyPenalty = frequencyPenalty ?? recommended.frequencyPenalty
    parameters.seed = seed
    for entry in logitBias { parameters.logitBias[entry.token] = entry.bias }
    return parameters
  }
}

/// What is added to one token's score, written as `198=-100`.
struct TokenBias: ExpressibleByArgument, Hashable {
  var token: Int32
  var bias: Float

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let token = Int32(parts[0]), let bias = Float(parts[1]) else { return nil }
    self.token = token
    self.bias = bias
  }
}
