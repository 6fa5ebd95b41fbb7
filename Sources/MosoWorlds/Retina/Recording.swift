/// What a patch of retina sends in some time, and how surprising it is to someone who knows the cells and the scenes.
public struct Recording: Sendable, Hashable {
  /// For each time bin one token of each group, in the groups' order.
  ///
  /// Bit `i` of a token, counted from the lowest, is one when cell `i` of the group spikes. Cells with even numbers are
  /// ON cells.
  public var tokens: [UInt16]
  /// For each token the negative logarithm of its probability after those before it, in nats: the least that any model
  /// can lose on it, on average over recordings.
  public var surprisals: [Double]

  /// The negative logarithm of the probability of the whole, in nats.
  public var surprisal: Double { surprisals.reduce(0, +) }
}
