#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The `RECORD` of a Python wheel: each file with its SHA-256 and size, as the binary distribution format has it.
struct WheelRecord: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    /// In lower-case hexadecimal digits.
    let sha256: String
    let size: Int
  }

  private let entries: [String: Entry]

  /// Reads lines of `path,sha256=…,size`; lines of another form are passed over.
  init(_ text: String) {
    var entries: [String: Entry] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = Self.fields(line)
      guard fields.count == 3, fields[1].hasPrefix("sha256="), let size = Int(fields[2]),
        let digest = Self.digest(fields[1].dropFirst("sha256=".count))
      else { continue }
      entries[fields[0]] = Entry(sha256: digest, size: size)
    }
    self.entries = entries
  }

  subscript(path: String) -> Entry? { entries[path] }

  /// The fields of a line of comma-separated values; a field in quotes may hold commas, and quotes written twice.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    var previous: Character?
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
        if isQuoted, previous == "\"" { fields[fields.count - 1].append("\"") }
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
      previous = character
    }
    return fields
  }

  /// The hexadecimal digits of a hash that is written in the URL-safe base64 without padding.
  private static func digest(_ text: Substring) -> String? {
    var standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: standard), data.count == 32 else { return nil }
    return ContentHash.hex(data)
  }
}
