/// What is known of an API key: everything but the key.
public struct KeyEntry: Sendable, Hashable {
  /// What people call it; no two keys have the same name.
  public internal(set) var name: String
  /// The SHA-256 of the key.
  public let hash: KeyHash
  /// When it was made, to the second.
  public let created: InternetTime
  /// What somebody wrote about it.
  public let note: String?
  /// Whose it is, if that is not the key's own name.
  public internal(set) var explicitOwner: String?
  /// Whether requests with it are refused.
  public internal(set) var isDisabled: Bool

  /// Whose it is: what the key uses is counted under this name.
  public var owner: String { explicitOwner ?? name }
}

extension KeyEntry {
  /// Whether a text can be the name of a key or of its owner: 1 to 64 ASCII letters, digits and `.`, `_`, `-`, `@`, `+`, of
  /// which the first is a letter or a digit.
  static func isName(_ text: String) -> Bool {
    guard (1...64).contains(text.utf8.count), let first = text.utf8.first else { return false }
    return isLetterOrDigit(first) && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-@+".utf8.contains($0) }
  }

  /// Whether a text can be a note: up to 200 characters in one line, without what steers terminals or turns text around.
  static func isNote(_ text: String) -> Bool {
    guard text.unicodeScalars.count <= 200 else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
