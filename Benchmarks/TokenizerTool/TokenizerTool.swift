import MosoFormats
import MosoTokenizers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the scripts call to compare this tokenizer with others.
///
/// - `ids MODEL TEXTS IDS`: writes the tokens of many texts into a file. Each text is a little-endian 32-bit length and as
///   many bytes; each answer is a 32-bit count and as many 32-bit ids. With `trusted-ids` control tokens are recognised.
/// - `decode MODEL IDS TEXTS`: the way back, by feeding tokens one by one.
/// - `speed MODEL TEXT`: megabytes a second of processor time for a whole file, the best of several runs.
/// - `load MODEL`: milliseconds of processor time to load a vocabulary, the best of several runs.
@main
struct TokenizerTool {
  static func main() {
    do {
      try run(CommandLine.arguments)
    } catch {
      print("error: \(error)")
      exit(1)
    }
  }

  static func run(_ arguments: [String]) throws {
    switch (arguments.dropFirst().first, arguments.count) {
    case ("ids", 5): try ids(arguments) { tokenizer, bytes in tokenizer.encode(utf8: bytes) }
    case ("trusted-ids", 5):
      try ids(arguments) { tokenizer, bytes in
        tokenizer.encode([TextSegment(String(decoding: bytes, as: UTF8.self), mayContainControlTokens: true)])
      }
    case ("decode", 5): try decode(try tokenizer(at: arguments[2]), idsAt: arguments[3], to: arguments[4])
    case ("speed", 4): try speed(try tokenizer(at: arguments[2]), textAt: arguments[3])
    case ("load", 3): try load(arguments[2])
    default: throw Usage()
    }
  }

  struct Usage: Error, CustomStringConvertible {
    var description: String {
      "usage: TokenizerTool ids|trusted-ids MODEL TEXTS IDS | decode MODEL IDS TEXTS | speed MODEL TEXT | load MODEL"
    }
  }

  static func tokenizer(at path: String) throws -> Tokenizer {
    guard path.hasSuffix(".json") else { return try Tokenizer(metadata: GGUFFile(path: path).metadata) }
    return try Tokenizer(json: [UInt8](try Data(contentsOf: URL(filePath: path))))
  }

  static func ids(_ arguments: [String], _ encode: (Tokenizer, [UInt8]) -> [Int32]) throws {
    let tokenizer = try tokenizer(at: arguments[2])
    let output = try records(at: arguments[3]).flatMap { text in
      let ids = encode(tokenizer, text)
      return bytes([Int32(ids.count)] + ids)
    }
    try Data(output).write(to: URL(filePath: arguments[4]))
  }

  static func decode(_ tokenizer: Tokenizer, idsAt path: String, to result: String) throws {
    var output: [UInt8] = []
    for record in try records(at: path, unit: 4) {
      var detokenizer = StreamingDetokenizer(tokenizer)
      var text = ""
      for start in stride(from: 0, to: record.count, by: 4) {
        text += detokenizer.append(Int32(truncatingIfNeeded: number(record, at: start)))
      }
      text += detokenizer.finish()
      output += bytes([Int32(text.utf8.count)]) + Array(text.utf8)
    }
    try Data(output).write(to: URL(filePath: result))
  }

  /// The records of a file: each is a count and as many units of bytes.
  static func records(at path: String, unit: Int = 1) throws -> [[UInt8]] {
    let input = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var records: [[UInt8]] = []
    var offset = 0
    while offset + 4 <= input.count {
      let end = offset + 4 + number(input, at: offset) * unit
      records.append(Array(input[(offset + 4)..<end]))
      offset = end
    }
    return records
  }

  static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  static func bytes(_ numbers: [Int32]) -> [UInt8] {
    numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  static func speed(_ tokenizer: Tokenizer, textAt path: String) throws {
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    var count = 0
    let seconds = best { count = tokenizer.encode(text).count }
    print("\(Double(text.utf8.count) / 1e6 / seconds) MB/s, \(count) tokens")
  }

  static func load(_ path: String) throws {
    var size = 0
    let seconds = try best { size = try tokenizer(at: path).vocabularySize }
    print("\(seconds * 1_000) ms, \(size) tokens")
  }

  /// The processor time of the quickest of several runs, in seconds: on one thread it is the time on an idle machine.
  static func best(_ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<7 {
      let start = clock()
      try body()
      best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }
    return best
  }
}
