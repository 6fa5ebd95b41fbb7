public import MosoConversation
public import MosoPrompting

/// A request whose prompt is made and that can be answered.
public struct PreparedAnswer: Sendable {
  /// A place in the prompt that is worth keeping.
  struct Breakpoint: Sendable, Hashable {
    /// How many tokens come before it.
    var tokens: Int
    /// Whether it is to be kept for an hour instead of five minutes.
    var isForAnHour: Bool
  }

  /// What was asked for.
  public let request: GenerationRequest
  /// What the model reads.
  public let prompt: Prompt
  /// The tokens of the prompt.
  public let tokens: [Int32]
  let breakpoints: [Breakpoint]
  /// How the answer is generated.
  public var options: GenerationOptions

  /// The prompt's side of the count, once it is known how much of it had been read before.
  ///
  /// Of what comes before a marked place, read is what was found, and created what is new. Everything else is input.
  ///
  /// - Parameter reused: How many of the prompt's tokens had been read before.
  func usage(reused: Int) -> Usage {
    func marked(_ places: [Breakpoint]) -> Int { places.map(\.tokens).max() ?? 0 }
    let all = marked(breakpoints), hour = marked(breakpoints.filter(\.isForAnHour))
    var usage = Usage()
    usage.reused = reused
    usage.cacheRead = min(reused, all)
    usage.cacheCreationHour = max(hour - reused, 0)
    usage.cacheCreationFiveMinutes = max(all - max(reused, hour), 0)
    usage.input = tokens.count - usage.cacheRead - usage.cacheCreationHour - usage.cacheCreationFiveMinutes
    return usage
  }
}
