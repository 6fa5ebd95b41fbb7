import Crypto
import MosoFormats
import MosoTokenizers

/// The first 16 bytes of a document's SHA-256: two documents with the same one are the same.
struct DocumentDigest: Sendable, Hashable {
  let high: UInt64
  let low: UInt64

  init(_ bytes: [UInt8]) {
    var words: (UInt64, UInt64) = (0, 0)
    for (place, byte) in SHA256.hash(data: bytes).enumerated().prefix(16) {
      if place < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
    }
    (high, low) = words
  }

  /// A number in `0..<1` that depends on the document and a seed.
  func lot(seed: UInt64) -> Double {
    var bits = high ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
  }
}

/// What a document is cut into.
struct CutDocument: Sendable {
  var tokens: [Int32] = []
  var byteCount = 0
  var digest: DocumentDigest
  var surprisal: Double?
  /// Whether it holds a text that may not be trained on.
  var hasCanary = false
}

/// Cuts documents into tokens; many threads may use one.
struct DocumentCutter: Sendable {
  /// The tokenizer of texts; symbols are tokens as they are.
  let tokenizer: Tokenizer?
  let canaries: [[UInt8]]

  init(tokenizer: Tokenizer?, canaries: [String]) {
    self.tokenizer = tokenizer
    self.canaries = canaries.map { Array($0.utf8) }.filter { !$0.isEmpty }
  }

  func cut(_ document: CorpusDocument) -> CutDocument {
    let bytes = document.bytes
    var cut = CutDocument(digest: DocumentDigest(bytes), surprisal: document.surprisal)
    cut.byteCount = document.byteCount
    cut.hasCanary = canaries.contains { Self.contains($0, in: bytes) }
    if cut.hasCanary { return cut }
    switch document.content {
    case .text(let text): cut.tokens = tokenizer?.encode(utf8: text) ?? []
    case .symbols(let symbols): cut.tokens = symbols.map(Int32.init)
    }
    return cut
  }

  private static func contains(_ part: [UInt8], in bytes: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    let first = part[0]
    return (0...bytes.count - part.count).contains { start in
      bytes[start] == first && bytes[start..<start + part.count].elementsEqual(part)
    }
  }
}
