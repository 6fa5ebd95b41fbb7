/// Finding, cutting and replacing parts. Texts are searched as bytes: in UTF-8 no character begins inside another.
extension MarkedText {
  /// The first place of `part` at or after a byte offset.
  func firstOffset(of part: MarkedText, from start: Int = 0) -> Int? {
    // Preparing the search takes as long as the part, which may be longer than the text by far.
    guard part.bytes.count <= bytes.count else { return nil }
    return BytePattern(part.bytes).first(in: bytes, from: start)
  }

  /// The places of `part`, none overlapping another, from the left.
  func offsets(of part: MarkedText, limit: Int = .max) -> [Int] {
    guard !part.isEmpty, part.bytes.count <= bytes.count else { return [] }
    let pattern = BytePattern(part.bytes)
    var found: [Int] = []
    var start = 0
    while found.count < limit, let offset = pattern.first(in: bytes, from: start) {
      found.append(offset)
      start = offset + part.bytes.count
    }
    return found
  }

  /// The places of `part`, none overlapping another, found from the right and given in order.
  func offsetsFromRight(of part: MarkedText, limit: Int = .max) -> [Int] {
    guard !part.isEmpty, part.bytes.count <= bytes.count else { return [] }
    let pattern = BytePattern(part.bytes.reversed())
    let reversed = Array(bytes.reversed())
    var found: [Int] = []
    var start = 0
    while found.count < limit, let offset = pattern.first(in: reversed, from: start) {
      found.append(bytes.count - offset - part.bytes.count)
      start = offset + part.bytes.count
    }
    return found.reversed()
  }

  /// The text with parts replaced that start at `offsets` and are `length` bytes long.
  func replacing(_ offsets: [Int], length: Int, with replacement: MarkedText) -> MarkedText {
    var result = MarkedText()
    result.reserve(bytes.count + offsets.count * (replacement.bytes.count - length))
    var start = 0
    for offset in offsets {
      result.append(self[start..<offset])
      result.append(replacement)
      start = offset + length
    }
    result.append(self[start..<bytes.count])
    return result
  }

  /// The pieces between separators that start at `offsets` and are `length` bytes long.
  func pieces(between offsets: [Int], length: Int) -> [MarkedText] {
    var pieces: [MarkedText] = []
    var start = 0
    for offset in offsets {
      pieces.append(self[start..<offset])
      start = offset + length
    }
    pieces.append(self[start..<bytes.count])
    return pieces
  }

  func starts(with part: MarkedText) -> Bool { bytes.starts(with: part.bytes) }
  func ends(with part: MarkedText) -> Bool { bytes.suffix(part.bytes.count).elementsEqual(part.bytes) }
}

// MARK: - White space

extension MarkedText {
  enum Side { case left, right, both }

  /// The text without white space, or without the characters in `characters`, at its ends.
  func stripped(_ characters: MarkedText? = nil, side: Side = .both) -> MarkedText {
    var start = 0
    var end = bytes.count
    guard let characters else {
      if side != .right { start = Whitespace.leadingEnd(of: bytes, in: 0..<end) }
      if side != .left { end = Whitespace.trailingStart(of: bytes, in: start..<end) }
      return self[start..<end]
    }
    let set = Set(characters.scalarRanges().map(\.scalar))
    while side != .right, start < end {
      let (scalar, length) = UTF8Text.scalar(in: bytes, at: start)
      guard set.contains(scalar) else { break }
      start += length
    }
    while side != .left, end > start {
      let previous = UTF8Text.start(ofScalarBefore: end, in: bytes)
      guard set.contains(UTF8Text.scalar(in: bytes, at: previous).0) else { break }
      end = previous
    }
    return self[start..<end]
  }

  /// The words between runs of white space; at most `limit` cuts, from the left or from the right.
  func words(limit: Int, fromRight: Bool) -> [MarkedText] {
    var words: [MarkedText] = []
    var start = Whitespace.leadingEnd(of: bytes, in: 0..<bytes.count)
    var end = Whitespace.trailingStart(of: bytes, in: start..<bytes.count)
    while start < end {
      guard words.count < limit else {
        // The white space at the far end of the text is not at a cut and stays.
        words.append(fromRight ? self[0..<end] : self[start..<bytes.count])
        break
      }
      if fromRight {
        var cut = end
        while cut > start, !isWhitespace(before: cut) { cut = UTF8Text.start(ofScalarBefore: cut, in: bytes) }
        words.append(self[cut..<end])
        end = Whitespace.trailingStart(of: bytes, in: start..<cut)
      } else {
        var cut = start
        while cut < end, !isWhitespace(at: cut) { cut += UTF8Text.scalar(in: bytes, at: cut).1 }
        words.append(self[start..<cut])
        start = Whitespace.leadingEnd(of: bytes, in: cut..<end)
      }
    }
    return fromRight ? words.reversed() : words
  }

  private func isWhitespace(at offset: Int) -> Bool {
    Whitespace.contains(UTF8Text.scalar(in: bytes, at: offset).0)
  }

  private func isWhitespace(before offset: Int) -> Bool {
    isWhitespace(at: UTF8Text.start(ofScalarBefore: offset, in: bytes))
  }

  /// The lines, with or without their ends, cut where Python's `splitlines` cuts.
  func lines(keepingEnds: Bool) -> [MarkedText] {
    var lines: [MarkedText] = []
    var start = 0
    var offset = 0
    while offset < bytes.count {
      let (scalar, length) = UTF8Text.scalar(in: bytes, at: offset)
      var end = offset + length
      switch scalar.value {
      case 0x0D where end < bytes.count && bytes[end] == 0x0A: end += 1
      case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: break
      default:
        offset = end
        continue
      }
      lines.append(self[start..<(keepingEnds ? end : offset)])
      start = end
      offset = end
    }
    if start < bytes.count { lines.append(self[start..<bytes.count]) }
    return lines
  }
}

/// Searches for some bytes in time proportional to what is searched, whatever the bytes (Knuth, Morris, Pratt).
private struct BytePattern {
  private let pattern: [UInt8]
  /// For each length matched, the longest shorter match that can go on.
  private let fallback: [Int]

  init(_ pattern: [UInt8]) {
    self.pattern = pattern
    var fallback = [Int](repeating: 0, count: pattern.count)
    var length = 0
    for index in pattern.indices.dropFirst() {
      while length > 0, pattern[index] != pattern[length] { length = fallback[length - 1] }
      if pattern[index] == pattern[length] { length += 1 }
      fallback[index] = length
    }
    self.fallback = fallback
  }

  func first(in bytes: [UInt8], from start: Int) -> Int? {
    guard !pattern.isEmpty else { return start <= bytes.count ? start : nil }
    guard start <= bytes.count - pattern.count else { return nil }
    var matched = 0
    for index in start..<bytes.count {
      let byte = bytes[index]
      while matched > 0, byte != pattern[matched] { matched = fallback[matched - 1] }
      if byte == pattern[matched] { matched += 1 }
      if matched == pattern.count { return index - matched + 1 }
    }
    return nil
  }
}
