import MosoFormats

extension TokenizerDraft {
  /// Tokens longer than this many bytes are not taken apart to find what merges into them.
  static var longestScoredPiece: Int { 1_024 }

  /// The merges between tokens; those that involve a control token are left out, so that no text can become one.
  func makeMerges(_ vocabulary: Vocabulary, literals: [ExactText: Int32]) throws(TokenizerError) -> MergeTable {
    switch model {
    case .byteLevel, .characters: try listedMerges(vocabulary, literals: literals)
    case .scoredCharacters: try scoredMerges(vocabulary)
    }
  }

  private func listedMerges(
    _ vocabulary: Vocabulary, literals: [ExactText: Int32]
  ) throws(TokenizerError) -> MergeTable {
    var table = MergeTable(capacity: merges.count)
    // Both halves of a merge next to each other, spelled as the index has them.
    var whole = ByteCharacterDecoder(longest: merges.longest)
    // Most vocabularies list tokens in the order in which merges make them: a good guess saves a look-up.
    var guess = 0
    for rank in 0..<merges.count {
      let middle = appendHalves(of: rank, to: &whole)
      let found = unsafe whole.withBytes { whole -> (left: Int32, right: Int32, token: Int32)? in
        guard let middle,
          let left = unsafe vocabulary.token(for: UnsafeBufferPointer(rebasing: whole[..<middle])),
          let right = unsafe vocabulary.token(for: UnsafeBufferPointer(rebasing: whole[middle...]))
        else { return nil }
        if unsafe vocabulary.isToken(guess, textOf: whole), vocabulary.kinds[guess] == .normal {
          return (left, right, Int32(truncatingIfNeeded: guess))
        }
        return unsafe vocabulary.token(for: whole).map { (left, right, $0) }
      }
      guard let found else {
        try checkUnusable(rank, vocabulary: vocabulary, literals: literals)
        continue
      }
      table.insert(
        left: UInt32(bitPattern: found.left), right: UInt32(bitPattern: found.right), rank: UInt32(rank),
        token: UInt32(bitPattern: found.token))
      guess = Int(found.token) + 1
    }
    return table
  }

  /// Makes `whole` the text of a merge as the index spells it, and returns where its right half begins; `nil` when it has
  /// characters that stand for no byte.
  @inline(__always)
  private func appendHalves(of rank: Int, to whole: inout ByteCharacterDecoder) -> Int? {
    let (left, right) = merges[rank]
    whole.removeAll()
    return unsafe merges.text.withUnsafeBufferPointer { text in
      let (left, right) = unsafe (UnsafeBufferPointer(rebasing: text[left]), UnsafeBufferPointer(rebasing: text[right]))
      guard model == .byteLevel else {
        unsafe whole.append(verbatim: left)
        unsafe whole.append(verbatim: right)
        return left.count
      }
      guard unsafe whole.append(left) else { return nil }
      let middle = whole.count
      return unsafe whole.append(right) ? middle : nil
    }
  }

  /// Throws unless the merge is only unusable because it involves a token that no text may become.
  private func checkUnusable(
    _ rank: Int, vocabulary: Vocabulary, literals: [ExactText: Int32]
  ) throws(TokenizerError) {
    let (leftRange, rightRange) = merges[rank]
    let left = String(decoding: merges.text[leftRange], as: UTF8.self)
    let right = String(decoding: merges.text[rightRange], as: UTF8.self)
    for piece in [left, right, left + right] where literals[ExactText(piece)] == nil {
      let spelled = model == .byteLevel ? ByteCharacters.bytes(spelledBy: piece) ?? [] : Array(piece.utf8)
      if spelled.isEmpty || vocabulary.token(for: spelled) == nil {
        throw .invalidMerge(
          index: rank, found: "of \"\(left.prefix(60))\" and \"\(right.prefix(60))\"",
          expected: "pieces that are in the vocabulary, but \"\(piece.prefix(120))\" is not")
      }
    }
  }

  /// SentencePiece's merges: any two neighbours whose texts together are a token may merge, the best score first.
  private func scoredMerges(_ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
    guard scores.count == pieces.count else {
      throw .invalid(
        field: "scores", found: "a list of \(scores.count)", expected: "one score for each of \(pieces.count) tokens")
    }
    if let index = scores.firstIndex(where: \.isNaN) {
      throw .invalid(field: "score \(index)", found: "not a number", expected: "a number")
    }
    let mergeable = (0..<pieces.count).filter { [.normal, .userDefined, .unused].contains(vocabulary.kinds[$0]) }
    let ordered = mergeable.sorted { scores[$0] > scores[$1] }
    var table = MergeTable(capacity: pieces.count * 4)
    var rank: UInt32 = 0
    var previous = Float.infinity
    for token in ordered {
      if scores[token] < previous { rank += 1 }
      previous = scores[token]
      let text = Array(vocabulary.text(of: token))
      if text.count > Self.longestScoredPiece { continue }
      var middle = 0
      while let next = endOfCharacter(from: middle, in: text), next < text.count {
        middle = next
        if let left = symbol(for: 0..<middle, of: text, in: vocabulary),
          let right = symbol(for: middle..<text.count, of: text, in: vocabulary)
        {
          table.insert(left: left, right: right, rank: rank, token: UInt32(token))
        }
      }
    }
    return table
  }

  private func endOfCharacter(from start: Int, in text: [UInt8]) -> Int? {
    guard start < text.count else { return nil }
    var end = start + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  /// The symbol that merging would have for a text: its token or, for a single character without one, that character.
  private func symbol(for range: Range<Int>, of text: [UInt8], in vocabulary: Vocabulary) -> UInt32? {
    if let token = vocabulary.token(at: range, in: text) { return UInt32(bitPattern: token) }
    guard endOfCharacter(from: range.lowerBound, in: text) == range.upperBound else { return nil }
    let scalars = String(decoding: text[range], as: UTF8.self).unicodeScalars
    return scalars.first.map { PieceEncoder.unknownCharacter | $0.value }
  }
}
