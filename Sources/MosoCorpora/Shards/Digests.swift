package import Crypto
package import MosoFormats

extension SHA256Digest {
  /// The digest as people write it.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

extension MappedFile {
  /// The SHA-256 of all of it.
  package var sha256: String {
    var hash = SHA256()
    withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }
}
