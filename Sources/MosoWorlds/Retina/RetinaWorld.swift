/// A corpus of spike trains: what the ganglion cells of a patch of retina send while scenes move across it.
///
/// A token says which cells of a group of neighbours spike in a time bin, of about ten milliseconds. A recording comes
/// about like this:
///
/// 1. **The eye looks at a scene**: a bar, an edge, a grating or a texture, each of its own direction, speed, width and
///    contrast, that moves around and around. Some scenes are met all the time and most are rare (Zipf's law). Where
///    the scene is on its way is its phase. In each bin the eye jumps away with a small chance, to any scene in any
///    phase; or else the phase goes on, mostly by one step, at times by none or two, because an eye is never quite
///    still.
/// 2. **Each cell filters what it sees**: in space by a centre and a weaker, wider surround, both Gaussian (Rodieck,
///    1965); in time by a quick answer and a slower one that undoes most of it. ON cells like light, OFF cells like
///    dark.
/// 3. **Spikes are drawn.** The filtered light goes through a soft threshold and gives the chance of a spike in the
///    bin. A cell that has spiked lately answers with a part of this chance (a recovery function: Berry and Meister,
///    1998). Given the scene, the phase and its own spikes each cell draws alone. Models much like this describe
///    recorded retinas (Pillow et al., 2008); theirs couple the cells too.
///
/// The scene and the phase stay hidden, but there are finitely many of them, and the spikes can be read off the tokens.
/// So the probability of every token after those before it follows from the forward recursion of a hidden Markov model,
/// without any approximation: the entropy that no model of the corpus can get below is known. Recording `n` of a seed
/// is always the same.
///
/// A token of the default patch has 2.84 nats on its own, 2.42 when its group's last is known, and 1.425 when all is
/// known that came before in the recording.
///
/// - R. W. Rodieck. Quantitative analysis of cat retinal ganglion cell response to visual stimuli. Vision Research,
///   1965.
/// - M. J. Berry, M. Meister. Refractoriness and neural precision. Journal of Neuroscience, 1998.
/// - J. W. Pillow et al. Spatio-temporal correlations and visual signalling in a complete neuronal population. Nature,
///   2008.
public struct RetinaWorld: Sendable {
  /// The cells and the scenes, which are the same in every recording.
  public let patch: RetinaPatch
  /// Which recordings: another seed makes others of the same cells and scenes.
  public let seed: UInt64

  /// The recordings of a seed from a patch.
  public init(patch: RetinaPatch = RetinaPatch(), seed: UInt64 = 0) {
    self.patch = patch
    self.seed = seed
  }

  /// The tokens of one of the recordings, numbered from zero: `patch.tokensPerRecording` of them, each below
  /// `patch.wordCount`.
  ///
  /// Use this for training: it takes far less time than `recording(_:)`, which has to consider all scenes in all
  /// phases.
  public func tokens(_ number: Int) -> [UInt16] {
    var recorder = RetinaRecorder(patch: patch, seed: seed, number: UInt64(number))
    return recorder.record()
  }

  /// One of the recordings, with the surprisal of each of its tokens.
  ///
  /// - Complexity: O(tokens × states × cells of a group).
  public func recording(_ number: Int) -> Recording {
    let tokens = tokens(number)
    var filter = RetinaFilter(patch: patch)
    return Recording(tokens: tokens, surprisals: tokens.map { filter.observe(Int($0)) })
  }

  /// The entropy of a token after those before it, in nats, estimated from the surprisals of some recordings.
  ///
  /// - Precondition: There are two recordings at least.
  public func entropy(of recordings: Range<Int>) -> EntropyEstimate {
    EntropyEstimate(recordings: recordings.map { recording($0).surprisal / Double(patch.tokensPerRecording) })
  }
}
