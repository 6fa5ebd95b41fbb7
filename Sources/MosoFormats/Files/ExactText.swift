/// A text as the key of a dictionary, compared byte for byte.
///
/// `String` takes `é` in one scalar and in two for the same text; the names in files, and the tokens of a vocabulary, are
/// different ones.
package struct ExactText: Hashable, Sendable {
  package let string: String

  package init(_ string: String) { self.string = string }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.count == right.string.utf8.count && left.string.utf8.elementsEqual(right.string.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = string
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
