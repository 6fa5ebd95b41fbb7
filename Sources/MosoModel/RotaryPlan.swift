/// Rotary position embedding (Su et al., 2021) with its frequencies already scaled.
///
/// Every published scaling (linear, Llama 3, YaRN, LongRoPE) ends in one frequency per pair and one factor on the
/// rotated values, so that is what the forward pass sees.
public struct RotaryPlan: Sendable, Hashable {
  /// Which two elements of a head turn together.
  public enum Pairing: Sendable, Hashable {
    /// Elements `2i` and `2i + 1`: the order of GGUF files of the llama family.
    case adjacent
    /// Elements `i` and `i + dimensions / 2`: everything else.
    case halves
  }

  /// Which elements of a head turn together.
  public var pairing: Pairing
  /// How many leading elements of each head are rotated; even, at most the head's size.
  public var dimensions: Int
  /// Radians per position for each of the `dimensions / 2` pairs.
  public var frequencies: [Float]
  /// What cosine and sine are multiplied by (YaRN, LongRoPE); 1 for most.
  public var amplitude: Float
  /// The frequencies for sequences longer than `originalContextLength` (LongRoPE), if they differ.
  public var longFrequencies: [Float]?
  /// The context length the model was first trained for, where LongRoPE switches.
  public var originalContextLength: Int?

  /// A rotation by one frequency for each pair, alike for short and long sequences unless told otherwise.
  ///
  /// - Precondition: There are `dimensions / 2` frequencies.
  public init(
    pairing: Pairing, dimensions: Int, frequencies: [Float], amplitude: Float = 1, longFrequencies: [Float]? = nil,
    originalContextLength: Int? = nil
  ) {
    precondition(frequencies.count == dimensions / 2, "one frequency for each of \(dimensions / 2) pairs")
    self.pairing = pairing
    self.dimensions = dimensions
    self.frequencies = frequencies
    self.amplitude = amplitude
    self.longFrequencies = longFrequencies
    self.originalContextLength = originalContextLength
  }
}

extension RotaryPlan {
  /// The frequencies that hold for a session whose sequences may grow to `contextLength` tokens.
  ///
  /// LongRoPE's two tables cannot be mixed within one cache, so the choice is made once per session.
  public func frequencies(forContextLength contextLength: Int) -> [Float] {
    guard let longFrequencies, let originalContextLength, contextLength > originalContextLength else {
      return frequencies
    }
    return longFrequencies
  }
}
