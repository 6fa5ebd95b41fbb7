/// One step of cutting text into the pieces that no token reaches across.
///
/// Each case is a regular expression that published tokenizers use, written as a scanner over UTF-8: what it matches is a
/// piece, and so is what lies between two matches. `SplitPattern` has the expressions.
enum Splitter: Sendable, Hashable {
  /// GPT-2's expression, which Hugging Face's `ByteLevel` applies unless told otherwise.
  case gpt2
  /// The expression of Llama 3 (three digits together) and Qwen 2 (one).
  case llama3(digits: Int)
  /// The expression of Qwen 3.5: Qwen 2's with marks counted as letters.
  case qwen35
  /// The expression of GPT-4o, which cuts before a capital inside a word.
  case gpt4o
  /// The expression of Mistral's Tekken: GPT-4o's without contractions and with single digits.
  case tekken
  /// The third expression of DeepSeek V3.
  case deepseek3
  /// `\p{N}{1,n}`.
  case numbers(Int)
  /// Hugging Face's `Digits`: each number on its own, or runs of them.
  case digits(individual: Bool)
  /// `[一-龥぀-ゟ゠-ヿ]+`: runs of Chinese characters and Japanese syllables.
  case ideographs

  /// The end of the piece that starts at `start`, which is below `limit`.
  func endOfPiece(from start: Int, limit: Int, in text: borrowing ClassifiedText) -> Int {
    switch self {
    case .gpt2: return text.endOfGPT2Piece(from: start, limit: limit)
    case .llama3(let digits): return text.endOfLlama3Piece(from: start, limit: limit, digits: digits)
    case .qwen35: return text.endOfQwen35Piece(from: start, limit: limit)
    case .gpt4o: return text.endOfGPT4oPiece(from: start, limit: limit)
    case .tekken: return text.endOfTekkenPiece(from: start, limit: limit)
    case .deepseek3:
      return text.endOfPiece(from: start, limit: limit) { text.endOfDeepSeek3Match(from: $0, limit: limit) }
    case .numbers(let most):
      return text.endOfPiece(from: start, limit: limit) {
        text.endOfNumbers(from: $0, limit: limit, kind: .number, most: most)
      }
    case .digits(let individual):
      return text.endOfPiece(from: start, limit: limit) {
        text.endOfNumbers(from: $0, limit: limit, kind: .digit, most: individual ? 1 : .max)
      }
    case .ideographs:
      return text.endOfPiece(from: start, limit: limit) { text.endOfIdeographs(from: $0, limit: limit) }
    }
  }
}

extension ClassifiedText {
  /// The end of the match at `start` or, where there is none, the start of the next match.
  ///
  /// `match` gives the end of the match at a position, or that position itself.
  @inline(__always)
  fileprivate func endOfPiece(from start: Int, limit: Int, match: (Int) -> Int) -> Int {
    let end = match(start)
    if end > start { return end }
    var position = character(at: start).next
    while position < limit, match(position) == position { position = character(at: position).next }
    return position
  }

  /// `\p{N}{1,most}`, or the same for another kind of character.
  @inline(__always)
  func endOfNumbers(from start: Int, limit: Int, kind: CharacterClass, most: Int) -> Int {
    var position = start
    var count = 0
    while position < limit, count < most {
      let (found, next) = character(at: position)
      if !found.meets(kind) { break }
      position = next
      count += 1
    }
    return position
  }

  /// `[一-龥぀-ゟ゠-ヿ]+`
  fileprivate func endOfIdeographs(from start: Int, limit: Int) -> Int {
    var position = start
    while position < limit {
      // Everything in the two ranges (U+3040–30FF and U+4E00–9FA5) takes three bytes.
      let lead = bytes[position]
      guard lead & 0xF0 == 0xE0 else { break }
      let (codePoint, next) = longCharacter(at: position, lead: lead)
      guard (0x3040...0x30FF).contains(codePoint) || (0x4E00...0x9FA5).contains(codePoint) else { break }
      position = next
    }
    return position
  }
}
