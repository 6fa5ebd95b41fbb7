import MosoFormats
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Template snippets") struct SnippetTests {
  @Test("Thousands of small templates give what Jinja gives, and fail where it fails")
  func snippets() throws {
    let fixture = try Fixtures.json("snippets.json")
    #expect((fixture["cases"]?.arrayValue?.count ?? 0) > 3_000)
    let differences = differences(in: fixture)
    #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(20).joined(separator: "\n"))")
  }

  /// `MOSO_TEMPLATE_CASES` names a file like snippets.json, made by Scripts/make_template_fixtures.py with other seeds.
  static let extraCases = ProcessInfo.processInfo.environment["MOSO_TEMPLATE_CASES"]

  @Test("Other cases give what Jinja gives", .enabled(if: extraCases != nil))
  func extra() throws {
    let differences = differences(in: try Fixtures.json(path: Self.extraCases ?? ""))
    #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(60).joined(separator: "\n"))")
  }
}
