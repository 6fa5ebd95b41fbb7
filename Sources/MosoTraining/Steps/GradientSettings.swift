/// How the gradient of a step is computed. None of it but the lanes changes a bit of the result.
public struct GradientSettings: Sendable, Hashable {
  /// In how many equal parts a step's sequences are summed, a power of two. The parts' sums are then added in pairs, pairs of
  /// pairs and so on, which as many machines, or half or a quarter as many, can share and get the same bits.
  public var lanes = 4
  /// How many sequences go through the model at a time; a lane's are the most.
  public var microBatch: Int?
  /// Whether layers keep only their inputs for the way back and are run again there: less memory, more time.
  public var recomputes = false
  /// The factor of the z-loss, which keeps the logarithm of what softmax divides by near 0 (Chowdhery et al., 2022).
  public var penalty = 0.0

  /// The usual settings.
  public init() {}
}
