package import MosoFormats

/// The numbers of a run so far, as its log has them.
public struct RunHistory: Sendable, Hashable {
  /// A step.
  public struct Step: Sendable, Hashable {
    /// Its number, counted from 1.
    public var step: Int
    /// How many tokens had been learned from after it.
    public var tokens: Int
    /// The mean loss of its tokens, in nats.
    public var loss: Double
    /// The learning rate.
    public var rate: Double
    /// The norm of the gradient.
    public var norm: Double
    /// How many seconds it took.
    public var seconds: Double
  }

  /// A look at documents of validation.
  public struct Look: Sendable, Hashable {
    /// After which step.
    public var step: Int
    /// How many tokens had been learned from.
    public var tokens: Int
    /// The mean loss of a token, in nats.
    public var loss: Double
    /// The mean bits of a byte.
    public var bitsPerByte: Double
    /// The least loss that is possible, where it is known.
    public var leastLoss: Double?
    /// The answers to questions about stories, where the corpus has stories.
    public var questions: QuestionScore?
  }

  /// What the model wrote after a step.
  public struct Sample: Sendable, Hashable {
    /// After which step.
    public var step: Int
    /// The documents.
    public var texts: [String]
  }

  /// All steps.
  public var steps: [Step] = []
  /// All looks.
  public var looks: [Look] = []
  /// All that the model wrote.
  public var samples: [Sample] = []

  /// Nothing yet.
  public init() {}

  /// What the log in the folder of a run has; lines that are not whole are passed over.
  package init(folder: String) throws(FileError) {
    let path = "\(folder)/\(MetricsLog.fileName)"
    guard Folder.hasFile(path) else { return }
    for line in try MappedFile(path: path).bytes.split(separator: UInt8(ascii: "\n")) {
      guard let value = try? JSONValue(parsing: Array(line)), let step = value["step"]?.integerValue,
        let tokens = value["tokens"]?.integerValue
      else { continue }
      if let loss = value["validation_loss"]?.doubleValue {
        looks.append(
          Look(
            step: step, tokens: tokens, loss: loss, bitsPerByte: value["bits_per_byte"]?.doubleValue ?? .nan,
            leastLoss: value["least_loss"]?.doubleValue, questions: QuestionScore(value["questions"])))
      } else if let texts = value["samples"]?.arrayValue {
        samples.append(Sample(step: step, texts: texts.compactMap(\.stringValue)))
      } else if let loss = value["loss"]?.doubleValue {
        steps.append(
          Step(
            step: step, tokens: tokens, loss: loss, rate: value["rate"]?.doubleValue ?? .nan,
            norm: value["norm"]?.doubleValue ?? .nan, seconds: value["seconds"]?.doubleValue ?? .nan))
      }
    }
  }

  /// Adds a step.
  public mutating func append(_ report: StepReport) {
    steps.append(
      Step(
        step: report.step, tokens: report.tokens, loss: report.loss, rate: report.rate, norm: report.norm,
        seconds: report.seconds))
  }

  /// Adds a look after the last step.
  public mutating func append(_ evaluation: Evaluation, step: Int) {
    looks.append(
      Look(
        step: step, tokens: steps.last?.tokens ?? 0, loss: evaluation.loss, bitsPerByte: evaluation.bitsPerByte,
        leastLoss: evaluation.leastLoss, questions: evaluation.questions))
  }

  /// How many seconds all steps took.
  public var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }
}
