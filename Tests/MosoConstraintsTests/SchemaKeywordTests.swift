import MosoFormats
import Testing

@testable import MosoConstraints

/// Each keyword alone: what it lets through and what it does not.
@Suite("Keywords of schemas") struct SchemaKeywordTests {
  @Test("Types, constants and annotations", arguments: SchemaExamples.types) func types(example: SchemaExample) throws {
    try check(example)
  }
  @Test("Ranges of numbers", arguments: SchemaExamples.numbers) func numbers(example: SchemaExample) throws {
    try check(example)
  }
  @Test("Lengths, patterns and formats", arguments: SchemaExamples.strings) func strings(example: SchemaExample) throws
  { try check(example) }
  @Test("Elements of arrays", arguments: SchemaExamples.arrays) func arrays(example: SchemaExample) throws {
    try check(example)
  }
  @Test("Members of objects", arguments: SchemaExamples.objects) func objects(example: SchemaExample) throws {
    try check(example)
  }
  @Test("References and combinations", arguments: SchemaExamples.combinations)
  func combinations(example: SchemaExample) throws { try check(example) }

  private func check(_ example: SchemaExample) throws {
    let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSONValue(parsing: example.schema)))
    for document in example.valid {
      #expect(SmallTrie.accepts(document, constraint), "\(document) should be valid for \(example.schema)")
    }
    for document in example.invalid {
      #expect(!SmallTrie.accepts(document, constraint), "\(document) should not be valid for \(example.schema)")
    }
  }
}
