import MosoFormats
import MosoTemplates
import MosoTokenizers
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files beside these tests.
enum Fixtures {
  static let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Fixtures"

  static func json(_ name: String) throws -> JSONValue { try json(path: folder + "/" + name) }

  static func json(path: String) throws -> JSONValue {
    try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: path))))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }

  /// The time at which the reference rendered its templates.
  static let now = LocalTime(year: 2024, month: 7, day: 26, hour: 13, minute: 5, second: 9)
}

extension [TextSegment] {
  /// The whole prompt.
  var text: String { map(\.text).joined() }
}

/// What a template gives, or its error.
func outcome(_ source: String, _ context: JSONObject, limits: TemplateLimits = .standard) -> Result<
  String, TemplateError
> {
  Result { () throws(TemplateError) in
    try ChatTemplate(source: source).render(context: context, limits: limits, now: Fixtures.now).text
  }
}

/// One line for each of the first cases that differ from the reference.
func differences(in fixture: JSONValue) -> [String] {
  let context = fixture["context"]?.objectValue ?? [:]
  var differences: [String] = []
  for row in fixture["cases"]?.arrayValue ?? [] {
    guard let fields = row.arrayValue, let source = fields[0].stringValue else { continue }
    let expected = fields[1].stringValue
    let found = outcome(source, context)
    // Scalar by scalar: `String` would take `é` in one scalar and in two for the same.
    let isSame = (try? found.get()).map { Array($0.utf8) } == expected.map { Array($0.utf8) }
    if !isSame { differences.append("\(source)\n  expected \(expected ?? "an error")\n  found    \(found)") }
  }
  return differences
}
