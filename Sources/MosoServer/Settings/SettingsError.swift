public import MosoFormats

/// Where the value of a setting came from.
public enum SettingOrigin: Sendable, Hashable {
  /// Nobody said anything.
  case standard
  /// The command line; the text is the flag.
  case flag(String)
  /// A variable of the environment.
  case environment(String)
  /// A key of a file.
  case file(path: String, key: String)
}

extension SettingOrigin: CustomStringConvertible {
  public var description: String {
    switch self {
    case .standard: "default"
    case .flag(let flag): flag
    case .environment(let name): "\(name) in the environment"
    case .file(let path, let key): "\(path), key \"\(key)\""
    }
  }
}

/// Why a server cannot be set up as it was told.
public enum SettingsError: Error, Hashable, Sendable {
  /// A value is not what it may be.
  case invalid(origin: SettingOrigin, found: String, expected: String)
  /// A file has a key that is no setting; `closest` is the one most like it.
  case unknownKey(path: String, key: String, closest: String?)
  /// A file cannot be read, or is no JSON.
  case file(FormatError)
  /// A file holds something else than one JSON object.
  case notAnObject(path: String, found: String)
  /// Two settings, each right by itself, do not go together; `hint` says what to do.
  case conflict(first: SettingOrigin, second: SettingOrigin, hint: String)

  /// Whether only the command line is to blame.
  public var isAboutFlags: Bool {
    switch self {
    case .invalid(.flag, _, _), .conflict(.flag, .flag, _), .conflict(.flag, .standard, _): true
    default: false
    }
  }
}

extension SettingsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalid(let origin, let found, let expected): "\(origin): found \(found), expected \(expected)"
    case .unknownKey(let path, let key, let closest):
      "\(path): \(quoted(key)) is no setting; "
        + (closest.map { "did you mean \(quoted($0))?" } ?? "`moso serve --print-config` shows all of them")
    case .file(let error): error.description
    case .notAnObject(let path, let found): "\(path): found \(found), expected an object with settings"
    case .conflict(let first, .standard, let hint): "\(first): \(hint)"
    case .conflict(let first, let second, let hint): "\(first) and \(second): \(hint)"
    }
  }
}
