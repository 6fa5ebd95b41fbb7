/// Learns a tokenizer from text: byte-level merges, as GPT-2 and its heirs have them (Radford et al., 2019).
///
/// Count texts with `add`, in as many trainers as there are threads, join those with `add(_:)` and call `train`. The result
/// depends on the texts only, and is the one that Hugging Face's `tokenizers` comes to with the same settings.
///
/// ```text
/// var trainer = TokenizerTrainer(.gpt2)
/// for text in texts { trainer.add(utf8: Array(text.utf8)) }
/// let tokenizer = try Tokenizer(json: trainer.train(vocabularySize: 4_096).json)
/// ```
public struct TokenizerTrainer: Sendable {
  /// How texts are cut before merging.
  public let preTokenizer: PreTokenizer
  /// Tokens with a meaning of their own, which come first in the vocabulary; the first separates documents.
  public let controlTokens: [String]
  private let splitters: [Splitter]
  private let normalization: [NormalizationStep]
  private var words = WordCounts()
  /// How many bytes of text have been counted.
  public private(set) var byteCount = 0

  /// What separates documents, and begins and ends messages: models learn the latter when they are taught to converse.
  public static let usualControlTokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

  /// A trainer that has seen nothing.
  public init(_ preTokenizer: PreTokenizer = .gpt2, controlTokens: [String] = usualControlTokens) {
    precondition(!controlTokens.isEmpty && Set(controlTokens).count == controlTokens.count, "\(controlTokens)")
    self.preTokenizer = preTokenizer
    self.controlTokens = controlTokens
    splitters = preTokenizer.splitters
    normalization = preTokenizer.normalization
  }

  /// The smallest vocabulary: one token for each byte, and the control tokens.
  public var smallestSize: Int { 256 + controlTokens.count }

  /// Counts the words of a text; what is not UTF-8 becomes U+FFFD.
  public mutating func add(utf8 bytes: [UInt8]) {
    byteCount += bytes.count
    var text = UTF8Repair.repaired(bytes)
    for step in normalization {
      text = step.applied(to: text[...], at: NormalizationStep.Place(isFirst: true, isStart: true)) ?? text
    }
    words.add(ClassifiedText(text), splitters)
  }

  /// Counts all that another trainer, of the same settings, has counted.
  public mutating func add(_ other: TokenizerTrainer) {
    byteCount += other.byteCount
    words.add(other.words)
  }

  /// The tokenizer of the texts so far.
  ///
  /// - Parameters:
  ///   - vocabularySize: How many tokens there are to be; there are fewer where too little repeats itself.
  ///   - leastCount: How often a pair must occur to become a token.
  ///   - progress: Is told now and then how many tokens there are.
  /// - Precondition: The vocabulary is at least `smallestSize`.
  public consuming func train(
    vocabularySize: Int, leastCount: Int = 2, progress: (Int) -> Void = { _ in }
  ) -> TrainedTokenizer {
    precondition(vocabularySize >= smallestSize, "a vocabulary of \(vocabularySize)")
    // The bytes come in the order of the characters that stand for them.
    let bytes = (0..<256).sorted { ByteCharacters.codePoints[$0] < ByteCharacters.codePoints[$1] }
    var symbolOfByte = [Int32](repeating: 0, count: 256)
    for (place, byte) in bytes.enumerated() { symbolOfByte[byte] = Int32(place) }
    var learner = MergeLearner(words, symbolOfByte: symbolOfByte)
    words = WordCounts()
    var pieces = bytes.map { [UInt8($0)] }
    var merges: [TrainedTokenizer.Merge] = []
    while pieces.count + controlTokens.count < vocabularySize,
      let pair = learner.next(becoming: Int32(pieces.count), least: leastCount)
    {
      let merge = TrainedTokenizer.Merge(left: pieces[Int(pair.left)], right: pieces[Int(pair.right)])
      merges.append(merge)
      pieces.append(merge.left + merge.right)
      if pieces.count % 256 == 0 { progress(pieces.count + controlTokens.count) }
    }
    return TrainedTokenizer(
      preTokenizer: preTokenizer, controlTokens: controlTokens, pieces: pieces, merges: merges)
  }
}
