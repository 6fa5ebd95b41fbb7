public import MosoTensor

/// How an engine that serves many requests at once shares out memory and time.
public struct ServingOptions: Sendable {
  /// The longest sequence in tokens; `nil` for what the model was made for.
  public var contextLength: Int?
  /// How keys and values are kept: F32, F16, BF16 or Q8_0.
  public var cacheType: ElementType = .nativeCache
  /// How many bytes of keys and values are kept at most; `nil` for four full contexts or two gigabytes, whichever is less.
  /// One full context is kept in any case.
  public var cacheBytes: Int?
  /// How many requests are answered at a time.
  public var running = 16
  /// How many more may wait for their turn; the next is refused.
  public var waiting = 256
  /// The most tokens of prompts that are read in one step while no answer is on its way.
  public var promptTokens = 512
  /// The same while answers are on their way: more reads prompts sooner, less makes the gaps between tokens smaller.
  public var promptTokensBesideAnswers = 128

  /// Sixteen requests at a time, in the whole context that the model was made for.
  public init() {}
}
