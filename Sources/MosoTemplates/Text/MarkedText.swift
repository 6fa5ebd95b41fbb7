import MosoTokenizers

/// A text that remembers, character by character, whether the template wrote it or one of the template's inputs.
///
/// Everything a template computes from a message keeps the message's mark, so a user who types a control token's
/// spelling gets that spelling and never the token. Characters are counted as Python counts them: Unicode scalars.
struct MarkedText: Sendable {
  /// Who wrote a character.
  enum Origin: Sendable, Hashable { case template, input }

  /// Characters of one origin, up to the byte offset `end`.
  struct Run: Sendable, Hashable {
    var end: Int
    var origin: Origin
  }

  enum Marks: Sendable {
    case uniform(Origin)
    case mixed([Run])
  }

  /// The text in UTF-8.
  private(set) var bytes: [UInt8]
  /// The number of Unicode scalars.
  private(set) var count: Int
  private(set) var marks: Marks

  init() {
    bytes = []
    count = 0
    marks = .uniform(.template)
  }

  init(_ string: String, origin: Origin) {
    bytes = Array(string.utf8)
    count = UTF8Text.count(in: bytes[...])
    marks = .uniform(origin)
  }

  /// A text that the template wrote.
  init(_ string: String) { self.init(string, origin: .template) }

  var string: String { String(decoding: bytes, as: UTF8.self) }
  var isEmpty: Bool { bytes.isEmpty }
  var isASCII: Bool { bytes.count == count }

  /// The memory that the marks take, which can be more than the text's own.
  var markBytes: Int { if case .mixed(let runs) = marks { runs.count * MemoryLayout<Run>.stride } else { 0 } }

  /// Whether any character came from an input.
  var hasInput: Bool {
    switch marks {
    case .uniform(let origin): origin == .input && !bytes.isEmpty
    case .mixed: true
    }
  }

  /// The same text with every character marked as `origin`.
  func marked(_ origin: Origin) -> MarkedText {
    var copy = self
    copy.marks = .uniform(origin)
    return copy
  }
}

// MARK: - Building

extension MarkedText {
  mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

  mutating func append(_ other: MarkedText) {
    guard !other.isEmpty else { return }
    guard !isEmpty else {
      // Keeps storage that was reserved.
      bytes.append(contentsOf: other.bytes)
      count = other.count
      marks = other.marks
      return
    }
    switch other.marks {
    case .uniform(let origin): extendMarks(by: other.bytes.count, origin)
    case .mixed(let runs):
      var start = 0
      let base = bytes.count
      for run in runs {
        extendMarks(by: run.end - start, run.origin, from: base + start)
        start = run.end
      }
    }
    bytes.append(contentsOf: other.bytes)
    count += other.count
  }

  mutating func append(_ string: String, origin: Origin = .template) {
    guard !string.isEmpty else { return }
    let before = bytes.count
    bytes.append(contentsOf: string.utf8)
    extendMarks(by: bytes.count - before, origin, from: before)
    count += UTF8Text.count(in: bytes[before...])
  }

  mutating func append(_ scalar: Unicode.Scalar, origin: Origin) {
    let before = bytes.count
    if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
    extendMarks(by: bytes.count - before, origin, from: before)
    count += 1
  }

  /// The text several times, one after another.
  func repeated(_ count: Int) -> MarkedText {
    var result = MarkedText()
    guard count > 0, !isEmpty else { return result }
    result.reserve(bytes.count * count)
    // By doubling, which copies long pieces.
    var piece = self
    var remaining = count
    while true {
      if remaining & 1 == 1 { result.append(piece) }
      remaining >>= 1
      guard remaining > 0 else { return result }
      piece.append(piece)
    }
  }

  private mutating func extendMarks(by length: Int, _ origin: Origin, from start: Int? = nil) {
    let start = start ?? bytes.count
    let end = start + length
    guard start > 0 else {
      marks = .uniform(origin)
      return
    }
    switch marks {
    case .uniform(origin): return
    case .uniform(let other): marks = .mixed([Run(end: start, origin: other), Run(end: end, origin: origin)])
    case .mixed(var runs):
      // Take the array out so that it is grown in place.
      marks = .uniform(.input)
      if let last = runs.indices.last, runs[last].origin == origin {
        runs[last].end = end
      } else {
        runs.append(Run(end: end, origin: origin))
      }
      marks = .mixed(runs)
    }
  }
}

// MARK: - Parts

extension MarkedText {
  /// The characters in a range of byte offsets, which must lie between scalars.
  subscript(range: Range<Int>) -> MarkedText {
    if range == 0..<bytes.count { return self }
    var part = MarkedText()
    guard !range.isEmpty else { return part }
    part.bytes = Array(bytes[range])
    part.count = isASCII ? range.count : UTF8Text.count(in: bytes[range])
    switch marks {
    case .uniform(let origin): part.marks = .uniform(origin)
    case .mixed(let runs):
      var kept: [Run] = []
      for run in runs[runIndex(at: range.lowerBound, in: runs)...] {
        kept.append(Run(end: min(run.end, range.upperBound) - range.lowerBound, origin: run.origin))
        if run.end >= range.upperBound { break }
      }
      part.marks = kept.count == 1 ? .uniform(kept[0].origin) : .mixed(kept)
    }
    return part
  }

  /// Who wrote the character at a byte offset.
  func origin(at offset: Int) -> Origin {
    switch marks {
    case .uniform(let origin): origin
    case .mixed(let runs): runs[runIndex(at: offset, in: runs)].origin
    }
  }

  private func runIndex(at offset: Int, in runs: [Run]) -> Int {
    var low = 0
    var high = runs.count - 1
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The byte offset of the scalar with this index, from 0 to ``count``.
  func offset(ofScalar index: Int) -> Int {
    if isASCII { return index }
    var offset = 0
    var remaining = index
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if remaining == 0 { return offset }
        remaining -= 1
      }
      offset += 1
    }
    return offset
  }

  /// The index of the scalar that starts at a byte offset.
  func scalarIndex(ofOffset offset: Int) -> Int { isASCII ? offset : UTF8Text.count(in: bytes[..<offset]) }

  /// The scalars from `start` up to `end`.
  func scalars(_ start: Int, _ end: Int) -> MarkedText {
    start >= end ? MarkedText() : self[offset(ofScalar: start)..<offset(ofScalar: end)]
  }

  /// Byte offset, length and value of every scalar.
  func scalarRanges() -> [(range: Range<Int>, scalar: Unicode.Scalar)] {
    var all: [(range: Range<Int>, scalar: Unicode.Scalar)] = []
    all.reserveCapacity(count)
    var offset = 0
    while offset < bytes.count {
      let (scalar, length) = UTF8Text.scalar(in: bytes, at: offset)
      all.append((range: offset..<offset + length, scalar: scalar))
      offset += length
    }
    return all
  }

  /// The text as pieces that say whether control tokens may be recognised in them.
  var segments: [TextSegment] {
    switch marks {
    case _ where bytes.isEmpty: return []
    case .uniform(let origin): return [TextSegment(string, mayContainControlTokens: origin == .template)]
    case .mixed(let runs):
      var start = 0
      return runs.map { run in
        defer { start = run.end }
        let text = String(decoding: bytes[start..<run.end], as: UTF8.self)
        return TextSegment(text, mayContainControlTokens: run.origin == .template)
      }
    }
  }
}

// MARK: - Comparing

/// Two texts are equal when their scalars are, whoever wrote them (and unlike `String`, without normalising).
extension MarkedText: Hashable, Comparable {
  static func == (left: MarkedText, right: MarkedText) -> Bool { left.bytes == right.bytes }
  static func == (left: MarkedText, right: String) -> Bool { left.bytes.elementsEqual(right.utf8) }
  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  /// The order of the scalars, which is the order of their UTF-8 bytes.
  static func < (left: MarkedText, right: MarkedText) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
