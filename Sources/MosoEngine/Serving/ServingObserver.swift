/// Is told how long things took, on the thread that does the arithmetic: it should only take note.
public protocol ServingObserver: Sendable {
  /// The first token of an answer was chosen, so long after the request came.
  func firstToken(after duration: Duration)
  /// Another token was chosen, so long after the one before.
  func nextToken(after duration: Duration)
  /// It took so long to find out which tokens a grammar allows next.
  func mask(took duration: Duration)
  /// An answer is over.
  func finished(_ summary: GenerationSummary)
}
