import ArgumentParser
import MosoConversation

/// How tokens are chosen; what is left out is as the model's makers recommend.
struct SamplingOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "What the scores are divided by; 0 always takes the best token.")
  var temperature: Float?

  @Option(name: .long, help: "Keep this many of the best tokens; 0 keeps all.")
  var topK: Int?

  @Option(name: .long, help: "Keep the best tokens that hold this probability together.")
  var topP: Float?

  @Option(name: .long, help: "Drop tokens less probable than this share of the best.")
  var minP: Float?

  @Option(name: .long, help: "Keep the locally typical tokens that hold this probability together.")
  var typicalP: Float?

  @Option(name: .long, help: "Divide the scores of recent tokens by this.")
  var repetitionPenalty: Float?

  @Option(name: .long, help: "Subtract this from the scores of tokens already generated.")
  var presencePenalty: Float?

  @Option(name: .long, help: "Subtract this for each time a token was generated.")
  var frequencyPenalty: Float?

  @Option(
    name: .long, help: ArgumentHelp("Add to one token's score, as in 198=-100; may be repeated.", valueName: "id=x"))
  var logitBias: [String] = []

  @Option(name: .long, help: "Make the choice repeatable.")
  var seed: UInt64?

  /// The model's recommendation with what was asked for in its place.
  func parameters(over recommended: SamplingParameters) throws -> SamplingParameters {
    var parameters = recommended
    parameters.temperature = temperature ?? recommended.temperature
    parameters.topK = topK ?? recommended.topK
    parameters.topP = topP ?? recommended.topP
    parameters.minP = minP ?? recommended.minP
    parameters.typicalP = typicalP ?? recommended.typicalP
    parameters.repetitionPenalty = repetitionPenalty ?? recommended.repetitionPenalty
    parameters.presencePenalty = presencePenalty ?? recommended.presencePenalty
    parameters.frequencyPenalty = frequencyPenalty ?? recommended.frequencyPenalty
    parameters.seed = seed
    for entry in logitBias {
      let parts = entry.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let token = Int32(parts[0]), let bias = Float(parts[1]) else {
        throw ValidationError("--logit-bias is \(entry), but has to be a token id, = and a number, as in 198=-100.")
      }
      parameters.logitBias[token] = bias
    }
    try parameters.validate()
    return parameters
  }
}
