import MosoFormats

/// What a `tokenizer.json` does to a text before merging, and to pieces after decoding.
struct HuggingFacePipeline {
  var normalization: [NormalizationStep] = []
  var splitters: [Splitter] = []
  /// Whether merges work on bytes spelled as characters.
  var isByteLevel = false
  /// Whether text is cut before every U+2581.
  var splitsAtSpaces = false

  init(_ file: HuggingFaceFile) throws(TokenizerError) {
    try readNormalizer(file.members["normalizer"] ?? .null, depth: 0)
    try readPreTokenizer(file.members["pre_tokenizer"] ?? .null, depth: 0)
  }

  /// How deep sequences may be nested.
  private static var deepest: Int { 8 }

  private mutating func readNormalizer(_ value: JSONValue, depth: Int) throws(TokenizerError) {
    if value == .null { return }
    let type = try Self.type(of: value, field: "normalizer", depth: depth)
    switch type {
    case "NFC":
      normalization.append(.composition)
    case "Sequence":
      for step in value["normalizers"]?.arrayValue ?? [] { try readNormalizer(step, depth: depth + 1) }
    case "Prepend":
      normalization.append(.prefix(try Self.text(value["prepend"], field: "normalizer.prepend"), .always))
    case "Replace":
      let pattern = try Self.text(value["pattern"]?["String"], field: "normalizer.pattern")
      let content = try Self.text(value["content"], field: "normalizer.content")
      guard !pattern.isEmpty else {
        throw .invalid(field: "normalizer.pattern", found: "an empty text", expected: "the text to replace")
      }
      normalization.append(.replace(pattern, content))
    default:
      throw .unsupported(
        field: "normalizer", found: "\"\(type)\"", expected: "NFC, Prepend, Replace of a plain text, and Sequence")
    }
  }

  private mutating func readPreTokenizer(_ value: JSONValue, depth: Int) throws(TokenizerError) {
    if value == .null { return }
    let type = try Self.type(of: value, field: "pre_tokenizer", depth: depth)
    // What comes after `ByteLevel` would see characters that stand for bytes.
    if type != "Sequence", isByteLevel || splitsAtSpaces {
      throw .unsupported(
        field: "pre_tokenizer", found: "\"\(type)\" after another that ends the sequence",
        expected: "ByteLevel or Metaspace in the last place only")
    }
    switch type {
    case "Sequence":
      for step in value["pretokenizers"]?.arrayValue ?? [] { try readPreTokenizer(step, depth: depth + 1) }
    case "Split":
      try readSplit(value)
    case "Digits":
      splitters.append(.digits(individual: value["individual_digits"]?.boolValue ?? false))
    case "ByteLevel":
      isByteLevel = true
      if value["add_prefix_space"]?.boolValue ?? true {
        guard splitters.isEmpty else {
          throw .unsupported(
            field: "pre_tokenizer", found: "\"ByteLevel\" with a space before each piece of another",
            expected: "add_prefix_space to be false there")
        }
        normalization.append(.prefix([UInt8(ascii: " ")], .whereMissing))
      }
      if value["use_regex"]?.boolValue ?? true { splitters.append(.gpt2) }
    case "Metaspace":
      try readMetaspace(value)
    default:
      throw .unsupported(
        field: "pre_tokenizer", found: "\"\(type)\"", expected: "Split, Digits, ByteLevel, Metaspace and Sequence")
    }
  }

  private mutating func readSplit(_ value: JSONValue) throws(TokenizerError) {
    if let text = value["pattern"]?["String"]?.stringValue {
      // Gemma splits at spaces after its normaliser has replaced them all: that does nothing.
      let isVain = normalization.contains { if case .replace(Array(text.utf8), _) = $0 { true } else { false } }
      guard isVain else {
        throw .unsupported(
          field: "pre_tokenizer", found: "a split at the text \"\(text.prefix(60))\"",
          expected: "splits by the regular expressions of published tokenizers")
      }
      return
    }
    let expression = String(decoding: try Self.text(value["pattern"]?["Regex"], field: "pattern"), as: UTF8.self)
    guard let splitter = SplitPattern.splitter(for: expression) else {
      throw .unsupported(
        field: "pre_tokenizer", found: "a split by the expression \(expression.prefix(1_000))",
        expected: "the expressions of GPT-2, Llama 3, Qwen 2, GPT-4o, Tekken and DeepSeek V3")
    }
    let behavior = value["behavior"]?.stringValue ?? ""
    let isInverted = value["invert"]?.boolValue ?? false
    let isIsolated = behavior == "Isolated" && !isInverted
    // Removing what does not match is the same where everything matches.
    guard isIsolated || (behavior == "Removed" && isInverted && splitter.coversEverything) else {
      throw .unsupported(
        field: "pre_tokenizer", found: "a split with the behavior \"\(behavior.prefix(60))\"", expected: "Isolated")
    }
    splitters.append(splitter)
  }

  private mutating func readMetaspace(_ value: JSONValue) throws(TokenizerError) {
    let replacement = try Self.text(value["replacement"] ?? "▁", field: "pre_tokenizer.replacement")
    guard replacement == Metaspace.utf8, splitters.isEmpty else {
      throw .unsupported(
        field: "pre_tokenizer", found: "a Metaspace after other splits or with another character",
        expected: "a Metaspace with ▁ in the first place")
    }
    normalization.append(.replace([UInt8(ascii: " ")], Metaspace.utf8))
    let addsPrefix = value["add_prefix_space"]?.boolValue ?? true
    switch value["prepend_scheme"]?.stringValue ?? (addsPrefix ? "always" : "never") {
    case "always": normalization.append(.prefix(Metaspace.utf8, .whereMissing))
    case "first": normalization.append(.prefix(Metaspace.utf8, .firstWhereMissing))
    default: break
    }
    splitsAtSpaces = value["split"]?.boolValue ?? true
  }

  // MARK: Values

  static func type(of value: JSONValue, field: String, depth: Int) throws(TokenizerError) -> String {
    guard depth <= deepest else {
      throw .invalid(field: field, found: "a sequence in more than \(deepest) others", expected: "a flat one")
    }
    guard let type = value["type"]?.stringValue else {
      throw .invalid(field: field, found: value.kind.description, expected: "an object with a type")
    }
    return String(type.prefix(60))
  }

  static func text(_ value: JSONValue?, field: String) throws(TokenizerError) -> [UInt8] {
    guard let text = value?.stringValue else {
      throw .invalid(field: field, found: value?.kind.description ?? "nothing", expected: "a text")
    }
    return Array(text.utf8)
  }
}
