import Testing

@testable import MosoFormats

@Suite("JSONValue") struct JSONValueTests {
  @Test("Every kind of value is read")
  func kinds() throws {
    let value = try JSONValue(
      parsing: #" { "a" : [ 1 , -2.5, true,false, null ], "b":{}, "c":[], "d":"text", "e": {"f": 1e3} } "#)
    #expect(
      value == [
        "a": [1, -2.5, true, false, nil], "b": [:], "c": [], "d": "text", "e": ["f": .number(1000)],
      ])
    #expect(value.objectValue?.keys == ["a", "b", "c", "d", "e"])
    #expect(value["e"]?["f"]?.integerValue == 1_000)
  }

  @Test("Escapes mean what RFC 8259 says")
  func escapes() throws {
    let value = try JSONValue(parsing: #""\" \\ \/ \b \f \n \r \t \u00e9 \u20AC \ud83d\ude00 \u0000 é€😀""#)
    #expect(value == "\" \\ / \u{8} \u{C} \n \r \t é € 😀 \0 é€😀")
  }

  @Test("Whole numbers stay whole as far as 64 bits go")
  func wholeNumbers() throws {
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
    #expect(try JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
    #expect(try JSONValue(parsing: "-0") == .number(-0.0))
    #expect(try JSONValue(parsing: "2.0").integerValue == 2)
    #expect(try JSONValue(parsing: "1e30").integerValue == nil)
  }

  @Test("Numbers have the bits that Python reads")
  func numbers() throws {
    let lines = try fixtureText("json-numbers.txt").split(separator: "\n")
    #expect(lines.count > 700)
    for line in lines {
      let parts = line.split(separator: " ")
      let bits = try #require(UInt64(parts[1], radix: 16))
      let value = try JSONValue(parsing: String(parts[0]))
      #expect(value.doubleValue?.bitPattern == bits, "\(parts[0])")
    }
  }

  @Test("A repeated key keeps its first place and its last value, or is refused")
  func duplicateKeys() throws {
    let text = #"{"a": 1, "b": 2, "a": 3}"#
    #expect(try JSONValue(parsing: text) == ["a": 3, "b": 2])
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: text, options: JSONReadingOptions(duplicateKeys: .refused))
    }
    #expect(error?.offset == 17)
    #expect(error?.found == "the key \"a\" a second time")
  }

  @Test("Keys are told apart by their bytes, though Swift calls them equal")
  func canonicalEquivalence() throws {
    let value = try JSONValue(parsing: #"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(value.objectValue?.count == 2)
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }

  @Test("An object of any size finds each of its keys", arguments: [0, 1, 7, 8, 9, 16, 17, 1_000, 20_000])
  func manyKeys(count: Int) throws {
    let text = "{" + (0..<count).map { "\"key \($0)\": \($0)" }.joined(separator: ",") + "}"
    var object = try #require(try JSONValue(parsing: text).objectValue)
    #expect(object.count == count)
    for number in 0..<count { #expect(object["key \(number)"] == .integer(number)) }
    #expect(object["key \(count)"] == nil)
    guard count > 1 else { return }
    object["key 0"] = nil
    object["new"] = "last"
    #expect(object["key 0"] == nil)
    #expect(object["key \(count - 1)"] == .integer(count - 1))
    #expect(object.keys.last == "new")
    #expect(object.count == count)
  }

  @Test("What Python writes for NaN and the infinities is read only when allowed")
  func nonFinite() throws {
    let options = JSONReadingOptions(allowsNonFiniteNumbers: true)
    let value = try JSONValue(parsing: "[NaN, Infinity, -Infinity]", options: options)
    let numbers = try #require(value.arrayValue).compactMap(\.doubleValue)
    #expect(numbers[0].isNaN)
    #expect(numbers[1...] == [.infinity, -.infinity])
    for text in ["NaN", "Infinity", "-Infinity"] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }
    for text in ["-NaN", "Inf", "nan", "Infinit"] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: text, options: options) }
    }
  }

  @Test("Half a surrogate pair is an error or U+FFFD, as asked", arguments: ["\\ud83d", "\\ude00", "\\ud83d\\u0041x"])
  func loneSurrogates(escape: String) throws {
    #expect(throws: JSONError.self) { try JSONValue(parsing: "\"\(escape)\"") }
    let value = try JSONValue(
      parsing: "\"a\(escape)b\"", options: JSONReadingOptions(replacesLoneSurrogates: true))
    let kept = escape.hasSuffix("x") ? "Ax" : ""
    #expect(value == .string("a\u{FFFD}\(kept)b"))
  }

  @Test("A byte order mark before the text is passed over")
  func byteOrderMark() throws {
    #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
  }
}

@Suite("JSONValue as text") struct JSONValueWritingTests {
  let value: JSONValue = [
    "b": [1, -0.5, .number(1e300), nil, true], "a": ["z": "\u{1}\"\\\n\t é😀/\u{7F}", "empty": [:], "none": []],
  ]

  @Test("Compact, sorted and indented texts are what Python's json module writes")
  func layouts() {
    #expect(
      value.serialized()
        == #"{"b":[1,-0.5,1e+300,null,true],"a":{"z":"\u0001\"\\\n\t é😀/\#u{7F}","empty":{},"none":[]}}"#)
    #expect(
      value.serialized(sortedKeys: true)
        == #"{"a":{"empty":{},"none":[],"z":"\u0001\"\\\n\t é😀/\#u{7F}"},"b":[1,-0.5,1e+300,null,true]}"#)
    let short: JSONValue = ["b": [1, [:]], "a": "x"]
    #expect(short.serialized(indentation: 2) == "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x\"\n}")
  }

  @Test("Reading what was written gives the same value")
  func roundTrip() throws {
    #expect(try JSONValue(parsing: value.serialized()) == value)
    #expect(try JSONValue(parsing: value.serialized(indentation: 4)) == value)
    for double in [0.1, 1.0 / 3, .leastNonzeroMagnitude, 1.7976931348623157e308, 100, -0.0] {
      let read = try JSONValue(parsing: JSONValue.number(double).serialized())
      #expect(read.doubleValue?.bitPattern == double.bitPattern)
    }
  }

  @Test("What JSON cannot say is written as null")
  func nonFinite() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).serialized() == "[null,null]")
  }

  @Test("Two spellings of a letter are two texts, in values and in keys")
  func spellings() throws {
    let one = try JSONValue(parsing: #"["caf\u00e9", {"\u00e9": 1}]"#)
    let other = try JSONValue(parsing: #"["cafe\u0301", {"e\u0301": 1}]"#)
    #expect(one != other)
    #expect(one.arrayValue?[0] != other.arrayValue?[0])
    #expect(one.arrayValue?[1] != other.arrayValue?[1])
    #expect(Set([one, other, one]).count == 2)
  }
}
