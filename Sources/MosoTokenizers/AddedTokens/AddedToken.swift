/// A token that is found in the text itself, before any cutting and merging.
struct AddedToken: Sendable {
  var token: Int32
  /// The UTF-8 text to look for.
  var content: [UInt8]
  /// Whether the token steers the model, so that a decoded answer may leave it out.
  var isControl = false
  /// Whether the token is only found where no letter, number or underscore touches it.
  var isSingleWord = false
  /// Whether the token takes the white space before it along.
  var stripsLeft = false
  /// Whether the token takes the white space after it along.
  var stripsRight = false
  /// Whether the token is looked for in normalised text.
  var isNormalized = false

  /// Whether the token may be found in what a user typed: only when it is nothing but white space.
  ///
  /// Some vocabularies hold runs of spaces, tabs or line breaks as added tokens, and those are text. Anything else that is
  /// added is markup of a conversation, such as `<|im_start|>` or `<tool_call>`, which only a template may write.
  var isPlainText: Bool {
    guard !isControl else { return false }
    return String(decoding: content, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.value == 0x2581 || CharacterClassTable.shared[$0.value].meets(.space)
    }
  }
}
