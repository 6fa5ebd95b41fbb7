#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An `http` or `https` address, taken apart as far as trust and redirects need it.
struct WebAddress: Hashable, Sendable {
  private let url: URL
  /// `http` or `https`.
  let scheme: String
  /// The host in lower case.
  let host: String
  let port: Int

  /// `nil` for anything but an absolute `http` or `https` address with a host, or one with control characters in it.
  init?(_ text: String) {
    guard let url = Self.parse(text, relativeTo: nil) else { return nil }
    self.init(url)
  }

  private init?(_ url: URL) {
    guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https" else { return nil }
    guard let host = url.host(percentEncoded: true)?.lowercased(), !host.isEmpty else { return nil }
    self.url = url
    self.scheme = scheme
    self.host = host
    port = url.port ?? (scheme == "https" ? 443 : 80)
  }

  private static func parse(_ text: String, relativeTo base: URL?) -> URL? {
    guard text.utf8.count <= 16_384, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    return URL(string: text, relativeTo: base)?.absoluteURL
  }

  var text: String { url.absoluteString }

  /// Where a `Location` header sends to, seen from here; `nil` for what may not be followed.
  func resolving(_ location: String) -> WebAddress? {
    guard let next = Self.parse(location, relativeTo: url).flatMap({ WebAddress($0) }) else { return nil }
    // What encryption protected stays encrypted.
    return scheme == "https" && next.scheme != "https" ? nil : next
  }

  /// Whether a secret meant for one may be shown to the other: same scheme, host and port.
  func hasSameOrigin(as other: WebAddress) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// The scheme, the host and, where it is not the usual one, the port; for error messages.
  var origin: String {
    let usual = port == (scheme == "https" ? 443 : 80)
    return "\(scheme)://\(host)" + (usual ? "" : ":\(port)")
  }

  /// A path component with all but letters, digits and `-._~` as `%XX`; `/` is kept where asked.
  static func encoded(_ text: String, keepingSlashes: Bool) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain = HubReference.isNameByte(byte) || byte == UInt8(ascii: "~")
      if isPlain || (keepingSlashes && byte == UInt8(ascii: "/")) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += hex.count == 1 ? "%0" + hex : "%" + hex
      }
    }
    return result
  }
}
