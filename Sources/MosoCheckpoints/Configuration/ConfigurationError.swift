public import MosoFormats

/// Why a model's metadata does not describe a model that can be run.
public enum ConfigurationError: Error, Hashable, Sendable {
  /// The value of `key` is not one of those that make sense there.
  case invalid(origin: String, key: String, found: String, expected: String)
  /// There is no `key`, and nothing may be assumed in its place.
  case missing(origin: String, key: String, expected: String)
  /// The value of `key` asks for something that Moso does not do.
  case unsupported(origin: String, key: String, found: String, supported: String)
  /// The file that holds the metadata cannot be read.
  case unreadable(FormatError)
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalid(let origin, let key, let found, let expected):
      "\(origin): \(key) is \(found), expected \(expected); the file is damaged or not a model's"
    case .missing(let origin, let key, let expected):
      "\(origin) has no \(key), expected \(expected); the file is incomplete or not a model's"
    case .unsupported(let origin, let key, let found, let supported):
      "\(origin): \(key) is \(found), which Moso does not support; use a model with \(supported)"
    case .unreadable(let error): error.description
    }
  }
}
