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

  private static let splitters: [String: Splitter] = {
    var splitters: [String: Splitter] = [
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#: .gpt2,
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
      #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
      "\(contractions)|\(front)[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\(spaces)": .qwen35,
      #"\p{N}{1,3}"#: .numbers(3),
      #"\p{N}{1,2}"#: .numbers(2),
      #"\p{N}"#: .numbers(1),
      "[一-龥぀-ゟ゠-ヿ]+": .ideographs,
      #"""
      [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
      """#: .deepseek3,
    ]
    for (numbers, digits) in [(#"\p{N}"#, 1), (#"\p{N}{1,2}"#, 2), (#"\p{N}{1,3}"#, 3)] {
      splitters["\(contractions)|\(front)\\p{L}+|\(numbers)|\(signs)|\(spaces)"] = .llama3(digits: digits)
      // GPT-4's own spelling, with possessive quantifiers where giving back could not help.
      splitters[
        "'(?i:[sdmt]|ll|ve|re)|\(front)+\\p{L}+|\(numbers)| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"
      ] =
        .llama3(digits: digits)
    }
    let signsOrSlashes = #" ?[^\s\p{L}\p{N}]+[\r\n/]*"#
    for (suffix, numbers, splitter) in [("\(contractions)?", #"\p{N}{1,3}"#, Splitter.gpt4o), ("", #"\p{N}"#, .tekken)]
    {
      let words = "\(front)\(upper)*\(lower)+\(suffix)|\(front)\(upper)+\(lower)*\(suffix)"
      splitters["\(words)|\(numbers)|\(signsOrSlashes)|\(spaces)"] = splitter
    }
    return splitters
  }()

  /// The scanner for a regular expression, if there is one.
  static func splitter(for expression: String) -> Splitter? { splitters[expression] }
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
