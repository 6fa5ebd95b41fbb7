import FoundationEssentials
import MosoFormats
import MosoTokenizers

/// What the scripts call to compare this tokenizer with others.
///
/// - `ids MODEL TEXTS IDS`: writes the tokens of many texts into a file. Each text is a little-endian 32-bit length and as
///   many bytes; each answer is a 32-bit count and as many 32-bit ids.
/// - `speed MODEL TEXT`: megabytes a second for a whole file, the best of several runs, on one thread.
/// - `load MODEL`: milliseconds to load a vocabulary, the best of several runs.
@main
struct TokenizerTool {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch (arguments.dropFirst().first, arguments.count) {
    case ("ids", 5): try ids(try tokenizer(at: arguments[2]), textsAt: arguments[3], to: arguments[4])
    case ("speed", 4): try speed(try tokenizer(at: arguments[2]), textAt: arguments[3])
    case ("load", 3): try load(arguments[2])
    default: throw Usage()
    }
  }

  struct Usage: Error, CustomStringConvertible {
    var description: String { "usage: TokenizerTool ids MODEL TEXTS IDS | speed MODEL TEXT | load MODEL" }
  }

  static func tokenizer(at path: String) throws -> Tokenizer {
    return try Tokenizer(metadata: GGUFFile(path: path).metadata)
  }

  static func ids(_ tokenizer: Tokenizer, textsAt path: String, to result: String) throws {
    let input = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var output = Data()
    var offset = 0
    func append(_ number: Int32) { withUnsafeBytes(of: number.littleEndian) { output.append(contentsOf: $0) } }
    while offset + 4 <= input.count {
      let length = (0..<4).reduce(0) { $0 | Int(input[offset + $1]) << (8 * $1) }
      let ids = tokenizer.encode(utf8: input[(offset + 4)..<(offset + 4 + length)])
      append(Int32(ids.count))
      for id in ids { append(id) }
      offset += 4 + length
    }
    try output.write(to: URL(filePath: result))
  }

  static func speed(_ tokenizer: Tokenizer, textAt path: String) throws {
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    var best = Duration.seconds(1_000)
    var count = 0
    for _ in 0..<7 {
      let time = ContinuousClock().measure { count = tokenizer.encode(text).count }
      best = min(best, time)
    }
    let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
    print("\(Double(text.utf8.count) / 1e6 / seconds) MB/s, \(count) tokens")
  }

  static func load(_ path: String) throws {
    var best = Duration.seconds(1_000)
    var size = 0
    for _ in 0..<7 {
      let time = try ContinuousClock().measure { size = try tokenizer(at: path).vocabularySize }
      best = min(best, time)
    }
    print("\(best), \(size) tokens")
  }
}
