import MosoFormats

extension HuggingFaceFile {
  /// What the file says, together with the files beside it.
  ///
  /// - Parameter size: The length of the file in bytes, which bounds how many ids it may speak of.
  func draft(_ settings: HuggingFaceSettings, size: Int) throws(TokenizerError) -> TokenizerDraft {
    try checkModel()
    let pipeline = try HuggingFacePipeline(self)
    let decoder = try HuggingFaceDecoder(members["decoder"] ?? .null)
    let isByteLevel = pipeline.isByteLevel || decoder.isByteLevel
    var draft = TokenizerDraft(model: isByteLevel ? .byteLevel : .characters)
    draft.normalization = pipeline.normalization
    draft.splitters = pipeline.splitters
    draft.ignoresMerges = model["ignore_merges"]?.boolValue ?? false
    draft.fallsBackToBytes = model["byte_fallback"]?.boolValue ?? false
    draft.characters.splitsAtSpaces = pipeline.splitsAtSpaces
    draft.characters.fusesUnknown = model["fuse_unk"]?.boolValue ?? false
    draft.characters.decodesSpaces = decoder.decodesSpaces
    draft.characters.stripsLeadingSpace = decoder.stripsLeadingSpace
    guard isByteLevel || pipeline.splitters.isEmpty else {
      throw .unsupported(
        field: "pre_tokenizer", found: "a split without ByteLevel", expected: "ByteLevel after it, or Metaspace alone")
    }

    let added = try readAddedTokens()
    try placeTokens(added, size: size, into: &draft)
    draft.addedTokens = added
    draft.merges = merges
    try nameTokens(settings.configuration, into: &draft)
    draft.special.endOfGeneration.formUnion(settings.endTokens)
    draft.chatTemplates = settings.chatTemplates
    return draft
  }

  private func checkModel() throws(TokenizerError) {
    let type = model["type"]?.stringValue ?? "BPE"
    guard type == "BPE" else {
      throw .unsupported(field: "model", found: "\"\(type.prefix(60))\"", expected: "BPE")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = model[key]?.stringValue, !text.isEmpty {
        throw .unsupported(field: "model.\(key)", found: "\"\(text.prefix(60))\"", expected: "none")
      }
    }
    if let dropout = model["dropout"]?.doubleValue, dropout != 0 {
      throw .unsupported(field: "model.dropout", found: "\(dropout)", expected: "none, so that merging is not random")
    }
    guard pieces.count > 0 else { throw .missing(field: "model.vocab", expected: "an object of pieces and ids") }
  }

  private func readAddedTokens() throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for (index, value) in (members["added_tokens"]?.arrayValue ?? []).enumerated() {
      let field = "added_tokens[\(index)]"
      guard let id = value["id"]?.integerValue, let small = Int32(exactly: id), small >= 0 else {
        throw .invalid(field: "\(field).id", found: "no such number", expected: "an id of zero or more in 31 bits")
      }
      let content = try HuggingFacePipeline.text(value["content"], field: "\(field).content")
      var token = AddedToken(token: small, content: content)
      token.isControl = value["special"]?.boolValue ?? false
      token.isSingleWord = value["single_word"]?.boolValue ?? false
      token.stripsLeft = value["lstrip"]?.boolValue ?? false
      token.stripsRight = value["rstrip"]?.boolValue ?? false
      token.isNormalized = value["normalized"]?.boolValue ?? !token.isControl
      tokens.append(token)
    }
    return tokens
  }

  /// Puts every piece at its id. Ids that nothing has get an empty text that cannot be produced.
  private func placeTokens(_ added: [AddedToken], size: Int, into draft: inout TokenizerDraft) throws(TokenizerError) {
    let last = max(ids.max() ?? 0, added.map(\.token).max() ?? 0)
    guard Int(last) < size else {
      throw .invalid(
        field: "vocabulary", found: "the id \(last)", expected: "ids below the \(size) bytes of the file")
    }
    let count = Int(last) + 1
    var places = [Int32](repeating: -1, count: count)
    for (index, id) in ids.enumerated() {
      guard places[Int(id)] < 0 else {
        throw .invalid(
          field: "vocabulary",
          found: "the id \(id) for \"\(pieces.string(Int(places[Int(id)])).prefix(60))\" and for "
            + "\"\(pieces.string(index).prefix(60))\"", expected: "a different id for each piece")
      }
      places[Int(id)] = Int32(index)
    }
    draft.kinds = [TokenKind](repeating: .normal, count: count)
    var contents: [Int32: [UInt8]] = [:]
    let unknown = model["unk_token"]?.stringValue
    for token in added {
      let place = places[Int(token.token)]
      if place >= 0, !pieces[Int(place)].elementsEqual(token.content) {
        throw .duplicateToken(
          text:
            "\(pieces.string(Int(place)).prefix(60))\" and \"\(String(decoding: token.content.prefix(60), as: UTF8.self))",
          first: Int(token.token), second: Int(token.token))
      }
      contents[token.token] = token.content
      draft.kinds[Int(token.token)] = token.isControl ? .control : .userDefined
    }
    draft.pieces.reserveCapacity(count, bytes: pieces.text.count)
    for id in 0..<count {
      if places[id] >= 0 {
        draft.pieces.append(pieces[Int(places[id])])
      } else if let content = contents[Int32(id)] {
        draft.pieces.append(content)
      } else {
        draft.pieces.append([])
        draft.kinds[id] = .unused
      }
      guard draft.model == .characters, draft.kinds[id] == .normal else { continue }
      if draft.fallsBackToBytes, TokenizerDraft.byte(spelledBy: draft.pieces[id]) != nil { draft.kinds[id] = .byte }
    }
    if let unknown {
      let bytes = Array(unknown.utf8)
      // Byte-level vocabularies name one by habit and do not always have it.
      if let id = (0..<count).first(where: { draft.pieces[$0].elementsEqual(bytes) }) {
        draft.kinds[id] = .unknown
        draft.unknownSymbol = Int32(id)
        draft.special.unknown = Int32(id)
      }
    }
  }

  private func nameTokens(_ configuration: JSONObject, into draft: inout TokenizerDraft) throws(TokenizerError) {
    let processor = try HuggingFacePostProcessor(members["post_processor"] ?? .null)
    var byText: [ExactText: Int32] = [:]
    for token in draft.addedTokens { byText[ExactText(String(decoding: token.content, as: UTF8.self))] = token.token }
    func find(_ text: String) -> Int32? {
      if let token = byText[ExactText(text)] { return token }
      let bytes = Array(text.utf8)
      return (0..<draft.pieces.count).first { draft.pieces[$0].elementsEqual(bytes) }.map { Int32($0) }
    }
    func text(_ key: String) -> String? {
      let value = configuration[key] ?? .null
      return value.stringValue ?? value["content"]?.stringValue
    }
    func named(_ key: String, or fallback: String?) throws(TokenizerError) -> Int32? {
      guard let text = text(key) ?? fallback else { return nil }
      guard let token = find(text) else {
        throw .invalid(field: key, found: "\"\(text.prefix(60))\"", expected: "a token of the vocabulary")
      }
      return token
    }
    draft.special.beginning = try named("bos_token", or: processor.beginning)
    draft.special.end = try named("eos_token", or: processor.end)
    draft.special.padding = text("pad_token").flatMap(find)
    if draft.special.unknown == nil { draft.special.unknown = text("unk_token").flatMap(find) }
    draft.special.addsBeginning =
      draft.special.beginning != nil && (configuration["add_bos_token"]?.boolValue ?? (processor.beginning != nil))
    draft.special.addsEnd =
      draft.special.end != nil && (configuration["add_eos_token"]?.boolValue ?? (processor.end != nil))
    draft.special.endOfGeneration = EndOfGeneration.tokens(
      named: [draft.special.end], among: byText.map { (text: $0.key.string, token: $0.value) })
  }
}
