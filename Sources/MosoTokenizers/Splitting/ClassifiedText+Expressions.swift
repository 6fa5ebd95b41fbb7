// The parts that the expressions share. Alternatives are tried in the order in which an expression lists them.

extension ClassifiedText {
  /// The end of `'s|'t|'re|'ve|'m|'ll|'d` at `start`, or `start`.
  ///
  /// With `ignoringCase` it is `(?i:…)`, and then the long s (U+017F) counts as an s: that is its simple case folding.
  @inline(__always)
  func endOfContraction(from start: Int, limit: Int, ignoringCase: Bool) -> Int {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < limit else { return start }
    return endOfSuffix(from: start, limit: limit, ignoringCase: ignoringCase)
  }

  @inline(never)
  private func endOfSuffix(from start: Int, limit: Int, ignoringCase: Bool) -> Int {
    let fold: UInt8 = ignoringCase ? 0x20 : 0
    let first = bytes[start + 1]
    switch first | (first < 0x80 ? fold : 0) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < limit && bytes[start + 2] | fold == UInt8(ascii: "e") ? start + 3 : start
    case UInt8(ascii: "l"):
      return start + 2 < limit && bytes[start + 2] | fold == UInt8(ascii: "l") ? start + 3 : start
    case 0xC5:
      return ignoringCase && bytes[start + 2] == 0xBF ? start + 3 : start
    default: return start
    }
  }

  /// The end of `\s+(?!\S)|\s+` from `start`, where white space stands: all of it, except that the last character of
  /// several stays with the word that follows.
  @inline(__always)
  func endOfSpaces(from start: Int, limit: Int) -> Int {
    let end = endOfRun(of: .space, from: start, limit: limit)
    if end == limit { return end }
    let last = startOfCharacter(endingAt: end)
    return last > start ? last : end
  }

  /// The end of `\s*[\r\n]+|\s+(?!\S)|\s+` from `start`, where white space stands: up to its last line break, if any.
  @inline(__always)
  func endOfSpacesOrLines(from start: Int, limit: Int) -> Int {
    var position = start
    var afterLineBreak = start
    var last = start
    while position < limit {
      let (kind, next) = character(at: position)
      if !kind.meets(.space) { break }
      if kind.meets(.lineBreak) { afterLineBreak = next }
      last = position
      position = next
    }
    if afterLineBreak > start { return afterLineBreak }
    return position < limit && last > start ? last : position
  }

  /// The end of `[\r\n]*` from `start`.
  @inline(__always)
  func endOfLineBreaks(from start: Int, limit: Int) -> Int {
    var position = start
    while position < limit, bytes[position] == 0x0A || bytes[position] == 0x0D { position += 1 }
    return position
  }

  /// Where the second part of ` ?X+` starts: after a space that an X follows, or at `start`; with the class found there.
  @inline(__always)
  func skipSpace(at start: Int, limit: Int) -> (kind: CharacterClass, start: Int, next: Int) {
    let (kind, next) = character(at: start)
    guard bytes[start] == 0x20, next < limit else { return (kind, start, next) }
    let (second, afterSecond) = character(at: next)
    return second.meets(.space) ? (kind, start, next) : (second, next, afterSecond)
  }
}
