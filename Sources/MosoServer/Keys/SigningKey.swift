import Crypto
public import MosoEngine
import MosoFormats

/// The secret with which this machine's servers sign a model's thoughts.
///
/// It is made once and kept in a file that only its owner may read, so that thoughts are still trusted after a restart.
public struct SigningKey: Sendable {
  private let key: SymmetricKey
  /// Why the key will be another one after a restart; `nil` when it is kept.
  public let problem: String?

  private static let byteCount = 32

  /// The key in the usual file beside the keys of the API. It is made if it is not there, and lives only as long as this
  /// process where it cannot be kept.
  public init(environment: [String: String]) {
    let folder = KeyFile.defaultPath(environment: environment).split(separator: "/").dropLast()
    self.init(path: "/" + folder.joined(separator: "/") + "/signing.key")
  }

  /// The key in a file.
  init(path: String) {
    do throws(KeyFileError) {
      key = SymmetricKey(data: try Self.kept(at: path))
      problem = nil
    } catch {
      key = SymmetricKey(size: .bits256)
      problem =
        "the key that signs thoughts cannot be kept, so that those from before a restart are not trusted: \(error)"
    }
  }

  private static func kept(at path: String) throws(KeyFileError) -> [UInt8] {
    do throws(KeyFileError) {
      return try read(path)
    } catch .missing {
      try KeyFileSystem.makeFolder(of: path)
      return try KeyFileSystem.whileLocking(path + ".lock") { () throws(KeyFileError) in
        // Another process may have been faster.
        do throws(KeyFileError) { return try read(path) } catch .missing {}
        let bytes = unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Array($0) }
        do throws(FileError) {
          let file = try AtomicFile(path: path, permissions: 0o600)
          try file.append(bytes)
          try file.complete()
          try file.publish()
        } catch {
          throw .refused(operation: "write", path: path, reason: "\(error)")
        }
        return bytes
      }
    }
  }

  private static func read(_ path: String) throws(KeyFileError) -> [UInt8] {
    let file = try KeyFileSystem.contents(of: path, limit: 4_096)
    guard file.permissions & 0o077 == 0 else {
      throw .refused(operation: "use", path: path, reason: "others may read it; run `chmod 600` on it")
    }
    guard file.bytes.count == byteCount else {
      throw .refused(operation: "use", path: path, reason: "it has \(file.bytes.count) bytes instead of \(byteCount)")
    }
    return file.bytes
  }

  /// Signs and verifies with this key: HMAC-SHA256 over the text, in hexadecimal.
  public var signature: AnsweringModel.Signature {
    let key = key
    return AnsweringModel.Signature(
      sign: { text in
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
          .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      },
      verify: { text, signature in
        guard let code = Self.bytes(signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Array(text.utf8), using: key)
      })
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = Array(hexadecimal.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
