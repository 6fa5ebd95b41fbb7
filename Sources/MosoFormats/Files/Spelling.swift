/// Finds what somebody may have meant.
package enum Spelling {
  /// The word that is nearest to one that was written, if it is near enough to have been meant.
  package static func nearest(to word: String, among words: [String]) -> String? {
    let near = words.map { ($0, distance(word, $0)) }
    guard let best = near.min(by: { $0.1 < $1.1 }), best.1 <= max(2, best.0.count / 3) else { return nil }
    return best.0
  }

  /// How many letters must be inserted, removed or replaced to make one word of the other (Levenshtein); words beyond
  /// 64 letters count as far away.
  package static func distance(_ left: String, _ right: String) -> Int {
    let (from, to) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    guard from.count <= 64, to.count <= 64 else { return Int.max }
    var row = Array(0...to.count)
    for (i, letter) in from.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in to.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[to.count]
  }
}
