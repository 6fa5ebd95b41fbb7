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
      The text is the second argument or standard input. With --ids only the numbers are printed; with --decode \
      numbers become text again.

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

  @Flag(name: .long, help: "Print JSON: a list of numbers and pieces, or with --decode these and the text.")
  var json = false

  func validate() throws {
    if ids && (decode || json) { throw ValidationError("--ids prints numbers: leave out --decode and --json.") }
    if control && decode { throw ValidationError("--control is about text that becomes tokens: leave out --decode.") }
  }

  func run() async throws {
    let display = PullDisplay()
    let tokenizer = try await LanguageModel.openTokenizer(model) { display.show($0) }
    display.clear()
    for warning in tokenizer.warnings { StandardError.writeLine("Warning: \(warning).") }
    let what = decode ? "the list of numbers" : "the text"
    let input = try text ?? String(decoding: InputFile.standardInput(what), as: UTF8.self)
    if decode { return try printText(of: input, tokenizer) }
    let tokens = tokenizer.encode([TextSegment(input, mayContainControlTokens: control)])
    if json {
      StandardOutput.write(list(tokens, tokenizer).serialized() + "\n")
    } else if ids {
      StandardOutput.write(tokens.map { "\($0)" }.joined(separator: " ") + "\n")
    } else {
      var table = Table([.init("ID", .trailing), .init("PIECE"), .init("TEXT")])
      for token in tokens {
        let bytes = String(decoding: tokenizer.bytes(of: token), as: UTF8.self)
        table.add(["\(token)", tokenizer.piece(of: token) ?? "", JSONValue.string(bytes).serialized()])
      }
      StandardOutput.write(table.rendered(for: .standardOutput))
      let count = tokens.count == 1 ? "1 token" : "\(tokens.count) tokens"
      StandardError.write("\(count) for \(input.utf8.count == 1 ? "1 byte" : "\(input.utf8.count) bytes")\n")
    }
  }

  private func list(_ tokens: [Int32], _ tokenizer: Tokenizer) -> JSONValue {
    .array(tokens.map { ["id": .integer(Int($0)), "piece": .string(tokenizer.piece(of: $0) ?? "")] })
  }

  private func printText(of input: String, _ tokenizer: Tokenizer) throws {
    let words = input.split { $0.isWhitespace || ",[]".contains($0) }
    let tokens = try words.map { word in
      guard let token = Int32(word), token >= 0, Int(token) < tokenizer.vocabularySize else {
        throw CommandFailure(
          "\(word) is not a token of this model: a number below \(tokenizer.vocabularySize) was expected")
      }
      return token
    }
    let text = tokenizer.decode(tokens, skipControlTokens: false)
    if json {
      let report: JSONValue = ["text": .string(text), "tokens": list(tokens, tokenizer)]
      StandardOutput.write(report.serialized() + "\n")
    } else if TerminalCapabilities.standardOutput.isTerminal {
      StandardOutput.writeHarmlessly(text + "\n")
    } else {
      StandardOutput.write(Self.bytes(of: tokens, text, tokenizer) + Array("\n".utf8))
    }
  }

  /// The bytes of `text` as the tokens have them: half a character too, for whoever puts pieces together.
  private static func bytes(of tokens: [Int32], _ text: String, _ tokenizer: Tokenizer) -> [UInt8] {
    let bytes = tokens.flatMap { tokenizer.bytes(of: $0) }
    // Some tokenizers begin every text with a space that is not part of it.
    for candidate in [bytes[...], bytes.dropFirst()] where String(decoding: candidate, as: UTF8.self) == text {
      return Array(candidate)
    }
    return Array(text.utf8)
  }
}
