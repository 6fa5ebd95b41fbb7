import MosoFormats

extension GGUFTokenizer {
  /// Merges of characters, told by the score of what they lead to.
  mutating func addCharacters(_ draft: TokenizerDraft, count: Int) throws(TokenizerError) {
    let merges = try ScoredMerges(draft)
    add("model", .string("llama"))
    add("pre", .string("default"))
    var scores = merges.scores
    scores += (scores.count..<max(count, scores.count)).map { _ in ScoredMerges.lowest }
    add("scores", .floats(scores))
    add("add_space_prefix", .bool(try addsSpace(draft)))
    if merges.otherCount > 0 {
      warn(
        "\(merges.otherCount) pairs of pieces merge earlier or at all by their scores, which is what a GGUF file holds "
          + "in place of the list of merges; some words may be cut differently")
    }
  }

  /// Whether a text gets a space in front, before spaces become U+2581.
  private func addsSpace(_ draft: TokenizerDraft) throws(TokenizerError) -> Bool {
    let space: NormalizationStep = .replace([UInt8(ascii: " ")], Metaspace.utf8)
    let prefixes = draft.normalization.filter { $0 != space }
    guard draft.normalization.contains(space), prefixes.count <= 1 else { throw unknownNormalization() }
    switch prefixes.first {
    case nil: return false
    case .prefix(Metaspace.utf8, _): return true
    default: throw unknownNormalization()
    }
  }

  private func unknownNormalization() -> TokenizerError {
    .unsupported(
      field: "normalizer", found: "something that a GGUF file of the model llama has no place for",
      expected: "spaces that become ▁, with one in front or none")
  }
}

/// What SentencePiece's rule, by which the best-scored neighbours merge first, needs to do as listed merges do.
///
/// A piece that is made earlier scores higher. This is the same only when the pairs that lead to one piece stand
/// together in the list, as they do in every list that was made from scores.
struct ScoredMerges {
  /// The score of each token.
  private(set) var scores: [Float]
  /// How many pairs merge earlier by their scores than by the list, or could merge though they are not listed.
  private(set) var otherCount = 0

  /// What no merge leads to.
  static let lowest: Float = -1e9
  /// How many such pairs there may be, as a share of those listed.
  private static let otherShare = 0.01

  init(_ draft: TokenizerDraft) throws(TokenizerError) {
    let pieces = draft.pieces
    scores = [Float](repeating: Self.lowest, count: pieces.count)
    var ids: [[UInt8]: Int] = [:]
    for id in 0..<pieces.count where [.normal, .unused, .userDefined].contains(draft.kinds[id]) {
      ids[Array(pieces[id])] = id
    }
    var listed = [Int](repeating: 0, count: pieces.count)
    var place = 0
    var previous = -1
    for rank in 0..<draft.merges.count {
      let (left, right) = draft.merges[rank]
      guard let token = ids[Array(draft.merges.text[left] + draft.merges.text[right])] else { continue }
      if token != previous {
        if listed[token] == 0 {
          scores[token] = -Float(place)
          place += 1
        } else {
          otherCount += 1
        }
        previous = token
      }
      listed[token] += 1
    }
    for id in 0..<pieces.count where draft.kinds[id] == .normal {
      otherCount += max(0, Self.pairCount(of: pieces[id], ids) - listed[id])
    }
    guard Double(otherCount) <= Self.otherShare * Double(draft.merges.count) else {
      throw .unsupported(
        field: "model.merges", found: "a list of which \(otherCount) pairs would merge otherwise by scores",
        expected: "a list made from scores, as that of a SentencePiece model, for GGUF files hold scores")
    }
  }

  /// Into how many pairs of pieces a piece can be taken apart between two characters.
  private static func pairCount(of piece: ArraySlice<UInt8>, _ ids: [[UInt8]: Int]) -> Int {
    guard piece.count <= TokenizerDraft.longestScoredPiece else { return 0 }
    return piece.indices.dropFirst().count { middle in
      piece[middle] & 0xC0 != 0x80 && ids[Array(piece[..<middle])] != nil && ids[Array(piece[middle...])] != nil
    }
  }
}
