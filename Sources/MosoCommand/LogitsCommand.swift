import ArgumentParser
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

  @OptionGroup var context: ContextOptions

  @Option(name: .long, help: "A JSON list of token ids.")
  var tokens: String

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() async throws {
    let ids = try readTokens()
    let model = try await model.open(context)
    let session = try Session(model, options: self.model.session(context))
    var output: [UInt8] = []
    try await session.scores(of: ids) { rows in
      for row in 0..<rows.count {
        rows.withRow(row) { values in
          for index in values.indices {
            withUnsafeBytes(of: values[index].bitPattern.littleEndian) { output.append(contentsOf: $0) }
          }
        }
      }
    }
    try OutputFile.write(output, to: out)
  }

  private func readTokens() throws -> [Int32] {
    let bytes = try InputFile.bytes(of: tokens)
    let list: JSONValue
    do {
      list = try JSONValue(parsing: bytes)
    } catch {
      throw NamedFileError.unexpected(path: tokens, reason: "\(error)")
    }
    guard let ids = list.arrayValue?.map({ $0.integerValue.flatMap(Int32.init(exactly:)) }), !ids.contains(nil) else {
      throw NamedFileError.unexpected(path: tokens, reason: "this is not a JSON list of token ids")
    }
    return ids.compactMap(\.self)
  }
}
