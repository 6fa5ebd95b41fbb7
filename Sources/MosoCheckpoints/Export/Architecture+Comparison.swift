import MosoModel

extension Architecture {
  /// What `other` computes differently, in words; `nil` when it computes the same.
  ///
  /// Names and the order of elements in heads do not matter. Rotary tables may differ by the rounding of the 32-bit
  /// numbers that files hold.
  func difference(from other: Architecture) -> String? {
    let comparisons: [(String, Bool)] = [
      ("the size of the vocabulary", vocabularySize == other.vocabularySize),
      ("the context length", contextLength == other.contextLength), ("the width", width == other.width),
      ("the number of layers", layers.count == other.layers.count),
      ("the window of attention", layers.map(\.window) == other.layers.map(\.window)),
      ("which layers rotate", layers.map(\.rotary) == other.layers.map(\.rotary)),
      ("the kind of norm", norm == other.norm),
      ("the number or size of attention heads", attention.hasHeads(of: other.attention)),
      ("the scale of attention scores", Self.areClose(attention.scale, other.attention.scale)),
      ("the softcap of attention scores", attention.scoreSoftcap == other.attention.scoreSoftcap),
      ("the activation", feedForward.activation == other.feedForward.activation),
      ("the rescaling of the experts' weights", normalizesExperts == other.normalizesExperts),
      ("the feed-forward part", feedForward.hasShape(of: other.feedForward)),
      ("the scale of embeddings", embeddingScale == other.embeddingScale),
      ("the use of learned positions", hasLearnedPositions == other.hasLearnedPositions),
      ("the tied head", hasTiedHead == other.hasTiedHead),
      ("the softcap of logits", logitSoftcap == other.logitSoftcap),
      ("the rotary scaling", hasRotaries(of: other)),
    ]
    return comparisons.first { !$0.1 }?.0
  }

  private var normalizesExperts: Bool { feedForward.experts?.normalizesWeights ?? true }

  private func hasRotaries(of other: Architecture) -> Bool {
    func areClose(_ one: [Float]?, _ two: [Float]?) -> Bool {
      guard let one, let two else { return one == two }
      return one.count == two.count && zip(one, two).allSatisfy(Self.areClose)
    }
    return rotaries.count == other.rotaries.count
      && zip(rotaries, other.rotaries).allSatisfy { one, two in
        one.dimensions == two.dimensions && areClose(one.frequencies, two.frequencies)
          && areClose(one.longFrequencies, two.longFrequencies) && Self.areClose(one.amplitude, two.amplitude)
          && one.originalContextLength == two.originalContextLength
      }
  }

  private static func areClose(_ one: Float, _ two: Float) -> Bool {
    (one - two).magnitude <= 1e-5 * max(one.magnitude, two.magnitude)
  }
}

extension AttentionPlan {
  fileprivate func hasHeads(of other: AttentionPlan) -> Bool {
    headCount == other.headCount && keyValueHeadCount == other.keyValueHeadCount && headSize == other.headSize
      && normalizesQueriesAndKeys == other.normalizesQueriesAndKeys
  }
}

extension FeedForwardPlan {
  fileprivate func hasShape(of other: FeedForwardPlan) -> Bool {
    isGated == other.isGated && width == other.width && experts?.count == other.experts?.count
      && experts?.usedCount == other.experts?.usedCount
  }
}
