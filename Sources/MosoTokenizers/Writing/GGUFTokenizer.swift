public import MosoFormats

/// A tokenizer from Hugging Face as the metadata of a GGUF file: the inverse of `Tokenizer.init(metadata:)`.
///
/// Byte-level merges become the model `gpt2`, merges of characters the model `llama`, whose pieces have scores instead.
/// How text is cut before merging becomes one of llama.cpp's names for it (`tokenizer.ggml.pre`); a way without a name
/// cannot be written. GGUF files do not say whether an added token strips white space around it or is found in whole
/// words only.
public struct GGUFTokenizer: Sendable {
  /// The entries `tokenizer.ggml.…` and `tokenizer.chat_template`.
  public private(set) var entries: [GGUFWriter.Entry] = []
  /// In what the file's tokenizer may differ from the original, each in one sentence.
  public private(set) var warnings: [String] = []

  private static let prefix = "tokenizer.ggml."

  /// Takes the tokenizer of a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder, with `tokenizer.json` and the files beside it.
  ///   - vocabularySize: The rows of the model's embedding table: readers expect as many tokens.
  /// - Throws: `TokenizerError` when the tokenizer cannot be read, or a GGUF file cannot say what it does.
  public init(folder: HuggingFaceFolder, vocabularySize: Int) throws(TokenizerError) {
    let draft = try TokenizerDraft(folder)
    do throws(TokenizerError) {
      try self.init(draft, vocabularySize: vocabularySize)
    } catch {
      throw error.inFile(folder.path(of: .tokenizer))
    }
  }

  init(_ draft: TokenizerDraft, vocabularySize: Int) throws(TokenizerError) {
    // Whatever is wrong with it shows here.
    let special = try draft.assembled().special
    guard draft.pieces.count <= vocabularySize else {
      throw .invalid(
        field: "vocabulary", found: "\(draft.pieces.count) tokens", expected: "at most the model's \(vocabularySize)")
    }
    switch draft.model {
    case .byteLevel: try addByteLevel(draft)
    case .characters: try addCharacters(draft, count: vocabularySize)
    case .scoredCharacters: preconditionFailure("no tokenizer.json has scores")
    }
    addTokens(of: draft, count: vocabularySize)
    addSpecial(special, draft)
    for (name, template) in draft.chatTemplates.sorted(by: { $0.key < $1.key }) {
      let key = "tokenizer.chat_template"
      entries.append(.init(name == "default" ? key : "\(key).\(name)", .string(template)))
    }
  }

  mutating func add(_ key: String, _ value: GGUFValue) { entries.append(.init(Self.prefix + key, value)) }

  mutating func warn(_ sentence: String) { warnings.append(sentence) }
}

// MARK: Vocabularies

extension GGUFTokenizer {
  /// The pieces and their types, up to `count`: ids that nothing has get texts that nobody writes.
  private mutating func addTokens(of draft: TokenizerDraft, count: Int) {
    var taken = Set<ExactText>()
    for id in 0..<draft.pieces.count where draft.pieces[id].starts(with: Array("[PAD".utf8)) {
      taken.insert(ExactText(draft.pieces.string(id)))
    }
    var table = StringTable()
    var types: [Int32] = []
    types.reserveCapacity(count)
    table.reserveCapacity(count: count, byteCount: draft.pieces.text.count)
    for id in 0..<count {
      var piece = id < draft.pieces.count ? Array(draft.pieces[id]) : []
      var kind = id < draft.pieces.count ? draft.kinds[id] : .unused
      if piece.isEmpty {
        var text = "[PAD\(id)]"
        while !taken.insert(ExactText(text)).inserted { text += "_" }
        piece = Array(text.utf8)
        kind = .unused
      }
      table.append(unsafe piece.span.bytes)
      types.append(Int32(kind.rawValue))
    }
    add("tokens", .stringTable(table))
    add("token_type", .integers(types))
  }

  private mutating func addByteLevel(_ draft: TokenizerDraft) throws(TokenizerError) {
    let addsSpace = draft.normalization.last == .prefix([UInt8(ascii: " ")], .whereMissing)
    let normalization = addsSpace ? Array(draft.normalization.dropLast()) : draft.normalization
    add("model", .string("gpt2"))
    add("pre", .string(try preTokenizer(of: draft, normalization)))
    var table = StringTable()
    for rank in 0..<draft.merges.count {
      let (left, right) = draft.merges[rank]
      let (leftText, rightText) = (draft.merges.text[left], draft.merges.text[right])
      let space = UInt8(ascii: " ")
      guard !leftText.contains(space), !rightText.contains(space) else {
        throw .invalidMerge(
          index: rank, found: "of pieces with a space", expected: "pieces that spell it as byte-level vocabularies do")
      }
      let merge = leftText + [space] + rightText
      table.append(unsafe merge.span.bytes)
    }
    add("merges", .stringTable(table))
    add("add_space_prefix", .bool(addsSpace))
  }

  /// The name for how text is cut; a normalisation that no name tells is left out with a warning.
  private mutating func preTokenizer(
    of draft: TokenizerDraft, _ normalization: [NormalizationStep]
  ) throws(TokenizerError) -> String {
    let fitting = PreTokenizerName.written.filter { name in
      guard let way = PreTokenizerName(name) else { return false }
      return way.splitters == draft.splitters && way.ignoresMerges == draft.ignoresMerges
    }
    if let name = fitting.first(where: { PreTokenizerName($0)?.normalization == normalization }) { return name }
    guard let name = fitting.first, normalization.allSatisfy({ $0 == .composition }) else {
      throw .unsupported(
        field: "pre_tokenizer", found: "a way to cut text that llama.cpp has no name for",
        expected: "those called \(PreTokenizerName.written.joined(separator: ", "))")
    }
    let isComposed = normalization.contains(.composition)
    warnings.append(
      "text is \(isComposed ? "" : "not ")brought into normalisation form C by the original tokenizer, and a GGUF file "
        + "that calls its way to cut text \(name) cannot say so; only text in another form is cut differently")
    return name
  }
}

// MARK: Special tokens

extension GGUFTokenizer {
  private mutating func addSpecial(_ special: SpecialTokens, _ draft: TokenizerDraft) {
    let named: [(String, Int32?)] = [
      ("bos_token_id", special.beginning), ("eos_token_id", special.end), ("unknown_token_id", special.unknown),
      ("padding_token_id", special.padding),
    ]
    for (key, id) in named {
      if let id { add(key, .uint32(UInt32(bitPattern: id))) }
    }
    add("add_bos_token", .bool(special.addsBeginning))
    add("add_eos_token", .bool(special.addsEnd))
    addEnds(special, draft)
  }

  /// Readers know what ends an answer by its text; two tokens more can be named.
  private mutating func addEnds(_ special: SpecialTokens, _ draft: TokenizerDraft) {
    let texts = (0..<draft.pieces.count).lazy.filter { draft.kinds[$0] != .normal }
    let known = EndOfGeneration.tokens(
      named: [special.end], among: texts.map { (text: draft.pieces.string($0), token: Int32($0)) })
    let unknown = special.endOfGeneration.subtracting(known).sorted()
    for (key, id) in zip(["eot_token_id", "eom_token_id"], unknown) { add(key, .uint32(UInt32(bitPattern: id))) }
    for id in unknown.dropFirst(2) {
      warnings.append("the token \(id) ends an answer, and a GGUF file has no more places to say so")
    }
  }
}
