/// The SHA-256 of an API key: enough to recognise the key, and no way back to it, because a key has 256 random bits.
public struct KeyHash: Sendable {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The hash with these 32 bytes.
  init(_ bytes: some Sequence<UInt8>) {
    var words: [UInt64] = [0, 0, 0, 0]
    var count = 0
    for byte in bytes {
      precondition(count < 32, "a SHA-256 has 32 bytes")
      words[count / 8] = words[count / 8] << 8 | UInt64(byte)
      count += 1
    }
    precondition(count == 32, "a SHA-256 has 32 bytes")
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// Reads 64 hexadecimal digits; `nil` for anything else.
  public init?(hexadecimal text: String) {
    guard text.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x61 + 10
      case 0x41...0x46: digit = byte - 0x41 + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    self.init(bytes)
  }

  /// The 64 hexadecimal digits, in lower case.
  public var hexadecimal: String {
    [words.0, words.1, words.2, words.3].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension KeyHash: Hashable {
  /// Whether both are the same, found out in a time that does not depend on where they differ.
  public static func == (one: KeyHash, other: KeyHash) -> Bool {
    let difference =
      (one.words.0 ^ other.words.0) | (one.words.1 ^ other.words.1) | (one.words.2 ^ other.words.2)
      | (one.words.3 ^ other.words.3)
    return difference == 0
  }

  public func hash(into hasher: inout Hasher) {
    // Any part of a hash is as random as the whole.
    hasher.combine(words.0)
  }
}
