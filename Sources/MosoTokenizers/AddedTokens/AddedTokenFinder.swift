/// Finds added tokens in a text: at each place the longest one, from left to right.
struct AddedTokenFinder: Sendable {
  /// One node of a tree of bytes; children are a linked list.
  private struct Node {
    var byte: UInt8
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// Which of `tokens` ends here.
    var token: Int32 = -1
  }

  /// A token found, and the text it takes.
  struct Match {
    let token: AddedToken
    let range: Range<Int>
  }

  let tokens: [AddedToken]
  /// For each token, whether it may be found in text that no one vouches for.
  private let isPlainText: [Bool]
  private var nodes: [Node] = []
  private var roots = [Int32](repeating: -1, count: 256)
  /// Whether some token may be found in text that no one vouches for.
  let findsPlainText: Bool

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    isPlainText = tokens.map(\.isPlainText)
    findsPlainText = isPlainText.contains(true)
    for (index, token) in tokens.enumerated() { insert(token.content, index: Int32(index)) }
  }

  var isEmpty: Bool { tokens.isEmpty }

  private mutating func insert(_ content: [UInt8], index: Int32) {
    guard let first = content.first else { return }
    if roots[Int(first)] < 0 { roots[Int(first)] = appendNode(first) }
    var node = Int(roots[Int(first)])
    for byte in content.dropFirst() {
      var child = nodes[node].firstChild
      while child >= 0, nodes[Int(child)].byte != byte { child = nodes[Int(child)].nextSibling }
      if child < 0 {
        child = appendNode(byte)
        nodes[Int(child)].nextSibling = nodes[node].firstChild
        nodes[node].firstChild = child
      }
      node = Int(child)
    }
    // Of two tokens with the same text the first one counts.
    if nodes[node].token < 0 { nodes[node].token = index }
  }

  private mutating func appendNode(_ byte: UInt8) -> Int32 {
    nodes.append(Node(byte: byte))
    return Int32(nodes.count - 1)
  }

  /// Calls `body` with each match in `range`, in order, and with where it was found before any white space was added to it.
  ///
  /// `trusted` are the parts of the text, in order and apart, in which control tokens may be found.
  func forEachMatch(
    in text: borrowing ClassifiedText, range: Range<Int>, trusted: [Range<Int>], _ body: (Match) -> Void
  ) {
    if isEmpty || (trusted.isEmpty && !findsPlainText) { return }
    var trust = trusted[...]
    var position = range.lowerBound
    var previousEnd = range.lowerBound
    while position < range.upperBound {
      while let first = trust.first, first.upperBound <= position { trust = trust.dropFirst() }
      if trust.isEmpty, !findsPlainText { return }
      let root = roots[Int(text.bytes[position])]
      guard root >= 0,
        let (token, end) = longest(
          in: text.bytes, at: position, root: root, limit: range.upperBound, trust: trust.first)
      else {
        position += 1
        continue
      }
      let found = position..<end
      position = end
      if token.isSingleWord, touchesWord(found, in: text, range: range) { continue }
      var taken = found
      if token.stripsLeft {
        var start = found.lowerBound
        while start > previousEnd, case let before = text.startOfCharacter(endingAt: start),
          text.character(at: before).kind.meets(.space)
        { start = before }
        taken = start..<taken.upperBound
      }
      if token.stripsRight {
        taken = taken.lowerBound..<text.endOfRun(of: .space, from: taken.upperBound, limit: range.upperBound)
      }
      body(Match(token: token, range: max(taken.lowerBound, previousEnd)..<taken.upperBound))
      previousEnd = taken.upperBound
    }
  }

  /// The longest token that starts at `start` and may be found there, with its end.
  @inline(__always)
  private func longest(
    in bytes: [UInt8], at start: Int, root: Int32, limit: Int, trust: Range<Int>?
  ) -> (AddedToken, Int)? {
    var trustedEnd = start
    if let trust, trust.contains(start) { trustedEnd = trust.upperBound }
    var best: (AddedToken, Int)?
    var node = Int(root)
    var position = start + 1
    while true {
      let index = nodes[node].token
      if index >= 0, position <= trustedEnd || isPlainText[Int(index)] {
        best = (tokens[Int(index)], position)
      }
      guard position < limit else { return best }
      var child = nodes[node].firstChild
      while child >= 0, nodes[Int(child)].byte != bytes[position] { child = nodes[Int(child)].nextSibling }
      guard child >= 0 else { return best }
      node = Int(child)
      position += 1
    }
  }

  private func touchesWord(_ found: Range<Int>, in text: borrowing ClassifiedText, range: Range<Int>) -> Bool {
    if found.lowerBound > range.lowerBound,
      text.character(at: text.startOfCharacter(endingAt: found.lowerBound)).kind.meets(.word)
    {
      return true
    }
    return found.upperBound < range.upperBound && text.character(at: found.upperBound).kind.meets(.word)
  }
}
