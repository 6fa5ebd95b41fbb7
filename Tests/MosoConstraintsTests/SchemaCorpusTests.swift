import MosoFormats
import Testing

@testable import MosoConstraints

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Schemas made at random with valid and invalid documents, by Scripts/make_constraint_schemas.py.
struct SchemaCorpus {
  struct Case: Sendable {
    let schema: JSONValue
    let constraint: Constraint
    let valid: [String]
    let invalid: [String]
  }

  let cases: [Case]

  static let shared = Result { try SchemaCorpus() }

  private init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/schemas.json")
    cases = try (JSONValue(contentsOf: file.path).arrayValue ?? []).map { entry in
      let schema = entry["schema"] ?? .null
      return Case(
        schema: schema, constraint: try SmallTrie.constraint(Grammar(jsonSchema: schema)),
        valid: (entry["valid"]?.arrayValue ?? []).compactMap(\.stringValue),
        invalid: (entry["invalid"]?.arrayValue ?? []).compactMap(\.stringValue))
    }
  }
}

@Suite("Schemas made at random") struct SchemaCorpusTests {
  let corpus: SchemaCorpus

  init() throws { corpus = try SchemaCorpus.shared.get() }

  @Test("Valid documents can be written and invalid ones cannot") func documents() throws {
    var counts = (schemas: 0, valid: 0, invalid: 0)
    for entry in corpus.cases {
      let validator = SchemaValidator(entry.schema)
      counts.schemas += 1
      for document in entry.valid {
        #expect(SmallTrie.accepts(document, entry.constraint), "\(document)\n\(entry.schema.serialized())")
        #expect(try validator.isValid(JSONValue(parsing: document)), "\(document)\n\(entry.schema.serialized())")
        counts.valid += 1
      }
      for document in entry.invalid {
        #expect(!SmallTrie.accepts(document, entry.constraint), "\(document)\n\(entry.schema.serialized())")
        #expect(try !validator.isValid(JSONValue(parsing: document)), "\(document)\n\(entry.schema.serialized())")
        counts.invalid += 1
      }
    }
    #expect(counts.schemas >= 200 && counts.valid > 500 && counts.invalid > 500, "\(counts)")
  }

  @Test("Random walks end in documents that are valid") func walks() throws {
    var lines = ""
    for (number, entry) in corpus.cases.enumerated() {
      let validator = SchemaValidator(entry.schema)
      var random = SeededRandom(seed: UInt64(number))
      for _ in 0..<3 {
        let walk = try RandomWalk(entry.constraint, &random, patience: 40)
        let text = String(decoding: walk.text, as: UTF8.self)
        try #require(walk.isComplete, "\(text)\n\(entry.schema.serialized())")
        let document = try JSONValue(parsing: walk.text)
        #expect(try validator.isValid(document), "\(text)\n\(entry.schema.serialized())")
        lines += JSONValue.object(["schema": entry.schema, "document": .string(text)]).serialized() + "\n"
      }
    }
    // Scripts/check_constraints.sh has another validator look at the same documents.
    if let path = ProcessInfo.processInfo.environment["MOSO_CONSTRAINT_DOCUMENTS"] {
      try Data(lines.utf8).write(to: URL(filePath: path))
    }
  }
}
