import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The path of a fixture beside this file.
func fixturePath(_ name: String) -> String {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return "\(folder)/Fixtures/\(name)"
}

func fixtureText(_ name: String) throws -> String {
  try String(contentsOfFile: fixturePath(name), encoding: .utf8)
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
  try Array(Data(contentsOf: URL(filePath: fixturePath(name))))
}
