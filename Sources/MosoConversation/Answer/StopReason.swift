/// Why an answer ended.
public enum StopReason: Sendable, Hashable {
  /// The model said it was done.
  case endOfTurn
  /// The number of tokens asked for was reached.
  case maximumTokens
  /// One of the request's stop strings came up; the text ends before it.
  case stopString(String)
  /// The context has no room for another token.
  case contextFull
  /// The model called a tool.
  case toolUse
  /// The model or the server declined to answer.
  case refusal
  /// Whoever asked no longer wants the answer.
  case cancelled
}
