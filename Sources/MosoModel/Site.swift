/// A named place in the forward pass where an observer may read or replace the activation.
public enum Site: Sendable, Hashable {
  /// The residual stream after the embedding.
  case embedding
  /// The residual stream entering layer `layer`.
  case residualBefore(layer: Int)
  /// What attention adds to the residual stream.
  case attentionOutput(layer: Int)
  /// The residual stream between attention and the feed-forward part.
  case residualMiddle(layer: Int)
  /// What the feed-forward part adds to the residual stream.
  case feedForwardOutput(layer: Int)
  /// The residual stream after layer `layer`.
  case residualAfter(layer: Int)
  /// The normalised residual stream that the output head reads.
  case finalNorm
  /// The scores over the vocabulary.
  case logits
}
