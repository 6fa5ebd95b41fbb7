import MosoFormats

extension TokenizerDraft {
  /// The longest text of a token that is looked for in the text itself.
  static var longestAddedToken: Int { 1_024 }

  /// Checks everything and makes the tables.
  consuming func assembled() throws(TokenizerError) -> TokenizerTables {
    // Padding and unknown tokens are named by habit, and nothing that a conversation needs depends on them.
    if let padding = special.padding, !isToken(padding) { special.padding = nil }
    if let unknown = special.unknown, !isToken(unknown) { special.unknown = nil }
    if let unknown = unknownSymbol, !isToken(unknown) { unknownSymbol = nil }
    try checkTokens()
    var (vocabulary, literals) = try makeVocabulary()
    let byteTokens = try makeByteTokens(&vocabulary)
    let merges = try makeMerges(vocabulary, literals: literals)
    let scheme: TokenizationScheme
    if model == .byteLevel {
      let missing = byteTokens.indices.count { byteTokens[$0] < 0 && Self.occursInText(UInt8(truncatingIfNeeded: $0)) }
      if missing > 0 { warnings.append(.missingBytes(count: missing)) }
      scheme = .byteLevel
    } else {
      characters.joinedBeforeSpace = bytesJoinedToSpace(in: vocabulary)
      scheme = .characters(characters)
    }
    return TokenizerTables(
      vocabulary: vocabulary, merges: merges, scheme: scheme, byteTokens: byteTokens, unknownSymbol: unknownSymbol,
      ignoresMerges: ignoresMerges, normalization: normalization, splitters: splitters,
      addedTokens: AddedTokenFinder(addedTokens.filter { !$0.isNormalized }),
      normalizedTokens: AddedTokenFinder(normalizedTokens()),
      rawMarkup: AddedTokenFinder(addedTokens.filter { $0.isNormalized && !$0.isPlainText }), literalTokens: literals,
      special: special,
      chatTemplates: chatTemplates, warnings: warnings)
  }

  /// Whether texts that people write hold this byte: UTF-8 never has some, no character begins with F1 or F2 yet, and
  /// control characters are for machines. SmolLM2's vocabulary goes without 21 such bytes.
  private static func occursInText(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x0a, 0x0d: true
    case 0..<0x20, 0x7f, 0xc0...0xc1, 0xf1...0xf2, 0xf5...0xff: false
    default: true
    }
  }

  private func checkTokens() throws(TokenizerError) {
    guard pieces.count > 0 else { throw .missing(field: "vocabulary", expected: "at least one token") }
    guard pieces.count < 1 << 30 else {
      throw .invalid(field: "vocabulary", found: "\(pieces.count) tokens", expected: "less than a billion")
    }
    precondition(kinds.count == pieces.count, "every token has a kind")
    let named: [(String, Int32?)] = [
      ("beginning-of-sequence token", special.beginning), ("end-of-sequence token", special.end),
    ]
    for (name, id) in named {
      if let id { try check(id, name: name) }
    }
    for id in special.endOfGeneration { try check(id, name: "end-of-generation token") }
    for token in addedTokens {
      try check(token.token, name: "added token")
      guard !token.content.isEmpty, token.content.count <= Self.longestAddedToken else {
        throw .invalid(
          field: "added token \(token.token)", found: "a text of \(token.content.count) bytes",
          expected: "between 1 and \(Self.longestAddedToken)")
      }
    }
  }

  private func isToken(_ id: Int32) -> Bool { id >= 0 && id < pieces.count }

  private func check(_ id: Int32, name: String) throws(TokenizerError) {
    guard isToken(id) else {
      throw .invalid(field: name, found: "\(id)", expected: "an id below the \(pieces.count) of the vocabulary")
    }
  }

  /// The texts of the tokens with the index of those that merges may produce, and the other tokens by their text.
  private func makeVocabulary() throws(TokenizerError) -> (Vocabulary, literals: [ExactText: Int32]) {
    var vocabulary = Vocabulary()
    vocabulary.reserveCapacity(pieces.count, bytes: pieces.text.count)
    var literals: [ExactText: Int32] = [:]
    var isText = [Bool](repeating: false, count: pieces.count)
    var decoder = ByteCharacterDecoder(longest: pieces.longest)
    unsafe pieces.text.withUnsafeBufferPointer { text in
      for token in 0..<pieces.count {
        let piece = unsafe UnsafeBufferPointer(rebasing: text[pieces.range(token)])
        unsafe isText[token] = append(piece, kind: kinds[token], to: &vocabulary, decoder: &decoder)
      }
    }
    for token in 0..<pieces.count where !isText[token] && !pieces[token].isEmpty {
      if let earlier = literals.updateValue(Int32(token), forKey: ExactText(pieces.string(token))) {
        throw .duplicateToken(text: shortened(pieces[token]), first: Int(earlier), second: token)
      }
    }
    if let (first, second) = vocabulary.makeIndex(where: { isText[$0] }) {
      throw .duplicateToken(text: shortened(pieces[Int(first)]), first: Int(first), second: Int(second))
    }
    return (vocabulary, literals)
  }

  /// Appends a piece to the vocabulary and returns whether text may become it by way of merges.
  private func append(
    _ piece: UnsafeBufferPointer<UInt8>, kind: TokenKind, to vocabulary: inout Vocabulary,
    decoder: inout ByteCharacterDecoder
  ) -> Bool {
    switch kind {
    case .control, .unknown, .byte:
      unsafe vocabulary.append(piece, kind: kind)
      return false
    case .userDefined:
      unsafe vocabulary.append(piece, kind: kind)
      return unsafe model != .byteLevel || piece.allSatisfy { (0x21...0x7E).contains($0) }
    case .normal, .unused:
      guard model == .byteLevel, !piece.isEmpty else {
        unsafe vocabulary.append(piece, kind: piece.isEmpty ? .unused : kind)
        return !piece.isEmpty
      }
      decoder.removeAll()
      guard unsafe decoder.append(piece) else {
        // No run of bytes is spelled like this, so no text can become this token.
        unsafe vocabulary.append(piece, kind: .userDefined)
        return false
      }
      unsafe decoder.withBytes { unsafe vocabulary.append($0, kind: kind) }
      return true
    }
  }

  private func makeByteTokens(_ vocabulary: inout Vocabulary) throws(TokenizerError) -> [Int32] {
    if model == .byteLevel { return (0..<256).map { vocabulary.token(for: [UInt8($0)]) ?? -1 } }
    var tokens = [Int32](repeating: -1, count: 256)
    for token in 0..<pieces.count where kinds[token] == .byte {
      guard let byte = Self.byte(spelledBy: pieces[token]) else {
        throw .invalid(
          field: "byte token \(token)", found: "\"\(shortened(pieces[token]))\"", expected: "a text like <0x0A>")
      }
      guard tokens[Int(byte)] < 0 else {
        throw .duplicateToken(text: pieces.string(token), first: Int(tokens[Int(byte)]), second: token)
      }
      if fallsBackToBytes { tokens[Int(byte)] = Int32(token) }
    }
    return tokens
  }

  /// The byte that a text like `<0x0A>` stands for.
  static func byte(spelledBy piece: ArraySlice<UInt8>) -> UInt8? {
    let prefix: [UInt8] = [0x3C, 0x30, 0x78]
    guard piece.count == 6, piece.starts(with: prefix), piece.last == UInt8(ascii: ">") else { return nil }
    var value: UInt8 = 0
    for digit in piece.dropFirst(3).dropLast() {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - UInt8(ascii: "0"))
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | (digit - UInt8(ascii: "A") + 10)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | (digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }

  /// The bytes before a U+2581 in the middle of a token.
  private func bytesJoinedToSpace(in vocabulary: Vocabulary) -> Set<UInt8> {
    var bytes = Set<UInt8>()
    for token in 0..<vocabulary.count where [.normal, .userDefined, .unused].contains(vocabulary.kinds[token]) {
      let text = vocabulary.text(of: token)
      for index in text.indices.dropFirst() where text[index] == 0xE2 && text[index...].starts(with: Metaspace.utf8) {
        bytes.insert(text[index - 1])
      }
    }
    return bytes
  }

  /// The added tokens that are looked for in normalised text, with their own text normalised too.
  private func normalizedTokens() -> [AddedToken] {
    addedTokens.filter(\.isNormalized).map { token in
      var token = token
      let place = NormalizationStep.Place(isFirst: true, isStart: true)
      for step in normalization { token.content = step.applied(to: token.content[...], at: place) ?? token.content }
      return token
    }
  }

  func shortened(_ piece: ArraySlice<UInt8>) -> String { String(decoding: piece.prefix(60), as: UTF8.self) }
}

/// The character that SentencePiece writes for a space.
enum Metaspace {
  static let utf8: [UInt8] = [0xE2, 0x96, 0x81]
}
