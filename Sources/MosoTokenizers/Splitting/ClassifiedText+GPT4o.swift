extension ClassifiedText {
  /// The expression of GPT-4o. With U = `\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`, L = `\p{Ll}\p{Lm}\p{Lo}\p{M}` and
  /// C = `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`:
  ///
  /// `[^\r\n\p{L}\p{N}]?[U]*[L]+C|[^\r\n\p{L}\p{N}]?[U]+[L]*C|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  func endOfGPT4oPiece(from start: Int, limit: Int) -> Int {
    let word = endOfCasedWord(from: start, limit: limit)
    if word > start {
      return word < limit ? endOfContraction(from: word, limit: limit, ignoringCase: true) : word
    }
    return endOfOtherPiece(from: start, limit: limit, digits: 3)
  }

  /// The expression of Tekken: GPT-4o's without C, and `\p{N}`.
  func endOfTekkenPiece(from start: Int, limit: Int) -> Int {
    let word = endOfCasedWord(from: start, limit: limit)
    if word > start { return word }
    return endOfOtherPiece(from: start, limit: limit, digits: 1)
  }

  private static var upperSide: CharacterClass { [.upper, .caseless, .mark] }
  private static var lowerSide: CharacterClass { [.lower, .caseless, .mark] }

  /// The end of `[^\r\n\p{L}\p{N}]?[U]*[L]+|[^\r\n\p{L}\p{N}]?[U]+[L]*`, or `start`.
  @inline(__always)
  private func endOfCasedWord(from start: Int, limit: Int) -> Int {
    let (first, second) = character(at: start)
    if first.meets(.letter) { return endOfCasedLetters(from: start, limit: limit).end }
    if first.meets([.lineBreak, .number]) { return start }
    // The first character may be the optional one in front; a mark may also be a letter of the word itself. Each
    // alternative is first tried with, then without an optional character, and the first alternative comes first.
    let afterPrefix = second < limit ? endOfCasedLetters(from: second, limit: limit) : (end: second, hasLower: false)
    if afterPrefix.hasLower { return afterPrefix.end }
    if first.meets(.mark) { return endOfCasedLetters(from: start, limit: limit).end }
    return afterPrefix.end > second ? afterPrefix.end : start
  }

  /// The end of `[U]*[L]+|[U]+[L]*`, or `start`, and whether it was the first alternative that matched.
  @inline(__always)
  private func endOfCasedLetters(from start: Int, limit: Int) -> (end: Int, hasLower: Bool) {
    var position = start
    // The end of the last character of the run that could also be in L: there the first alternative falls back to.
    var fallback = start
    while position < limit {
      let (kind, next) = character(at: position)
      if !kind.meets(Self.upperSide) {
        if kind.meets(.lower) { return (endOfRun(of: Self.lowerSide, from: next, limit: limit), true) }
        break
      }
      if kind.meets(Self.lowerSide) { fallback = next }
      position = next
    }
    return fallback > start ? (fallback, true) : (position, false)
  }

  /// `\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  @inline(__always)
  private func endOfOtherPiece(from start: Int, limit: Int, digits: Int) -> Int {
    let (kind, _, next) = skipSpace(at: start, limit: limit)
    if kind.meets(.space) || (bytes[start] == 0x20 && kind.meets([.letter, .number])) {
      return endOfSpacesOrLines(from: start, limit: limit)
    }
    if kind.meets(.number) { return endOfNumbers(from: start, limit: limit, kind: .number, most: digits) }
    var end = endOfRun(outside: [.space, .letter, .number], from: next, limit: limit)
    while end < limit, bytes[end] == 0x0A || bytes[end] == 0x0D || bytes[end] == UInt8(ascii: "/") { end += 1 }
    return end
  }
}
