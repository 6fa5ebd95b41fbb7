import MosoConversation
import MosoEngine
import MosoFormats
import MosoTokenizers

/// What `moso generate --json` prints.
struct GenerationReport {
  let json: JSONValue

  init(
    _ model: LanguageModel, prompt: [Int32], steps: [GeneratedToken], text: String, _ summary: GenerationSummary
  ) {
    func seconds(_ duration: Duration) -> JSONValue { .number(duration / .seconds(1)) }
    func scored(_ token: Int32, _ logProbability: Float?) -> JSONObject {
      [
        "id": .integer(Int(token)), "piece": .string(model.tokenizer.piece(of: token) ?? ""),
        "logprob": logProbability.map { .number(Double($0)) } ?? .null,
      ]
    }
    let tokens = steps.map { step -> JSONValue in
      var object = scored(step.sampled.token, step.sampled.logProbability)
      if !step.sampled.alternatives.isEmpty {
        object["top"] = .array(step.sampled.alternatives.map { .object(scored($0.token, $0.logProbability)) })
      }
      return .object(object)
    }
    json = [
      "model": .string(model.name), "text": .string(text), "stop_reason": .string(summary.stopReason.name),
      "prompt_tokens": .array(prompt.map { .integer(Int($0)) }), "tokens": .array(tokens),
      "timings": [
        "prompt_tokens": .integer(summary.promptTokens), "cached_tokens": .integer(summary.cachedTokens),
        "generated_tokens": .integer(summary.generatedTokens), "prefill_seconds": seconds(summary.prefillTime),
        "decode_seconds": seconds(summary.decodeTime), "tokens_per_second": .number(summary.tokensPerSecond),
      ],
    ]
  }
}

extension StopReason {
  /// The name in JSON output.
  var name: String {
    switch self {
    case .endOfTurn: "end_of_turn"
    case .maximumTokens: "max_tokens"
    case .stopString: "stop_string"
    case .contextFull: "context_full"
    case .toolUse: "tool_use"
    case .refusal: "refusal"
    case .cancelled: "cancelled"
    }
  }
}
