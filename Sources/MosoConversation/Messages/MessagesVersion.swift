import MosoFormats

/// A dialect of the Messages API, by the value of the header `anthropic-version`.
///
/// The later one refuses what the earlier one allows: sampling parameters, documents in messages of the assistant, and
/// citations on the texts of users.
public enum MessagesVersion: String, Sendable, Hashable, CaseIterable {
  /// The dialect of 2023.
  case v2023_06_01 = "2023-06-01"
  /// The dialect of 2026.
  case v2026_10_21 = "2026-10-21"

  /// The dialect that a request's header asks for; without a header that of 2023, as gateways do.
  ///
  /// - Throws: `RequestError` when there is no such dialect.
  public init(header: String?) throws(RequestError) {
    guard let header else {
      self = .v2023_06_01
      return
    }
    guard let version = MessagesVersion(rawValue: header) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: " or ")
      throw RequestError(
        .invalidRequest, "anthropic-version is \(JSONValue.string(header).shown), but has to be \(known)",
        field: "anthropic-version")
    }
    self = version
  }
}
