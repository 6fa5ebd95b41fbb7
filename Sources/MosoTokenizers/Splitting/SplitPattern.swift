/// The regular expressions of published tokenizers that have a scanner here, recognised by their text.
///
/// Where several expressions match the same, such as with possessive quantifiers that cannot matter, all of them are listed.
enum SplitPattern {
  private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let signs = #" ?[^\s\p{L}\p{N}]+[\r\n]*"#
  private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
  private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
  private static let front = #"[^\r\n\p{L}\p{N}]?"#

  /// Every expression and its scanner; of several for one scanner the first is the one that files are written with.
  private static let patterns: [(expression: String, splitter: Splitter)] = {
    var patterns: [(String, Splitter)] = [
      (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
      (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#, .gpt2),
      (#"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
      ("\(contractions)|\(front)[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\(spaces)", .qwen35),
      (#"\p{N}{1,3}"#, .numbers(3)),
      (#"\p{N}{1,2}"#, .numbers(2)),
      (#"\p{N}"#, .numbers(1)),
      ("[一-龥぀-ゟ゠-ヿ]+", .ideographs),
      (
        #"""
        [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
        """#, .deepseek3
      ),
    ]
    for (numbers, digits) in [(#"\p{N}"#, 1), (#"\p{N}{1,2}"#, 2), (#"\p{N}{1,3}"#, 3)] {
      patterns.append(("\(contractions)|\(front)\\p{L}+|\(numbers)|\(signs)|\(spaces)", .llama3(digits: digits)))
      // GPT-4's own spelling, with possessive quantifiers where giving back could not help.
      let possessive =
        "'(?i:[sdmt]|ll|ve|re)|\(front)+\\p{L}+|\(numbers)| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"
      patterns.append((possessive, .llama3(digits: digits)))
    }
    let signsOrSlashes = #" ?[^\s\p{L}\p{N}]+[\r\n/]*"#
    for (suffix, numbers, splitter) in [("\(contractions)?", #"\p{N}{1,3}"#, Splitter.gpt4o), ("", #"\p{N}"#, .tekken)]
    {
      let words = "\(front)\(upper)*\(lower)+\(suffix)|\(front)\(upper)+\(lower)*\(suffix)"
      patterns.append(("\(words)|\(numbers)|\(signsOrSlashes)|\(spaces)", splitter))
    }
    return patterns
  }()

  private static let splitters = Dictionary(uniqueKeysWithValues: patterns.map { ($0.expression, $0.splitter) })

  /// The scanner for a regular expression, if there is one.
  static func splitter(for expression: String) -> Splitter? { splitters[expression] }

  /// The regular expression of a scanner, if it has one.
  static func expression(of splitter: Splitter) -> String? {
    patterns.first { $0.splitter == splitter }?.expression
  }
}

extension Splitter {
  /// Whether every character belongs to a match, so that it does not matter what happens to what lies between matches.
  var coversEverything: Bool {
    switch self {
    case .gpt2, .llama3, .qwen35, .gpt4o, .tekken: true
    case .deepseek3, .numbers, .digits, .ideographs: false
    }
  }
}
