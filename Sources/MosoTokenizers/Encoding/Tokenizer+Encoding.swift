extension Tokenizer {
  /// The tokens of a plain text, which never becomes a control token.
  ///
  /// - Parameter addBeginning: Whether `beginningOfSequence`, if there is one, comes first.
  public func encode(_ text: String, addBeginning: Bool = false) -> [Int32] {
    encode(wellFormed: Array(text.utf8), trusted: [], addBeginning: addBeginning)
  }

  /// The tokens of a plain text of which it is not known whether it is well-formed UTF-8.
  ///
  /// Each ill-formed part becomes U+FFFD, as with Python's `errors="replace"`.
  public func encode(utf8 bytes: some Sequence<UInt8>, addBeginning: Bool = false) -> [Int32] {
    encode(wellFormed: UTF8Repair.repaired(Array(bytes)), trusted: [], addBeginning: addBeginning)
  }

  /// The tokens of a text in segments, only some of which may contain control tokens.
  ///
  /// Where no control token stands between two segments they are one text: the tokens are those of the whole text, not those
  /// of its segments one by one.
  ///
  /// - Parameter addBeginning: Whether `beginningOfSequence`, if there is one, comes first; it is not doubled when the text
  ///   begins with it already.
  public func encode(_ segments: [TextSegment], addBeginning: Bool = false) -> [Int32] {
    var bytes: [UInt8] = []
    var trusted: [Range<Int>] = []
    for segment in segments {
      let start = bytes.count
      bytes.append(contentsOf: segment.text.utf8)
      guard segment.mayContainControlTokens, bytes.count > start else { continue }
      if let last = trusted.last, last.upperBound == start {
        trusted[trusted.count - 1] = last.lowerBound..<bytes.count
      } else {
        trusted.append(start..<bytes.count)
      }
    }
    return encode(wellFormed: bytes, trusted: trusted, addBeginning: addBeginning)
  }

  private func encode(wellFormed bytes: [UInt8], trusted: [Range<Int>], addBeginning: Bool) -> [Int32] {
    var parts = EncodingParts(bytes, trusted: trusted, tables: tables)
    parts.normalize(tables: tables)
    var encoder = PieceEncoder(parts.text, tables: tables)
    if addBeginning, let beginning = beginningOfSequence, parts.firstToken != beginning { encoder.append(beginning) }
    for part in parts.parts {
      switch part {
      case .token(let token): encoder.append(token)
      case .text(let range): encoder.encode(range)
      }
    }
    return encoder.output
  }
}
