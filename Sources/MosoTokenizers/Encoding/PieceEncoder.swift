/// Turns the pieces of one text into tokens and collects them.
struct PieceEncoder {
  private let tables: TokenizerTables
  private let text: ClassifiedText
  private var recent: RecentPieces
  private var merger = WordMerger()
  private(set) var output: [Int32] = []

  init(_ text: consuming ClassifiedText, tables: TokenizerTables) {
    self.tables = tables
    recent = RecentPieces(byteCount: text.bytes.count)
    output.reserveCapacity(text.bytes.count / 3 + 8)
    self.text = text
  }

  /// Appends a token that was found in the text.
  mutating func append(_ token: Int32) { output.append(token) }

  /// Appends the tokens of a part of the text between two tokens that were found in it.
  mutating func encode(_ range: Range<Int>) {
    switch tables.scheme {
    case .byteLevel: cut(range) { encoder, piece in encoder.encodeBytes(piece) }
    case .characters(let scheme): encodeCharacters(range, scheme: scheme)
    }
  }

  /// Calls `body` with each piece that the splitters cut out of `range`.
  @inline(__always)
  private mutating func cut(_ range: Range<Int>, _ body: (inout PieceEncoder, Range<Int>) -> Void) {
    let splitters = tables.splitters
    var position = range.lowerBound
    if splitters.count == 1 {
      let splitter = splitters[0]
      while position < range.upperBound {
        let end = splitter.endOfPiece(from: position, limit: range.upperBound, in: text)
        body(&self, position..<end)
        position = end
      }
      return
    }
    // Where the current piece of each step ends.
    var ends = [Int](repeating: position, count: splitters.count)
    while position < range.upperBound {
      var limit = range.upperBound
      for step in splitters.indices {
        if ends[step] == position {
          ends[step] = splitters[step].endOfPiece(from: position, limit: limit, in: text)
        }
        limit = ends[step]
      }
      body(&self, position..<limit)
      position = limit
    }
  }

  /// Appends the tokens of a piece, looking first whether it was met before.
  @inline(__always)
  private mutating func recall(_ piece: Range<Int>, or encode: (inout PieceEncoder) -> Void) {
    guard piece.count <= RecentPieces.longest else { return encode(&self) }
    let (slot, known) = unsafe text.bytes.withUnsafeBufferPointer { bytes in
      let slot = unsafe recent.slot(of: piece, in: bytes)
      return unsafe (slot, recent.tokens(at: slot, range: piece, in: bytes))
    }
    if let known {
      for index in known { output.append(output[index]) }
      return
    }
    let first = output.count
    encode(&self)
    recent.remember(piece, tokens: first..<output.count, at: slot)
  }
}

// MARK: Bytes

extension PieceEncoder {
  @inline(__always)
  private mutating func encodeBytes(_ piece: Range<Int>) {
    if piece.count == 1 {
      appendByte(text.bytes[piece.lowerBound])
      return
    }
    recall(piece) { encoder in
      if encoder.tables.ignoresMerges,
        let token = encoder.tables.vocabulary.token(at: piece, in: encoder.text.bytes)
      {
        encoder.output.append(token)
        return
      }
      encoder.mergeBytes(piece)
    }
  }

  private mutating func mergeBytes(_ piece: Range<Int>) {
    merger.symbols.removeAll(keepingCapacity: true)
    for index in piece {
      let token = tables.byteTokens[Int(text.bytes[index])]
      if token >= 0 {
        merger.symbols.append(UInt32(bitPattern: token))
      } else if let unknown = tables.unknownSymbol {
        merger.symbols.append(UInt32(bitPattern: unknown))
      }
    }
    merger.merge(with: tables.merges)
    for symbol in merger.symbols { output.append(Int32(bitPattern: symbol)) }
  }

  /// Appends the token of a byte, or the unknown token; a vocabulary that has neither loses the byte, and warns of it.
  @inline(__always)
  private mutating func appendByte(_ byte: UInt8) {
    let token = tables.byteTokens[Int(byte)]
    if token >= 0 {
      output.append(token)
    } else if let unknown = tables.unknownSymbol {
      output.append(unknown)
    }
  }
}

// MARK: Characters

extension PieceEncoder {
  /// A character that is no token is a symbol of its own: this bit and its code point.
  static var unknownCharacter: UInt32 { 0x8000_0000 }

  private mutating func encodeCharacters(_ range: Range<Int>, scheme: CharacterScheme) {
    var position = range.lowerBound
    while position < range.upperBound {
      let end = endOfCharacterPiece(from: position, limit: range.upperBound, scheme: scheme)
      let piece = position..<end
      let first = output.count
      recall(piece) { encoder in encoder.mergeCharacters(piece, scheme: scheme) }
      // Unknown characters on both sides of a cut are neighbours.
      if scheme.fusesUnknown, !scheme.splitsAtSpaces, position > range.lowerBound, first < output.count,
        output[first] == tables.unknownSymbol, output[first - 1] == output[first]
      {
        output.remove(at: first)
      }
      position = end
    }
  }

  /// The end of the piece at `start`: the next U+2581 that no token reaches across.
  private func endOfCharacterPiece(from start: Int, limit: Int, scheme: CharacterScheme) -> Int {
    var position = start + 1
    while position + 2 < limit {
      if text.bytes[position] == 0xE2, text.bytes[position + 1] == 0x96, text.bytes[position + 2] == 0x81,
        scheme.splitsAtSpaces || !scheme.joinedBeforeSpace.contains(text.bytes[position - 1])
      {
        return position
      }
      position += 1
    }
    return limit
  }

  private mutating func mergeCharacters(_ piece: Range<Int>, scheme: CharacterScheme) {
    if tables.ignoresMerges, let token = tables.vocabulary.token(at: piece, in: text.bytes) {
      output.append(token)
      return
    }
    merger.symbols.removeAll(keepingCapacity: true)
    var position = piece.lowerBound
    while position < piece.upperBound {
      let lead = text.bytes[position]
      let (codePoint, next) =
        lead < 0x80 ? (UInt32(lead), position + 1) : text.longCharacter(at: position, lead: lead)
      let token = tables.vocabulary.token(at: position..<next, in: text.bytes)
      merger.symbols.append(token.map(UInt32.init(bitPattern:)) ?? Self.unknownCharacter | codePoint)
      position = next
    }
    merger.merge(with: tables.merges)
    var followsUnknown = false
    for symbol in merger.symbols {
      if symbol & Self.unknownCharacter == 0 {
        output.append(Int32(bitPattern: symbol))
        followsUnknown = false
      } else if let bytes = byteTokens(ofCharacter: symbol & ~Self.unknownCharacter) {
        output.append(contentsOf: bytes)
        followsUnknown = false
      } else if let unknown = tables.unknownSymbol {
        if !(followsUnknown && scheme.fusesUnknown) { output.append(unknown) }
        followsUnknown = true
      }
    }
  }

  /// The byte tokens of a character, if there are tokens for all of its bytes.
  private func byteTokens(ofCharacter codePoint: UInt32) -> [Int32]? {
    guard let scalar = Unicode.Scalar(codePoint) else { return nil }
    let tokens = scalar.utf8.map { tables.byteTokens[Int($0)] }
    return tokens.contains(-1) ? nil : tokens
  }
}
