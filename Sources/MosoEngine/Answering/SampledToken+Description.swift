public import MosoConversation
public import MosoTokenizers

extension SampledToken {
  /// The token with its bytes, as the APIs report it; `nil` unless log-probabilities were asked for.
  public func described(by tokenizer: Tokenizer) -> TokenLogProbability? {
    guard let logProbability else { return nil }
    func alternative(_ token: Int32, _ value: Float) -> TokenLogProbability.Alternative {
      TokenLogProbability.Alternative(token: token, bytes: tokenizer.bytes(of: token), logProbability: value)
    }
    return TokenLogProbability(
      chosen: alternative(token, logProbability), best: alternatives.map { alternative($0.token, $0.logProbability) })
  }
}
