import MosoFormats

/// The tokens that the `post_processor` of a `tokenizer.json` puts before and after a text.
struct HuggingFacePostProcessor {
  var beginning: String?
  var end: String?

  init(_ value: JSONValue) throws(TokenizerError) {
    try read(value, depth: 0)
  }

  private mutating func read(_ value: JSONValue, depth: Int) throws(TokenizerError) {
    if value == .null { return }
    let type = try HuggingFacePipeline.type(of: value, field: "post_processor", depth: depth)
    switch type {
    case "Sequence":
      for step in value["processors"]?.arrayValue ?? [] { try read(step, depth: depth + 1) }
    case "ByteLevel": break
    case "TemplateProcessing": try readTemplate(value["single"]?.arrayValue ?? [])
    default:
      throw .unsupported(
        field: "post_processor", found: "\"\(type)\"", expected: "TemplateProcessing, ByteLevel and Sequence")
    }
  }

  private mutating func readTemplate(_ items: [JSONValue]) throws(TokenizerError) {
    var isAfterText = false
    for item in items {
      if item["Sequence"] != nil {
        isAfterText = true
        continue
      }
      guard let token = item["SpecialToken"]?["id"]?.stringValue, (isAfterText ? end : beginning) == nil else {
        throw .unsupported(
          field: "post_processor", found: "a template with something else", expected: "at most one token on each side")
      }
      if isAfterText { end = token } else { beginning = token }
    }
  }
}
