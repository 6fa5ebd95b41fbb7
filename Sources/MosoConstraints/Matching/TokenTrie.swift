public import MosoTokenizers
import Synchronization

/// The bytes of a vocabulary as a tree, which is made once for a tokenizer and shared by all its constraints.
///
/// Nodes are numbered so that everything below a node follows it: walking the tree is walking a few arrays, and what a
/// constraint does not allow is skipped with all that begins like it.
public final class TokenTrie: Sendable {
  /// How many tokens there are.
  public let vocabularySize: Int
  /// The last byte of each node; node 0 is the root.
  let byte: [UInt8]
  /// The first node that is not below a node.
  let end: [Int32]
  /// How many bytes lead to each node.
  let depth: [Int32]
  /// Where the tokens of each node begin in `nodeTokens`; one entry more than nodes.
  let tokenStart: [Int32]
  let nodeTokens: [Int32]
  /// Where the bytes of each token begin in `text`; one entry more than tokens. Silent tokens have none.
  let textStart: [Int]
  let text: [UInt8]
  /// The tokens without text, such as control tokens, as bits; those that end generation are not among them.
  let silent: [UInt64]
  /// The tokens that end generation, as bits.
  let endOfGeneration: [UInt64]
  /// The bytes that have a token of their own.
  let singleBytes: ByteSet
  /// The bytes of the longest token.
  let longestToken: Int
  /// Masks within the rules that all grammars share.
  let sharedMasks = Mutex<[SharedFrame: FrameMask]>([:])

  /// A state of a rule that all grammars share.
  struct SharedFrame: Hashable {
    let rule: StandardRule
    let state: Int32
  }

  /// The tree of a tokenizer's vocabulary.
  public convenience init(_ tokenizer: Tokenizer) {
    self.init(
      count: tokenizer.vocabularySize, endOfGeneration: tokenizer.endOfGeneration,
      bytes: { tokenizer.isControl($0) ? [] : tokenizer.bytes(of: $0) })
  }

  /// The tree of a vocabulary of `count` tokens; those without bytes are control tokens.
  package init(count: Int, endOfGeneration: Set<Int32>, bytes bytesOf: (Int32) -> [UInt8]) {
    vocabularySize = count
    var text: [UInt8] = []
    var textStart = [0]
    textStart.reserveCapacity(count + 1)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    var silent = [UInt64](repeating: 0, count: (count + 63) / 64)
    var ends = silent
    for token in 0..<Int32(count) {
      if endOfGeneration.contains(token) {
        ends.insert(token)
      } else {
        let bytes = bytesOf(token)
        if bytes.isEmpty { silent.insert(token) } else { entries.append(Entry(token: token, bytes: bytes)) }
        text += bytes
      }
      textStart.append(text.count)
    }
    self.text = text
    self.textStart = textStart
    self.silent = silent
    self.endOfGeneration = ends
    func bytes(of token: Int32) -> ArraySlice<UInt8> { text[textStart[Int(token)]..<textStart[Int(token) + 1]] }
    entries.sort { one, other in
      if one.prefix != other.prefix { return one.prefix < other.prefix }
      let left = bytes(of: one.token)
      let right = bytes(of: other.token)
      if left.count > 8 || right.count > 8 {
        if left.lexicographicallyPrecedes(right) { return true }
        if right.lexicographicallyPrecedes(left) { return false }
      }
      return left.count != right.count ? left.count < right.count : one.token < other.token
    }
    var nodes = Nodes()
    for entry in entries { nodes.add(entry.token, bytes: bytes(of: entry.token)) }
    nodes.close()
    byte = nodes.byte
    end = nodes.end
    depth = nodes.depth
    tokenStart = nodes.tokenStart
    nodeTokens = nodes.tokens
    longestToken = Int(nodes.depth.max() ?? 0)
    var singleBytes = ByteSet()
    for node in nodes.byte.indices where nodes.depth[node] == 1 && nodes.tokenStart[node] < nodes.tokenStart[node + 1] {
      singleBytes.insert(nodes.byte[node])
    }
    self.singleBytes = singleBytes
  }

  /// The bytes of a token that has text.
  func bytes(of token: Int32) -> ArraySlice<UInt8> {
    guard token >= 0, Int(token) < vocabularySize else { return [] }
    return text[textStart[Int(token)]..<textStart[Int(token) + 1]]
  }

  /// A token to be sorted by its bytes.
  private struct Entry {
    let token: Int32
    /// The first eight bytes as a number, which decides almost every comparison.
    let prefix: UInt64

    init(token: Int32, bytes: [UInt8]) {
      self.token = token
      var prefix: UInt64 = 0
      for index in 0..<8 { prefix = prefix << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
      self.prefix = prefix
    }
  }

  /// The arrays of the tree while tokens are added in the order of their bytes.
  private struct Nodes {
    var byte: [UInt8] = [0]
    var end: [Int32] = [0]
    var depth: [Int32] = [0]
    var tokenStart: [Int32] = [0]
    var tokens: [Int32] = []
    private var path: [Int] = [0]

    mutating func add(_ token: Int32, bytes: ArraySlice<UInt8>) {
      var shared = 0
      while shared < bytes.count, shared + 1 < path.count, byte[path[shared + 1]] == bytes[bytes.startIndex + shared] {
        shared += 1
      }
      leave(to: shared)
      for position in shared..<bytes.count {
        path.append(byte.count)
        byte.append(bytes[bytes.startIndex + position])
        depth.append(Int32(position + 1))
        end.append(0)
        tokenStart.append(Int32(tokens.count))
      }
      tokens.append(token)
    }

    private mutating func leave(to length: Int) {
      while path.count > length + 1 { end[path.removeLast()] = Int32(byte.count) }
    }

    mutating func close() {
      leave(to: 0)
      end[0] = Int32(byte.count)
      tokenStart.append(Int32(tokens.count))
    }
  }
}

extension [UInt64] {
  mutating func insert(_ token: Int32) { self[Int(token) >> 6] |= 1 << UInt64(token & 63) }

  mutating func remove(_ token: Int32) { self[Int(token) >> 6] &= ~(1 << UInt64(token & 63)) }

  func contains(_ token: Int32) -> Bool {
    token >= 0 && Int(token) >> 6 < count && self[Int(token) >> 6] >> UInt64(token & 63) & 1 == 1
  }

  mutating func formUnion(_ other: [UInt64]) { for index in indices { self[index] |= other[index] } }
}
