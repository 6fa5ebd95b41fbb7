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
    if case .token(let token) = parts.first { token } else { nil }
  }

  /// Normalises what lies between the tokens, and cuts it at the tokens that are looked for in normalised text.
  mutating func normalize(tables: TokenizerTables) {
    if tables.normalization.isEmpty && tables.normalizedTokens.isEmpty { return }
    var changedParts: [[UInt8]?] = []
    for part in parts {
      guard case .text(let range) = part else {
        changedParts.append(nil)
        continue
      }
      var changed: [UInt8]?
      for step in tables.normalization {
        let current = changed.map { $0[...] } ?? text.bytes[range]
        changed = step.applied(to: current, isFirst: range.lowerBound == 0) ?? changed
      }
      changedParts.append(changed)
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
      if trusted.contains(where: { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }) {
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
