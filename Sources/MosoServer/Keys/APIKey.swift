import Crypto

/// A secret that a program shows to be answered: `moso-` and 43 letters and digits, which is 256 random bits.
///
/// Printing one, or dumping what contains it, shows nothing of it.
public struct APIKey: Sendable {
  /// The secret itself. It is shown to a person once, and kept nowhere.
  public let text: String

  /// What all keys begin with, so that scanners for leaked secrets know one.
  public static let prefix = "moso-"
  private static let length = 43
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// Makes a key that nobody can guess.
  public static func generate() -> APIKey {
    var generator = SystemRandomNumberGenerator()
    let characters = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
    return APIKey(unchecked: prefix + String(decoding: characters, as: UTF8.self))
  }

  /// Reads a key as a request brings it; `nil` for what no key looks like.
  public init?(_ presented: String) {
    let bytes = presented.utf8
    guard bytes.count == Self.prefix.utf8.count + Self.length, bytes.starts(with: Self.prefix.utf8) else { return nil }
    guard bytes.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.alphabet.contains) else { return nil }
    text = presented
  }

  private init(unchecked text: String) { self.text = text }

  /// What is kept of it.
  public var hash: KeyHash { KeyHash(SHA256.hash(data: Array(text.utf8))) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { Self.prefix + "…" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
