import MosoFormats

/// What the `decoder` of a `tokenizer.json` does with the pieces of characters.
struct HuggingFaceDecoder {
  var isByteLevel = false
  var decodesSpaces = false
  var decodesBytes = false
  var stripsLeadingSpace = false

  init(_ value: JSONValue) throws(TokenizerError) {
    try read(value, depth: 0)
  }

  private mutating func read(_ value: JSONValue, depth: Int) throws(TokenizerError) {
    if value == .null { return }
    let type = try HuggingFacePipeline.type(of: value, field: "decoder", depth: depth)
    switch type {
    case "Sequence":
      for step in value["decoders"]?.arrayValue ?? [] { try read(step, depth: depth + 1) }
    case "ByteLevel": isByteLevel = true
    case "ByteFallback": decodesBytes = true
    case "Fuse": break
    case "Replace" where value["pattern"]?["String"] == "▁" && value["content"] == " ": decodesSpaces = true
    case "Strip" where value["content"] == " " && (value["stop"]?.integerValue ?? 0) == 0:
      stripsLeadingSpace = (value["start"]?.integerValue ?? 0) > 0
    case "Metaspace":
      decodesSpaces = true
      let addsPrefix = value["add_prefix_space"]?.boolValue ?? true
      stripsLeadingSpace = (value["prepend_scheme"]?.stringValue ?? (addsPrefix ? "always" : "never")) != "never"
    default:
      throw .unsupported(
        field: "decoder", found: "\"\(type)\"",
        expected: "ByteLevel, Metaspace, and Replace of ▁, ByteFallback, Fuse and Strip of a space")
    }
  }
}
