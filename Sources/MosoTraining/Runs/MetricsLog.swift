import MosoFormats

/// The numbers of a run as lines of JSON, one for each step, each evaluation and what the model wrote.
///
/// A line is written when its step is done. When a run goes on from a checkpoint, lines of steps after it are dropped, as
/// those steps are taken again.
final class MetricsLog {
  static let fileName = "metrics.jsonl"
  private let path: String
  private var lines: [UInt8] = []

  /// Whether lines are written at all: where several processes share a run, one of them does.
  private let isKept: Bool

  init(folder: String, isKept: Bool = true) {
    path = "\(folder)/\(Self.fileName)"
    self.isKept = isKept
  }

  /// Drops the lines of steps after `step`.
  func rewind(to step: Int) throws(TrainingError) {
    guard isKept, Folder.hasFile(path) else { return }
    let bytes = try TrainingError.wrapping { () throws(FileError) in try MappedFile(path: path).bytes }
    var kept: [UInt8] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let value = try? JSONValue(parsing: Array(line)), let at = value["step"]?.integerValue, at <= step else {
        continue
      }
      kept += line + [UInt8(ascii: "\n")]
    }
    try TrainingError.wrapping { () throws(FileError) in try AtomicFile.write(kept, to: path) }
  }

  func append(_ report: StepReport) {
    append([
      "step": .integer(report.step), "tokens": .integer(report.tokens), "loss": .number(report.loss),
      "rate": .number(report.rate), "norm": .number(report.norm), "seconds": .number(report.seconds),
    ])
  }

  func append(_ evaluation: Evaluation, step: Int, tokens: Int) {
    var line: JSONObject = [
      "step": .integer(step), "tokens": .integer(tokens), "validation_loss": .number(evaluation.loss),
      "bits_per_byte": .number(evaluation.bitsPerByte),
    ]
    if let least = evaluation.leastLoss { line["least_loss"] = .number(least) }
    if let questions = evaluation.questions { line["questions"] = .object(questions.json) }
    append(line)
  }

  func append(samples: [String], step: Int, tokens: Int) {
    append([
      "step": .integer(step), "tokens": .integer(tokens), "samples": .array(samples.map { .string($0) }),
    ])
  }

  private func append(_ line: JSONObject) {
    guard isKept else { return }
    lines += JSONValue.object(line).serializedBytes() + [UInt8(ascii: "\n")]
  }

  /// Writes what has been appended.
  func flush() throws(TrainingError) {
    guard !lines.isEmpty else { return }
    try TrainingError.wrapping { () throws(FileError) in try AppendedFile.append(lines, to: path) }
    lines.removeAll(keepingCapacity: true)
  }
}
