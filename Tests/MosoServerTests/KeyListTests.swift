import MosoFormats
import MosoServer
import Testing

/// Keys, and the list of them.
@Suite("APIKey and KeyList") struct KeyListTests {
  private let noon = InternetTime(milliseconds: 1_795_780_566_250)

  @Test("Keys look as promised, differ, and use every letter and digit")
  func generation() {
    let keys = (0..<200).map { _ in APIKey.generate().text }
    #expect(Set(keys).count == 200)
    #expect(keys.allSatisfy { $0.hasPrefix("moso-") && $0.utf8.count == 48 && APIKey($0) != nil })
    let characters = Set(keys.flatMap { $0.dropFirst(5) })
    #expect(characters.count == 62)
    #expect(characters.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
  }

  @Test("Printing and dumping a key shows nothing of it")
  func secrecy() {
    let key = APIKey.generate()
    var dumped = ""
    dump([key], to: &dumped)
    let secret = key.text.dropFirst(5)
    for text in ["\(key)", "\([key])", String(reflecting: key), dumped] { #expect(!text.contains(secret)) }
  }

  @Test(
    "What no key looks like is none",
    arguments: [
      "", "moso-", "moso-" + String(repeating: "a", count: 42), "moso-" + String(repeating: "a", count: 44),
      "Moso-" + String(repeating: "a", count: 43), "moso-" + String(repeating: "a", count: 42) + "-",
      "moso-" + String(repeating: "a", count: 42) + " ", "moso-" + String(repeating: "é", count: 22).dropLast(),
      String(repeating: "a", count: 48), " moso-" + String(repeating: "a", count: 43),
    ])
  func malformedKeys(text: String) {
    #expect(APIKey(text) == nil)
  }

  @Test("The hash of a key is its SHA-256")
  func hash() throws {
    // As `printf %s moso-000…0 | sha256sum` says.
    let key = try #require(APIKey("moso-" + String(repeating: "0", count: 43)))
    #expect(key.hash.hexadecimal == "64dd700e3a201ee5d82d0e97ca856cc682ba3fdd68a5bb999707a873017da39c")
    #expect(KeyHash(hexadecimal: key.hash.hexadecimal.uppercased()) == key.hash)
    #expect(KeyHash(hexadecimal: String(key.hash.hexadecimal.dropLast())) == nil)
    #expect(KeyHash(hexadecimal: String(key.hash.hexadecimal.dropLast()) + "g") == nil)
  }

  @Test("Hashes that differ in one bit anywhere are different")
  func hashEquality() throws {
    let digits = Array("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
    let hash = try #require(KeyHash(hexadecimal: String(digits)))
    for position in digits.indices {
      var other = digits
      other[position] = digits[position] == "0" ? "1" : "0"
      #expect(try #require(KeyHash(hexadecimal: String(other))) != hash)
    }
  }

  @Test("What is written is read back the same, and holds no key")
  func roundTrip() throws {
    var list = KeyList()
    let key = try list.add(name: "alice", note: "laptop, \"new\"", owner: "team", created: noon)
    _ = try list.add(name: "bob@example.com", created: noon)
    let isThere = list.setDisabled(true, name: "bob@example.com")
    #expect(isThere)
    let text = list.json.serialized(indentation: 2)
    #expect(try KeyList(parsing: Array(text.utf8), path: "keys.json") == list)
    #expect(!text.contains(key.text) && !text.contains(key.text.dropFirst(5)))
    #expect(text.contains("\"created\": \"2026-11-27T11:56:06Z\""))
    #expect(list.entries.map(\.owner) == ["team", "bob@example.com"])
    #expect(list.entries.map(\.hash).first == key.hash)
  }

  @Test("Names are unique, and a renamed key keeps its owner")
  func names() throws {
    var list = KeyList()
    _ = try list.add(name: "alice")
    _ = try list.add(name: "bob")
    #expect(throws: KeyFileError.nameTaken("alice")) { _ = try list.add(name: "alice") }
    #expect(throws: KeyFileError.nameTaken("bob")) { _ = try list.rename("alice", to: "bob") }
    let renamed = [
      try list.rename("alice", to: "carol"), try list.rename("carol", to: "carol"),
      try list.rename("alice", to: "dave"),
    ]
    #expect(renamed == [true, true, false])
    #expect(list.entries.map(\.name) == ["carol", "bob"])
    #expect(list.entries.map(\.owner) == ["alice", "bob"])
    let removed = [list.remove(name: "carol"), list.remove(name: "carol"), list.setDisabled(true, name: "carol")]
    #expect(removed == [true, false, false])
    #expect(list.entries.map(\.name) == ["bob"])
  }

  @Test(
    "What cannot be a name is refused",
    arguments: ["", "-a", ".a", "a b", "a/b", "a\n", "é", "\"", String(repeating: "a", count: 65)])
  func malformedNames(name: String) throws {
    var list = KeyList()
    #expect(throws: KeyFileError.malformedName(name)) { _ = try list.add(name: name) }
    #expect(throws: KeyFileError.malformedName(name)) { _ = try list.add(name: "a", owner: name) }
    _ = try list.add(name: "a")
    #expect(throws: KeyFileError.malformedName(name)) { _ = try list.rename("a", to: name) }
  }

  @Test(
    "What cannot be a note is refused",
    arguments: ["a\nb", "\u{1B}[31m", "\u{202E}abc", "\u{2028}", String(repeating: "a", count: 201)])
  func malformedNotes(note: String) {
    var list = KeyList()
    #expect(throws: KeyFileError.malformedNote) { _ = try list.add(name: "a", note: note) }
  }

  private static let hash = String(repeating: "0a", count: 32)

  @Test(
    "A file that is not as it should be is refused at its place",
    arguments: [
      ("[]", "the file: found an array, expected an object"),
      ("{\"version\": 1}", "keys: found nothing, expected a list of keys"),
      ("{\"version\": 2, \"keys\": []}", "version: found 2, expected 1"),
      ("{\"keys\": []}", "version: found nothing"),
      ("{\"version\": 1, \"keys\": [], \"x\": 1}", "the file: found the member \"x\""),
      ("{\"version\": 1, \"keys\": [1]}", "keys[0]: found a number, expected an object"),
      ("{\"version\": 1, \"keys\": [{}]}", "keys[0].name: found nothing"),
      ("{\"version\": 1, \"keys\": [{\"name\": \"a b\"}]}", "keys[0].name: found \"a b\""),
      ("{\"version\": 1, \"keys\": [{\"name\": \"a\", \"sha256\": \"00\"}]}", "keys[0].sha256: found \"00\""),
      ("{\"version\": 1,\n \"keys\": [}", "line 2, column 11"),
      ("{\"version\": 1, \"version\": 1, \"keys\": []}", "a second time"),
      ("", "line 1, column 1"),
    ])
  func malformedFiles(text: String, sentence: String) {
    let error = #expect(throws: KeyFileError.self) { try KeyList(parsing: Array(text.utf8), path: "k.json") }
    #expect(error?.description.hasPrefix("k.json, ") == true)
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test(
    "An entry that is not as it should be is refused at its place",
    arguments: [
      ("\"created\": \"yesterday\"", "keys[1].created: found \"yesterday\""),
      ("\"created\": \"2026-11-27T08:16:06Z\", \"disabld\": true", "keys[1]: found the member \"disabld\""),
      ("\"created\": \"2026-11-27T08:16:06Z\", \"disabled\": 1", "keys[1].disabled: found a number"),
      ("\"created\": \"2026-11-27T08:16:06Z\", \"note\": \"a\\nb\"", "keys[1].note: found"),
      ("\"created\": \"2026-11-27T08:16:06Z\", \"owner\": \"\"", "keys[1].owner: found \"\""),
      ("\"created\": \"2026-11-27T08:16:06Z\"", "keys[1].sha256: found the hash of another key"),
    ])
  func malformedEntries(members: String, sentence: String) {
    let first = "{\"name\": \"a\", \"sha256\": \"\(Self.hash)\", \"created\": \"2026-11-27T08:16:06+01:00\"}"
    let second = "{\"name\": \"b\", \"sha256\": \"\(Self.hash)\", \(members)}"
    let text = "{\"version\": 1, \"keys\": [\(first), \(second)]}"
    let error = #expect(throws: KeyFileError.self) { try KeyList(parsing: Array(text.utf8), path: "k.json") }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test("Two entries of one name are refused")
  func duplicateNames() {
    let entries = ["1", "2"].map { digit in
      "{\"name\": \"a\", \"sha256\": \"\(digit)\(Self.hash.dropFirst())\", \"created\": \"2026-11-27T08:16:06Z\"}"
    }
    let text = "{\"version\": 1, \"keys\": [\(entries.joined(separator: ","))]}"
    let error = #expect(throws: KeyFileError.self) { try KeyList(parsing: Array(text.utf8), path: "k.json") }
    #expect(error?.description.contains("keys[1].name: found \"a\" a second time") == true)
  }
}
