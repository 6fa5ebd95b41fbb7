import Crypto

/// What a file's content must hash to.
enum ContentCheck: Hashable, Sendable {
  /// Its SHA-256, as large files have it.
  case sha256(String)
  /// The name git gives a blob of this content (SHA-1), as small files of a hub have it.
  case gitBlob(String)
  /// Nothing is known but the size.
  case none

  /// What the state of a pull calls this content; `place` stands in where there is no hash.
  func identity(place: String) -> String {
    switch self {
    case .sha256(let hex): "sha256:" + hex
    case .gitBlob(let hex): "git:" + hex
    case .none: "place:" + place
    }
  }
}

/// Hashes a content as it arrives.
struct ContentHash: Sendable {
  /// What came out, in lower-case hexadecimal digits.
  struct Digests: Hashable, Sendable {
    let sha256: String
    let gitBlob: String?
  }

  private var sha256 = SHA256()
  private var gitBlob: Insecure.SHA1?

  init(size: Int, check: ContentCheck) {
    if case .gitBlob = check {
      var hash = Insecure.SHA1()
      hash.update(data: Array("blob \(size)\0".utf8))
      gitBlob = hash
    }
  }

  mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe sha256.update(bufferPointer: buffer)
      unsafe gitBlob?.update(bufferPointer: buffer)
    }
  }

  /// The SHA-256 of a short text, in hexadecimal digits.
  static func sha256(of text: String) -> String {
    hex(SHA256.hash(data: Array(text.utf8)))
  }

  func finalize() -> Digests {
    Digests(sha256: Self.hex(sha256.finalize()), gitBlob: gitBlob.map { Self.hex($0.finalize()) })
  }

  /// The lower-case hexadecimal digits of bytes.
  static func hex(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ContentHash.Digests {
  /// The pair of what was expected and what was found, or `nil` when they agree.
  func mismatch(with check: ContentCheck) -> (expected: String, found: String)? {
    switch check {
    case .sha256(let expected): sha256 == expected ? nil : (expected, sha256)
    case .gitBlob(let expected): gitBlob == expected ? nil : (expected, gitBlob ?? "nothing")
    case .none: nil
    }
  }
}
