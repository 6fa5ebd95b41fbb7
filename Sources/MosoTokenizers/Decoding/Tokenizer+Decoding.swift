import MosoFormats

extension Tokenizer {
  /// The text of `tokens`.
  ///
  /// Bytes that are not well-formed UTF-8 become U+FFFD. Ids that the vocabulary does not have stand for nothing.
  ///
  /// - Parameter skipControlTokens: Whether tokens that steer the model are left out, or spelled like `<|im_end|>`.
  public func decode(_ tokens: some Sequence<Int32>, skipControlTokens: Bool = true) -> String {
    var detokenizer = StreamingDetokenizer(self, skipControlTokens: skipControlTokens)
    return detokenizer.append(tokens) + detokenizer.finish()
  }

  /// The bytes that `token` stands for in a text: for a control token those of its name, and none for an id that the
  /// vocabulary does not have.
  ///
  /// A character may be spread over several tokens, so these bytes need not be well-formed UTF-8.
  public func bytes(of token: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    appendBytes(of: token, to: &bytes)
    return bytes
  }

  /// How the vocabulary spells `token`, such as `Ġthe`, `▁the`, `<0x0A>` or `<|im_end|>`; `nil` for an unknown id.
  public func piece(of token: Int32) -> String? {
    guard isInVocabulary(token) else { return nil }
    let text = tables.vocabulary.text(of: Int(token))
    let kind = tables.vocabulary.kinds[Int(token)]
    let isSpelled = tables.scheme == .byteLevel && (kind == .normal || kind == .unused)
    return isSpelled ? ByteCharacters.piece(for: text) : String(decoding: text, as: UTF8.self)
  }

  /// The token that the vocabulary spells as `piece`.
  public func token(forPiece piece: String) -> Int32? {
    if let token = tables.literalTokens[ExactText(piece)] { return token }
    guard tables.scheme == .byteLevel else { return tables.vocabulary.token(for: Array(piece.utf8)) }
    return ByteCharacters.bytes(spelledBy: piece).flatMap { tables.vocabulary.token(for: $0) }
  }

  /// Whether `token` steers the model and stands for no text.
  public func isControl(_ token: Int32) -> Bool {
    guard isInVocabulary(token) else { return false }
    let kind = tables.vocabulary.kinds[Int(token)]
    return kind == .control || kind == .unknown
  }

  /// Whether `token` is one byte of a character that has no token, like `<0x0A>`.
  public func isByte(_ token: Int32) -> Bool {
    isInVocabulary(token) && tables.vocabulary.kinds[Int(token)] == .byte
  }

  private func isInVocabulary(_ token: Int32) -> Bool { token >= 0 && token < tables.vocabulary.count }

  /// Appends the bytes that `token` stands for.
  func appendBytes(of token: Int32, to bytes: inout [UInt8]) {
    guard isInVocabulary(token) else { return }
    let text = tables.vocabulary.text(of: Int(token))
    guard case .characters(let scheme) = tables.scheme else {
      bytes.append(contentsOf: text)
      return
    }
    switch tables.vocabulary.kinds[Int(token)] {
    case .byte:
      if let byte = TokenizerDraft.byte(spelledBy: text) { bytes.append(byte) }
    case .control, .unknown:
      bytes.append(contentsOf: text)
    case .normal, .unused, .userDefined:
      guard scheme.decodesSpaces else { return bytes.append(contentsOf: text) }
      var index = text.startIndex
      while index < text.endIndex {
        if text[index] == 0xE2, text[index...].starts(with: Metaspace.utf8) {
          bytes.append(UInt8(ascii: " "))
          index += 3
        } else {
          bytes.append(text[index])
          index += 1
        }
      }
    }
  }
}
