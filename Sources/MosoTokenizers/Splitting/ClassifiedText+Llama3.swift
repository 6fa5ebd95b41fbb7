extension ClassifiedText {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  func endOfGPT2Piece(from start: Int, limit: Int) -> Int {
    let contraction = endOfContraction(from: start, limit: limit, ignoringCase: false)
    if contraction > start { return contraction }
    let (kind, _, next) = skipSpace(at: start, limit: limit)
    if kind.meets(.letter) { return endOfRun(of: .letter, from: next, limit: limit) }
    if kind.meets(.number) { return endOfRun(of: .number, from: next, limit: limit) }
    if kind.meets(.space) { return endOfSpaces(from: start, limit: limit) }
    return endOfRun(outside: [.space, .letter, .number], from: next, limit: limit)
  }

  /// The expression of Llama 3, where up to `digits` numbers stay together; Qwen 2 has one and writes `\p{N}`.
  ///
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  func endOfLlama3Piece(from start: Int, limit: Int, digits: Int) -> Int {
    endOfWordPiece(from: start, limit: limit, letters: .letter, digits: digits)
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  func endOfQwen35Piece(from start: Int, limit: Int) -> Int {
    endOfWordPiece(from: start, limit: limit, letters: [.letter, .mark], digits: 1)
  }

  @inline(__always)
  private func endOfWordPiece(from start: Int, limit: Int, letters: CharacterClass, digits: Int) -> Int {
    let contraction = endOfContraction(from: start, limit: limit, ignoringCase: true)
    if contraction > start { return contraction }
    let (first, second) = character(at: start)
    if first.meets(letters) { return endOfRun(of: letters, from: second, limit: limit) }
    if first.meets(.number) { return endOfNumbers(from: start, limit: limit, kind: .number, most: digits) }
    if second < limit, !first.meets(.lineBreak) {
      let (kind, next) = character(at: second)
      if kind.meets(letters) { return endOfRun(of: letters, from: next, limit: limit) }
      // What follows a space and is no letter, number or white space is a run of signs that takes the space along.
      if bytes[start] == 0x20, !kind.meets([.space, .number]) {
        return endOfSigns(from: next, limit: limit, letters: letters)
      }
    }
    if first.meets(.space) { return endOfSpacesOrLines(from: start, limit: limit) }
    return endOfSigns(from: second, limit: limit, letters: letters)
  }

  /// The rest of `[^\s\p{L}\p{N}]+[\r\n]*` after its first character.
  @inline(__always)
  private func endOfSigns(from start: Int, limit: Int, letters: CharacterClass) -> Int {
    let end = endOfRun(outside: letters.union([.space, .number]), from: start, limit: limit)
    return endOfLineBreaks(from: end, limit: limit)
  }
}
