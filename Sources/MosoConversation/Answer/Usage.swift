/// What a request took, in tokens.
///
/// The tokens of the prompt are `input + cacheCreation + cacheRead`.
public struct Usage: Sendable, Hashable {
  /// Tokens of the prompt that were neither read from the cache nor kept in it on request.
  public var input: Int
  /// Tokens of the prompt that were newly kept, up to a place that the request marked, for five minutes.
  public var cacheCreationFiveMinutes = 0
  /// Tokens of the prompt that were newly kept, up to a place that the request marked, for an hour.
  public var cacheCreationHour = 0
  /// Tokens of the prompt that had been read before, up to a place that the request marked.
  public var cacheRead: Int
  /// Tokens of the prompt that had been read before, whether the request marked a place or not.
  public var reused: Int
  /// Tokens generated, thoughts and calls of tools included.
  public var output: Int
  /// How many of the generated tokens were thoughts.
  public var thinking: Int

  /// Nothing used so far, unless told otherwise.
  public init(input: Int = 0, cacheRead: Int = 0, reused: Int = 0, output: Int = 0, thinking: Int = 0) {
    self.input = input
    self.cacheRead = cacheRead
    self.reused = reused
    self.output = output
    self.thinking = thinking
  }

  /// All tokens of the prompt.
  public var prompt: Int { input + cacheCreationFiveMinutes + cacheCreationHour + cacheRead }
}

extension Usage {
  /// What two requests took together.
  public static func + (one: Usage, other: Usage) -> Usage {
    var sum = one
    sum.input += other.input
    sum.cacheCreationFiveMinutes += other.cacheCreationFiveMinutes
    sum.cacheCreationHour += other.cacheCreationHour
    sum.cacheRead += other.cacheRead
    sum.reused += other.reused
    sum.output += other.output
    sum.thinking += other.thinking
    return sum
  }
}
