/// A text cut at the tokens that are found in it.
struct EncodingParts {
  enum Part {
    case token(Int32)
    case text(Range<Int>)
  }

  private(set) var text: ClassifiedText
  private(set) var parts: [Part] = []
  private let trusted: [Range<Int>]

  /// Cuts well-formed UTF-8 at the added tokens that are looked for in the text as it is.
  init(_ bytes: [UInt8], trusted: [Range<Int>], tables: TokenizerTables) {
    text = ClassifiedText(bytes)
    self.trusted = trusted
    Self.cut(0..<bytes.count, of: text, at: tables.addedTokens, trusted: trusted, into: &parts)
  }

  /// The token that the text begins with, if one was found there.
  var firstToken: Int32? {
    for part in parts {
      switch part {
      case .token(let token): return token
      case .text(let range): if !range.isEmpty { return nil }
      }
    }
    return nil
  }

  /// Normalises what lies between the tokens, and cuts it at the tokens that are looked for in normalised text.
  mutating func normalize(tables: TokenizerTables) {
    if tables.normalization.isEmpty && tables.normalizedTokens.isEmpty { return }
    cutAtMarkup(tables: tables)
    addEmptyStarts(tables: tables)
    var changedParts: [[UInt8]?] = []
    var isStart = true
    for part in parts {
      guard case .text(let range) = part else {
        isStart = isControl(part, tables: tables)
        changedParts.append(nil)
        continue
      }
      let place = NormalizationStep.Place(isFirst: range.lowerBound == 0, isStart: isStart)
      var changed: [UInt8]?
      for step in tables.normalization {
        changed = step.applied(to: changed.map { $0[...] } ?? text.bytes[range], at: place) ?? changed
      }
      changedParts.append(changed)
      isStart = false
    }
    let isUnchanged = changedParts.allSatisfy { $0 == nil }
    if isUnchanged && tables.normalizedTokens.isEmpty { return }

    var bytes: [UInt8] = isUnchanged ? text.bytes : []
    var stillTrusted: [Range<Int>] = isUnchanged ? trusted : []
    var ranges: [Part] = []
    for (part, changed) in zip(parts, changedParts) {
      guard case .text(let range) = part, !isUnchanged else {
        ranges.append(part)
        continue
      }
      let start = bytes.count
      bytes.append(contentsOf: changed.map { $0[...] } ?? text.bytes[range])
      ranges.append(.text(start..<bytes.count))
      // Once a part has changed nobody knows which of its bytes came from where: it is trusted as a whole or not at all.
      if isTrusted(range) {
        stillTrusted.append(start..<bytes.count)
      }
    }
    text = ClassifiedText(bytes)
    parts = []
    for part in ranges {
      switch part {
      case .token: parts.append(part)
      case .text(let range):
        Self.cut(range, of: text, at: tables.normalizedTokens, trusted: stillTrusted, into: &parts)
      }
    }
  }

  /// Cuts parts that are trusted only here and there at the markup in what is trusted.
  ///
  /// Markup is looked for in normalised text, where nobody knows any more which bytes were trusted. A prompt in which no
  /// markup stands between what the template wrote and what a user typed would lose all of it.
  private mutating func cutAtMarkup(tables: TokenizerTables) {
    if tables.normalization.isEmpty || tables.rawMarkup.isEmpty || trusted.isEmpty { return }
    var result: [Part] = []
    for part in parts {
      guard case .text(let range) = part, !isTrusted(range) else {
        result.append(part)
        continue
      }
      Self.cut(range, of: text, at: tables.rawMarkup, trusted: trusted, into: &result)
    }
    parts = result
  }

  /// Whether all of a part may hold control tokens.
  private func isTrusted(_ range: Range<Int>) -> Bool {
    // The last range that begins at or before the part; there may be as many as a prompt has pieces.
    var low = 0
    var high = trusted.count
    while low < high {
      let middle = (low + high) / 2
      if trusted[middle].lowerBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low > 0 && range.upperBound <= trusted[low - 1].upperBound
  }

  /// Puts an empty text before each token that counts as text and starts one, so that a prefix can go there.
  private mutating func addEmptyStarts(tables: TokenizerTables) {
    guard tables.normalization.contains(where: { if case .prefix(_, .atStarts) = $0 { true } else { false } }) else {
      return
    }
    var isStart = true
    var result: [Part] = []
    for part in parts {
      if case .token = part {
        let isControl = isControl(part, tables: tables)
        if isStart, !isControl { result.append(.text(0..<0)) }
        isStart = isControl
      } else {
        isStart = false
      }
      result.append(part)
    }
    parts = result
  }

  private func isControl(_ part: Part, tables: TokenizerTables) -> Bool {
    guard case .token(let token) = part else { return false }
    let kind = tables.vocabulary.kinds[Int(token)]
    return kind == .control || kind == .unknown
  }

  private static func cut(
    _ range: Range<Int>, of text: borrowing ClassifiedText, at tokens: AddedTokenFinder, trusted: [Range<Int>],
    into parts: inout [Part]
  ) {
    var position = range.lowerBound
    tokens.forEachMatch(in: text, range: range, trusted: trusted) { match in
      if position < match.range.lowerBound { parts.append(.text(position..<match.range.lowerBound)) }
      parts.append(.token(match.token.token))
      position = match.range.upperBound
    }
    if position < range.upperBound { parts.append(.text(position..<range.upperBound)) }
  }
}
