import ArgumentParser
import Moso
import MosoEngine
import MosoFormats
import MosoHub
import MosoTerminal
import MosoTokenizers

/// `moso tokenize`: text to tokens, and back.
struct TokenizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Show how a model cuts a text into tokens.",
    discussion: """
      The text is the second argument or standard input. With --ids only the numbers are printed; with --decode numbers
      become text again.

      Examples:
        moso tokenize smollm2 "Hello there"
        moso tokenize smollm2 --ids "Hello there"
        moso tokenize smollm2 --decode "19556 665"
      """)

  @Argument(help: "smollm2, hf:owner/name[:file or quantisation], or the path of a GGUF file or a model folder.")
  var model: String

  @Argument(help: "The text; standard input if left out.")
  var text: String?

  @Flag(name: .long, help: "Print only the tokens' numbers, in one line.")
  var ids = false

  @Flag(name: .long, help: "Read numbers and print the text they stand for.")
  var decode = false

  @Flag(name: .long, help: "Let the text contain control tokens such as <|im_start|>.")
  var control = false

  @Flag(name: .long, help: "Print a JSON list of numbers and pieces.")
  var json = false

  func run() async throws {
    let tokenizer = try await LanguageModel.openTokenizer(model)
    let input = try text ?? String(decoding: InputFile.standardInput(), as: UTF8.self)
    if decode { return try printText(of: input, tokenizer) }
    let tokens = tokenizer.encode([TextSegment(input, mayContainControlTokens: control)])
    if json {
      let list = tokens.map { ["id": .integer(Int($0)), "piece": .string(tokenizer.piece(of: $0) ?? "")] as JSONValue }
      StandardOutput.write(JSONValue.array(list).serialized() + "\n")
    } else if ids {
      StandardOutput.write(tokens.map { "\($0)" }.joined(separator: " ") + "\n")
    } else {
      var table = Table([.init("ID", .trailing), .init("PIECE"), .init("TEXT")])
      for token in tokens {
        let bytes = String(decoding: tokenizer.bytes(of: token), as: UTF8.self)
        table.add(["\(token)", tokenizer.piece(of: token) ?? "", JSONValue.string(bytes).serialized()])
      }
      StandardOutput.write(table.rendered(for: .standardOutput))
      StandardError.write("\(tokens.count) tokens for \(input.utf8.count) bytes\n")
    }
  }

  private func printText(of input: String, _ tokenizer: Tokenizer) throws {
    let words = input.split { ", []\n\t".contains($0) }
    let tokens = try words.map { word in
      guard let token = Int32(word), token >= 0, Int(token) < tokenizer.vocabularySize else {
        throw ValidationError(
          "\(word) is not a token of this model: expected numbers below \(tokenizer.vocabularySize).")
      }
      return token
    }
    StandardOutput.write(tokenizer.decode(tokens, skipControlTokens: false) + "\n")
  }
}
