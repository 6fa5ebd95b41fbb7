import MosoFormats
import MosoTemplates
import MosoTokenizers
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Chats") struct ChatTests {
  @Test("Templates in the style of each family give what Jinja gives for every conversation")
  func families() throws {
    let fixture = try Fixtures.json("chats.json")
    #expect((fixture["renderings"]?.arrayValue?.count ?? 0) > 1_000)
    let differences = try differences(in: fixture, exactly: true) { try Fixtures.text("Templates/\($0).jinja") }
    #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(8).joined(separator: "\n"))")
  }

  /// `MOSO_CHAT_CASES` names a file made by Scripts/make_chat_fixtures.py from other templates.
  static let extraCases = ProcessInfo.processInfo.environment["MOSO_CHAT_CASES"]

  @Test("Other templates give what Jinja gives", .enabled(if: extraCases != nil))
  func extra() throws {
    let fixture = try Fixtures.json(path: Self.extraCases ?? "")
    let differences = try differences(in: fixture, exactly: false) { fixture["templates"]?[$0]?.stringValue ?? "" }
    #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(40).joined(separator: "\n"))")
  }

  private func differences(in fixture: JSONValue, exactly: Bool, source: (String) throws -> String) throws -> [String] {
    var templates: [String: Result<ChatTemplate, TemplateError>] = [:]
    var differences: [String] = []
    for kind in ["renderings", "pieces"] {
      for row in fixture[kind]?.arrayValue ?? [] {
        let fields = try #require(row.arrayValue)
        let name = try #require(fields[0].stringValue)
        let context = try #require(fields[1].stringValue.flatMap { fixture["contexts"]?[$0]?.objectValue })
        if templates[name] == nil {
          let text = try source(name)
          templates[name] = Result { () throws(TemplateError) in try ChatTemplate(source: text) }
        }
        let template = try #require(templates[name])
        let found = template.flatMap { template in
          Result { () throws(TemplateError) in try template.render(context: context, now: Fixtures.now) }
        }
        let isSame =
          kind == "pieces"
          ? (try? found.get()).map { marksAll(expectedSegments(fields[2]), $0, exactly: exactly) } == true
          : (try? found.get()).map { Array($0.text.utf8) } == fields[2].stringValue.map { Array($0.utf8) }
        guard !isSame else { continue }
        let expected = kind == "pieces" ? "\(expectedSegments(fields[2]))" : fields[2].stringValue ?? "an error"
        let shown = kind == "pieces" ? "\(found)" : "\(found.map(\.text))"
        differences.append("\(name): \(fields[1].stringValue ?? "")\n  expected \(expected)\n  found    \(shown)")
      }
    }
    return differences
  }

  /// Whether everything that the reference saw come from an input is marked so; for templates that print the keys of
  /// dictionaries the reference sees less than there is, which `exactly` does not allow.
  private func marksAll(_ expected: [TextSegment], _ found: [TextSegment], exactly: Bool) -> Bool {
    if exactly { return expected == found }
    func marks(_ segments: [TextSegment]) -> [(UInt8, Bool)] {
      segments.flatMap { segment in segment.text.utf8.map { ($0, segment.mayContainControlTokens) } }
    }
    let pairs = zip(marks(expected), marks(found))
    return expected.text.utf8.elementsEqual(found.text.utf8) && pairs.allSatisfy { $0.1 || !$1.1 }
  }

  private func expectedSegments(_ pieces: JSONValue) -> [TextSegment] {
    (pieces.arrayValue ?? []).compactMap { piece in
      guard let fields = piece.arrayValue, let text = fields[0].stringValue, let isOurs = fields[1].boolValue else {
        return nil
      }
      return TextSegment(text, mayContainControlTokens: isOurs)
    }
  }
}
