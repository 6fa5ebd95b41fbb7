import ArgumentParser
import FoundationEssentials
import Moso
import MosoEngine
import MosoFormats
import MosoTensor

/// `moso logits`: the model's scores for given tokens, as raw numbers for other programs to compare.
struct LogitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logits",
    abstract: "Write the scores after each of a list of tokens.",
    discussion: """
      The result is raw little-endian 32-bit floats: one row of the vocabulary's size for each token.

      Example:
        moso logits smollm2 --tokens ids.json --out scores.f32
      """,
    shouldDisplay: false)

  @OptionGroup var model: ModelOptions

  @Option(name: .long, help: "A JSON list of token ids.")
  var tokens: String

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() async throws {
    let list = try JSONValue(parsing: try InputFile.bytes(of: tokens))
    guard let ids = list.arrayValue?.map({ $0.integerValue.flatMap(Int32.init(exactly:)) }), !ids.contains(nil) else {
      throw ValidationError("\(tokens) is not a JSON list of token ids.")
    }
    let model = try await model.open()
    let session = try Session(model, options: self.model.session)
    var output = Data()
    try await session.scores(of: ids.compactMap(\.self)) { rows in
      for row in 0..<rows.count {
        rows.withRow(row) { values in
          for index in values.indices {
            withUnsafeBytes(of: values[index].bitPattern.littleEndian) { output.append(contentsOf: $0) }
          }
        }
      }
    }
    try output.write(to: URL(filePath: out), options: .atomic)
  }
}
