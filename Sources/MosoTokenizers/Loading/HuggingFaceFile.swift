import MosoFormats

/// The contents of a `tokenizer.json`: the two long lists in flat tables, everything else as it stands.
struct HuggingFaceFile {
  /// The vocabulary: pieces and, in the same order, their ids.
  var pieces = PieceList()
  var ids: [Int32] = []
  var merges = MergeList()
  /// The other members of `model`.
  var model = JSONObject()
  /// The other members of the file.
  var members = JSONObject()

  /// Reads a whole file.
  ///
  /// - Parameter path: The file's name, for errors.
  init(_ text: RawSpan, path: String) throws(TokenizerError) {
    guard text.byteCount <= PieceList.largestText else {
      throw .invalid(field: "file", found: "\(text.byteCount) bytes long", expected: "at most 2 GB")
    }
    var file = HuggingFaceFile()
    var problem: TokenizerError?
    var offset = 0
    do throws(JSONError) {
      problem = try JSONReader.read(text) { (reader) throws(JSONError) in
        let problem = try file.read(&reader)
        offset = reader.offset
        return problem
      }
    } catch {
      throw .format(.json(path: path, offset: 0, error))
    }
    if let problem { throw problem.inFile(path, offset: offset) }
    self = file
  }

  private init() {}

  /// Reads the file; what it returns is wrong with the contents and not with the JSON.
  private mutating func read(_ reader: inout JSONReader) throws(JSONError) -> TokenizerError? {
    try reader.beginObject()
    while let key = try reader.nextKey() {
      let kind = try reader.peekKind()
      if key == "model", kind == .object {
        if let problem = try readModel(&reader) { return problem }
      } else {
        members[key] = try reader.value()
      }
    }
    try reader.expectEnd()
    return nil
  }

  /// Reads the value of `model`.
  private mutating func readModel(_ reader: inout JSONReader) throws(JSONError) -> TokenizerError? {
    try reader.beginObject()
    while let key = try reader.nextKey() {
      let kind = try reader.peekKind()
      if key == "vocab", kind == .object {
        if let problem = try readVocabulary(&reader) { return problem }
      } else if key == "merges", kind == .array {
        if let problem = try readMerges(&reader) { return problem }
      } else {
        model[key] = try reader.value()
      }
    }
    return nil
  }

  private mutating func readVocabulary(_ reader: inout JSONReader) throws(JSONError) -> TokenizerError? {
    try reader.beginObject()
    while let range = try reader.nextKey(appendingTo: &pieces.text) {
      let id = try reader.integer()
      guard id >= 0, let small = Int32(exactly: id) else {
        let piece = String(decoding: pieces.text[range].prefix(60), as: UTF8.self)
        return .invalid(field: "id of \"\(piece)\"", found: "\(id)", expected: "an id of zero or more in 31 bits")
      }
      pieces.append(range)
      ids.append(small)
    }
    return nil
  }

  private mutating func readMerges(_ reader: inout JSONReader) throws(JSONError) -> TokenizerError? {
    try reader.beginArray()
    while try reader.nextElement() {
      if try reader.peekKind() == .string {
        let range = try reader.string(appendingTo: &merges.text)
        do throws(TokenizerError) {
          try merges.append(spaced: range)
        } catch {
          return error
        }
        continue
      }
      // Newer files write each merge as a list of two pieces.
      try reader.beginArray()
      var halves: [Range<Int>] = []
      while halves.count < 3, try reader.nextElement() { halves.append(try reader.string(appendingTo: &merges.text)) }
      guard halves.count == 2 else {
        return .invalidMerge(
          index: merges.count, found: "a list of \(halves.count == 3 ? "three or more" : "\(halves.count)")",
          expected: "a list of two pieces")
      }
      merges.append(left: halves[0], right: halves[1])
    }
    return nil
  }
}
