/// A sound file that mutated ones are made from.
package struct FuzzSeed: Sendable {
  /// What is mutated.
  let content: [UInt8]
  /// Whether the content is text, so that pieces of JSON are thrown in.
  let isText: Bool
  /// Makes the file out of the mutated content.
  let finish: @Sendable ([UInt8]) -> [UInt8]

  /// - Parameters:
  ///   - content: What is mutated: the file, or the part of it that `finish` builds the file around.
  ///   - isText: Whether the content is text.
  ///   - finish: Puts right what would hide the mutation, such as the length of a header that has changed.
  package init(
    _ content: [UInt8], isText: Bool = false, finish: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.content = content
    self.isText = isText
    self.finish = finish
  }
}
