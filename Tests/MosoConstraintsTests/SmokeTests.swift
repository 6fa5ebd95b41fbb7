import MosoFormats
import Testing

@testable import MosoConstraints

func JSON(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

@Suite("Smoke") struct SmokeTests {
  @Test func object() throws {
    let schema =
      #"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150}},"required":["name"]}"#
    for (text, ok) in [
      (#"{"name": "bob", "age": 12}"#, true), (#"{"name":"bob"}"#, true), (#"{"age": 3}"#, false),
      (#"{"name": "x", "age": 151}"#, false),
      (#"{"name": "x", "age": 150}"#, true),
    ] {
      #expect(try SmallTrie.accepts(text, schema) == ok, "\(text)")
    }
  }
}
