import Testing

@testable import MosoTerminal

@Suite struct DisplayWidthTests {
  @Test func everyAssignedScalarHasTheWidthWcwidthGivesIt() throws {
    var checked = 0
    var wrong: [String] = []
    for line in try fixtureLines("scalar-widths.txt") {
      let fields = line.split(separator: " ")
      let first = try #require(UInt32(fields[0], radix: 16))
      let last = try #require(UInt32(fields[1], radix: 16))
      let expected = try #require(Int(fields[2]))
      for value in first...last {
        let scalar = try #require(Unicode.Scalar(value))
        // The standard library's Unicode tables may be a version behind the fixture's.
        guard scalar.properties.generalCategory != .unassigned else { continue }
        checked += 1
        let width = String(scalar).displayWidth
        if width != expected { wrong.append("U+\(String(value, radix: 16)): \(width), expected \(expected)") }
      }
    }
    #expect(checked > 150_000)
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(40))")
  }

  @Test func textsOfManyScriptsAndEmojiSequencesHaveTheWidthWcwidthGivesThem() throws {
    for line in try fixtureLines("text-widths.txt") {
      let fields = line.split(separator: " ")
      let scalars = try fields.dropFirst().map { try #require(UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)) }
      let text = String(String.UnicodeScalarView(scalars))
      #expect(text.displayWidth == Int(fields[0]), "\(text) \(fields.dropFirst().joined(separator: " "))")
    }
  }
}
