/// Normalisation form C (Unicode Standard Annex 15): letters and their accents as one character where there is one.
struct CanonicalComposer {
  private let table = CanonicalTable.shared

  /// The bytes of well-formed UTF-8 in form C, or `nil` when they are in it already.
  func composed(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8]? {
    // No character below U+0300 changes or is changed, and all above it start with a byte from 0xCC on.
    guard bytes.contains(where: { $0 >= 0xCC }) else { return nil }
    let source = ClassifiedText(Array(bytes))
    var result: [UInt8] = []
    var copied = 0
    var position = 0
    while position < source.bytes.count {
      let segment = endOfSegment(from: position, in: source)
      if !segment.isComposed {
        result.append(contentsOf: source.bytes[copied..<position])
        appendComposed(position..<segment.end, of: source, to: &result)
        copied = segment.end
      }
      position = segment.end
    }
    if copied == 0 { return nil }
    result.append(contentsOf: source.bytes[copied...])
    return result
  }

  /// The end of a character and all that may interact with it, and whether they surely are in form C.
  @inline(__always)
  private func endOfSegment(from start: Int, in text: borrowing ClassifiedText) -> (end: Int, isComposed: Bool) {
    var isComposed = true
    var lastClass: UInt8 = 0
    var position = start
    while position < text.bytes.count {
      let lead = text.bytes[position]
      let (codePoint, next) =
        lead < 0x80 ? (UInt32(lead), position + 1) : text.longCharacter(at: position, lead: lead)
      let entry = table[codePoint]
      if entry.isBoundary {
        if position > start { break }
      } else {
        if entry.isDecomposed || entry.mayCompose { isComposed = false }
        let combiningClass = entry.combiningClass
        if combiningClass != 0, combiningClass < lastClass { isComposed = false }
        lastClass = combiningClass
      }
      position = next
    }
    return (position, isComposed)
  }

  private func appendComposed(_ range: Range<Int>, of text: borrowing ClassifiedText, to result: inout [UInt8]) {
    var characters: [UInt32] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let lead = text.bytes[position]
      let (codePoint, next) =
        lead < 0x80 ? (UInt32(lead), position + 1) : text.longCharacter(at: position, lead: lead)
      decompose(codePoint, into: &characters)
      position = next
    }
    order(&characters)
    compose(&characters)
    for codePoint in characters {
      guard let scalar = Unicode.Scalar(codePoint) else { continue }
      result.append(contentsOf: scalar.utf8)
    }
  }

  private func decompose(_ codePoint: UInt32, into characters: inout [UInt32]) {
    if Hangul.syllables.contains(codePoint) {
      let (leading, vowel, trailing) = Hangul.letters(of: codePoint)
      characters.append(leading)
      characters.append(vowel)
      if trailing != 0 { characters.append(trailing) }
    } else if let (first, second) = table.decomposition(of: codePoint) {
      decompose(first, into: &characters)
      if let second { decompose(second, into: &characters) }
    } else {
      characters.append(codePoint)
    }
  }

  /// Sorts each run of combining characters by class; equal classes keep their order.
  private func order(_ characters: inout [UInt32]) {
    var start = 0
    while start < characters.count {
      var end = start
      while end < characters.count, table[characters[end]].combiningClass != 0 { end += 1 }
      if end - start > 1 {
        let keyed = characters[start..<end].enumerated().map { offset, codePoint in
          (UInt64(table[codePoint].combiningClass) << 32 | UInt64(offset), codePoint)
        }
        characters.replaceSubrange(start..<end, with: keyed.sorted { $0.0 < $1.0 }.map(\.1))
      }
      start = max(end, start + 1)
    }
  }

  private func compose(_ characters: inout [UInt32]) {
    var kept = 0
    var starter: Int?
    // The class of the last character kept after the starter; what follows it joins the starter only with a higher one.
    var lastClass = -1
    for codePoint in characters {
      let combiningClass = Int(table[codePoint].combiningClass)
      if let starter, lastClass < combiningClass,
        let joined = Hangul.composition(of: characters[starter], codePoint)
          ?? table.composition(of: characters[starter], codePoint)
      {
        characters[starter] = joined
        continue
      }
      if combiningClass == 0 {
        starter = kept
        lastClass = -1
      } else {
        lastClass = combiningClass
      }
      characters[kept] = codePoint
      kept += 1
    }
    characters.removeLast(characters.count - kept)
  }
}
