public import MosoFormats

extension Tokenizer {
  /// Makes the tokenizer that the metadata of a GGUF file describes (its keys `tokenizer.ggml.…` and
  /// `tokenizer.chat_template`).
  ///
  /// - Throws: `TokenizerError` that names the key, what was found and what was expected.
  public init(metadata: GGUFMetadata) throws(TokenizerError) {
    let reader = GGUFTokenizerReader(metadata: metadata)
    do throws(TokenizerError) {
      tables = try reader.draft().assembled()
    } catch {
      throw error.inFile(metadata.path)
    }
  }
}

/// Reads the tokenizer keys of a GGUF file.
struct GGUFTokenizerReader {
  let metadata: GGUFMetadata

  private static let prefix = "tokenizer.ggml."

  func draft() throws(TokenizerError) -> TokenizerDraft {
    guard let model = try string("model") else {
      throw .missing(field: Self.prefix + "model", expected: "the kind of tokenizer, such as gpt2 or llama")
    }
    var draft: TokenizerDraft
    switch model {
    case "gpt2":
      draft = TokenizerDraft(model: .byteLevel)
      try readTokens(into: &draft)
      try readByteLevel(into: &draft)
    case "llama":
      draft = TokenizerDraft(model: .scoredCharacters)
      try readTokens(into: &draft)
      try readScored(into: &draft)
    default:
      throw .unsupported(
        field: Self.prefix + "model", found: "\"\(model.prefix(60))\"",
        expected: "gpt2 (byte-level merges) and llama (SentencePiece)")
    }
    draft.special.padding = try id("padding_token_id")
    try readEndOfGeneration(into: &draft)
    addTokensFoundInText(to: &draft)
    try readChatTemplates(into: &draft)
    return draft
  }

  // MARK: Parts

  private func readTokens(into draft: inout TokenizerDraft) throws(TokenizerError) {
    let key = Self.prefix + "tokens"
    guard let table = try reading({ () throws(FormatError) in try metadata.stringTable(key) }) else {
      throw .missing(field: key, expected: "the list of tokens")
    }
    try checkSize(of: table, key: key)
    draft.pieces.text = table.bytes
    draft.pieces.reserveCapacity(table.count, bytes: 0)
    for index in 0..<table.count { draft.pieces.append(table.range(index)) }
    draft.kinds = try kinds(count: table.count)
  }

  private func checkSize(of table: StringTable, key: String) throws(TokenizerError) {
    guard table.bytes.count <= PieceList.largestText else {
      throw .invalid(field: key, found: "\(table.bytes.count) bytes of text", expected: "at most 2 GB")
    }
  }

  private func kinds(count: Int) throws(TokenizerError) -> [TokenKind] {
    let key = Self.prefix + "token_type"
    guard let numbers = try reading({ () throws(FormatError) in try metadata.integers(key, in: 0...255) }) else {
      return [TokenKind](repeating: .normal, count: count)
    }
    guard numbers.count == count else {
      throw .invalid(field: key, found: "a list of \(numbers.count)", expected: "one type for each of \(count) tokens")
    }
    var kinds: [TokenKind] = []
    kinds.reserveCapacity(count)
    for (index, number) in numbers.enumerated() {
      guard let kind = TokenKind(rawValue: UInt8(number)) else {
        throw .invalid(field: "\(key)[\(index)]", found: "\(number)", expected: "a type from 1 to 6")
      }
      kinds.append(kind)
    }
    return kinds
  }

  private func readByteLevel(into draft: inout TokenizerDraft) throws(TokenizerError) {
    let key = Self.prefix + "merges"
    guard let table = try reading({ () throws(FormatError) in try metadata.stringTable(key) }) else {
      throw .missing(field: key, expected: "the list of merges")
    }
    try checkSize(of: table, key: key)
    draft.merges.text = table.bytes
    draft.merges.reserveCapacity(table.count)
    for index in 0..<table.count { try draft.merges.append(spaced: table.range(index)) }

    var name: PreTokenizerName?
    if let pre = try string("pre"), pre != "default" {
      name = PreTokenizerName(pre)
      if name == nil { draft.warnings.append(.unknownPreTokenizer(name: String(pre.prefix(60)))) }
    } else {
      draft.warnings.append(.missingPreTokenizer)
    }
    draft.splitters = name?.splitters ?? [.gpt2]
    draft.normalization = name?.normalization ?? []
    draft.ignoresMerges = name?.ignoresMerges ?? false
    if try bool("add_space_prefix") ?? false {
      draft.normalization.append(.prefix([UInt8(ascii: " ")], .whereMissing))
    }
    draft.special.beginning = try id("bos_token_id")
    draft.special.end = try id("eos_token_id")
    draft.special.unknown = try id("unknown_token_id")
    draft.special.addsBeginning = try bool("add_bos_token") ?? name?.addsBeginning ?? false
    draft.special.addsEnd = try bool("add_eos_token") ?? false
  }

  private func readScored(into draft: inout TokenizerDraft) throws(TokenizerError) {
    let key = Self.prefix + "scores"
    guard let scores = try reading({ () throws(FormatError) in try metadata.floats(key) }) else {
      throw .missing(field: key, expected: "the score of each token")
    }
    draft.scores = scores
    let addsPrefix = try bool("add_space_prefix") ?? true
    if addsPrefix { draft.normalization.append(.prefix(Metaspace.utf8, .atStarts)) }
    draft.normalization.append(.replace([UInt8(ascii: " ")], Metaspace.utf8))
    draft.characters.stripsLeadingSpace = addsPrefix
    draft.special.beginning = try id("bos_token_id") ?? 1
    draft.special.end = try id("eos_token_id") ?? 2
    draft.special.unknown = try id("unknown_token_id") ?? 0
    draft.unknownSymbol = draft.special.unknown
    draft.special.addsBeginning = try bool("add_bos_token") ?? true
    draft.special.addsEnd = try bool("add_eos_token") ?? false
  }

  private func readEndOfGeneration(into draft: inout TokenizerDraft) throws(TokenizerError) {
    var named: [(text: String, token: Int32)] = []
    for token in 0..<draft.pieces.count {
      // Only a few tokens begin like one of the texts, and only those are worth a String.
      guard let first = draft.pieces[token].first, first == UInt8(ascii: "<") || first == UInt8(ascii: "[") else {
        continue
      }
      let text = draft.pieces.string(token)
      if draft.kinds[token] == .normal {
        guard EndOfGeneration.isUnmistakable(text) else { continue }
        draft.kinds[token] = .control
      }
      named.append((text, Int32(token)))
    }
    let byID = [draft.special.end, try id("eot_token_id"), try id("eom_token_id")]
    draft.special.endOfGeneration = EndOfGeneration.tokens(named: byID, among: named)
  }

  private func addTokensFoundInText(to draft: inout TokenizerDraft) {
    for token in 0..<draft.pieces.count {
      let kind = draft.kinds[token]
      guard kind == .control || kind == .userDefined || kind == .unknown, !draft.pieces[token].isEmpty else { continue }
      draft.addedTokens.append(
        AddedToken(token: Int32(token), content: Array(draft.pieces[token]), isControl: kind != .userDefined))
    }
  }

  private func readChatTemplates(into draft: inout TokenizerDraft) throws(TokenizerError) {
    let key = "tokenizer.chat_template"
    for name in metadata.keys where name.hasPrefix(key) {
      guard let template = try reading({ () throws(FormatError) in try metadata.string(name) }) else { continue }
      if name == key {
        draft.chatTemplates["default"] = template
      } else if name.hasPrefix(key + ".") {
        draft.chatTemplates[String(name.dropFirst(key.count + 1))] = template
      }
    }
  }

  // MARK: Values

  private func string(_ name: String) throws(TokenizerError) -> String? {
    try reading { () throws(FormatError) in try metadata.string(Self.prefix + name) }
  }

  private func bool(_ name: String) throws(TokenizerError) -> Bool? {
    try reading { () throws(FormatError) in try metadata.bool(Self.prefix + name) }
  }

  private func id(_ name: String) throws(TokenizerError) -> Int32? {
    try reading { () throws(FormatError) in
      try metadata.integer(Self.prefix + name, in: 0...Int(Int32.max)).map { Int32($0) }
    }
  }

  private func reading<Value>(_ body: () throws(FormatError) -> Value) throws(TokenizerError) -> Value {
    do throws(FormatError) {
      return try body()
    } catch {
      throw .format(error)
    }
  }
}
