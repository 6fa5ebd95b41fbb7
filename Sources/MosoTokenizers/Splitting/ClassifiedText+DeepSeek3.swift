extension ClassifiedText {
  /// The end of DeepSeek V3's third expression at `start`, or `start` where it does not match.
  ///
  /// ``[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+``
  func endOfDeepSeek3Match(from start: Int, limit: Int) -> Int {
    let letters: CharacterClass = [.letter, .mark]
    let signs: CharacterClass = [.punctuation, .symbol]
    let (first, second) = character(at: start)
    if first.meets(letters) { return endOfRun(of: letters, from: second, limit: limit) }
    if second < limit {
      // An ASCII sign before Latin letters: every ASCII sign is in the expression's list.
      if bytes[start] < 0x80, first.meets(signs), isLatinLetter(bytes[second]) {
        var position = second + 1
        while position < limit, isLatinLetter(bytes[position]) { position += 1 }
        return position
      }
      let (kind, next) = character(at: second)
      if !first.meets(signs.union(.lineBreak)), kind.meets(letters) {
        return endOfRun(of: letters, from: next, limit: limit)
      }
      if bytes[start] == 0x20, kind.meets(signs) { return endOfSigns(from: next, limit: limit) }
    }
    if first.meets(signs) { return endOfSigns(from: second, limit: limit) }
    if first.meets(.space) { return endOfSpacesOrLines(from: start, limit: limit) }
    return start
  }

  /// The rest of `[\p{P}\p{S}]+[\r\n]*` after its first character.
  private func endOfSigns(from start: Int, limit: Int) -> Int {
    let end = endOfRun(of: [.punctuation, .symbol], from: start, limit: limit)
    return endOfLineBreaks(from: end, limit: limit)
  }

  @inline(__always)
  private func isLatinLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
