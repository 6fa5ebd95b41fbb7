/// A story, and how surprising it is to someone who knows all about how stories are made.
public struct Story: Sendable, Hashable {
  /// The text; it ends with a line break.
  public var text: String
  /// The negative logarithm of the probability of just this text, in nats: the least that any model can lose on it, on average
  /// over stories.
  public var surprisal: Double
  /// The questions in the text.
  public var questions: [Question]

  /// A question and its answer, as places in the text's UTF-8 bytes.
  public struct Question: Sendable, Hashable {
    /// Where the question begins.
    public var start: Int
    /// Where the answer begins, with the note in brackets, after the space behind the question mark.
    public var answer: Int
    /// Where the answer ends, after its full stop.
    public var end: Int
    /// What kind of question it is, as in `where is the thing`.
    public var kind: String
  }
}
