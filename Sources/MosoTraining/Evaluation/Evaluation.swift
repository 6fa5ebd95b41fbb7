/// How well a model predicts documents that it has not learned from.
public struct Evaluation: Sendable, Hashable {
  /// How many documents were read.
  public var documents = 0
  /// How many tokens were predicted: those of the documents, and the end of each.
  public var tokens = 0
  /// The bytes of text in them.
  public var bytes = 0
  /// The sum of the losses, in nats.
  public var nats = 0.0
  /// The sum of the documents' surprisals to someone who knows how they are made, in nats, where that is known: what no
  /// model can get below, on average.
  public var surprisal: Double? = 0
  /// The answers to questions about stories, where the corpus has stories.
  public var questions: QuestionScore?

  /// The mean loss of a token, in nats.
  public var loss: Double { nats / Double(max(tokens, 1)) }
  /// The mean bits that a byte of text takes, whatever the tokenizer.
  public var bitsPerByte: Double { nats / logarithm(2) / Double(max(bytes, 1)) }
  /// The mean loss of a token to someone who knows how documents are made, in nats.
  public var leastLoss: Double? { surprisal.map { $0 / Double(max(tokens, 1)) } }
}
