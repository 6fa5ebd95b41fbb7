import Foundation
import Testing

/// The lines of a file in the Fixtures folder.
func fixtureLines(_ name: String) throws -> [Substring] {
  let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
  return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
}
