import MosoFormats
import Testing

@testable import MosoConstraints

func JSON(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

@Suite("Smoke") struct SmokeTests {
  @Test func walks() throws {
    let schemas = [
      ##"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150}},"required":["name"]}"##,
      "true", ##"{"type":"object"}"##, ##"{"type":"number","minimum":-1.5,"exclusiveMaximum":22.25}"##,
      ##"{"type":"array","items":{"type":"integer","multipleOf":7},"minItems":2,"maxItems":4}"##,
      ##"{"type":"string","pattern":"^[a-z]+-\\d{2}$","maxLength":8}"##,
      ##"{"type":"string","maxLength":100000,"minLength":3}"##,
      ##"{"type":"string","format":"date-time"}"##,##"{"type":"string","format":"email"}"##,##"{"type":"string","format":"ipv6"}"##,
      ##"{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"v":{"type":"integer"},"kids":{"type":"array","items":{"$ref":"#/$defs/n"}}},"required":["v","kids"]}}}"##,
      ##"{"anyOf":[{"type":"object","properties":{"type":{"const":"a"},"x":{"type":"integer"}},"required":["type","x"]},{"type":"object","properties":{"type":{"const":"b"},"y":{"type":"string"}},"required":["type","y"]}]}"##,
      ##"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":["string","null"]}},"additionalProperties":{"type":"boolean"},"patternProperties":{"^x-":{"type":"integer"}}}"##,
      ##"{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":3,"propertyNames":{"pattern":"^[a-z]{1,3}$"}}"##,
      ##"{"enum":["red","green",null,3,1.5,{"a":[1,2]}]}"##,
    ]
    for schema in schemas {
      print(schema)
      let clock = ContinuousClock()
      let t0 = clock.now
      let constraint = try SmallTrie.constraint(Grammar(jsonSchema: JSON(schema)))
      print("compile", clock.now - t0, "states", constraint.tables.states.count, "rules", constraint.tables.rules.count)
      var random = SeededRandom(seed: 1)
      var states = 0, wrong = 0
      for _ in 0..<6 {
        let walk = RandomWalk(constraint, &random, patience: 40) { matcher, mask in
          states += 1
          for token in 0..<Int32(SmallTrie.count) {
            var copy = matcher
            if copy.accept(token) != mask.contains(token) { wrong += 1; if wrong < 5 { print("WRONG", token, SmallTrie.trie.bytes(of: token).map { $0 }, mask.contains(token)) } }
          }
        }
        print(walk.isComplete, String(decoding: walk.text.prefix(150), as: UTF8.self))
      }
      print("states checked", states, "wrong", wrong)
      #expect(wrong == 0)
    }
  }
}
