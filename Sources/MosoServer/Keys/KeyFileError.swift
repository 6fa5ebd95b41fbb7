public import MosoFormats

/// Why a file of API keys cannot be read, used or changed.
public enum KeyFileError: Error, Hashable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// The operating system refused; `operation` is a verb such as `read`, `reason` its own words.
  case refused(operation: String, path: String, reason: String)
  /// Others than its owner could give themselves keys; `permissions` as `chmod` counts them.
  case writableByOthers(path: String, permissions: Int)
  /// The file belongs to another user of this machine, who is not root.
  case foreignOwner(path: String, user: Int)
  /// It is larger than such a file gets.
  case tooLarge(path: String, limit: Int)
  /// The file is not JSON.
  case json(path: String, JSONError)
  /// The file is JSON, but at `place` something else than was expected.
  case malformed(path: String, place: String, found: String, expected: String)
  /// A key, or an owner, cannot have this name.
  case malformedName(String)
  /// A note cannot be this text.
  case malformedNote
  /// There is a key of this name.
  case nameTaken(String)
  /// There is no key of this name.
  case unknownName(String, path: String)
  /// There are as many keys as a file may have.
  case tooMany(limit: Int)
}

extension KeyFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path): "\(path) does not exist; make the first key with `moso keys add NAME`"
    case .refused(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
    case .writableByOthers(let path, let permissions):
      "\(path) has the permissions \(octal(permissions)), so others could add keys to it; run `chmod 600` on it"
    case .foreignOwner(let path, let user):
      "\(path) belongs to user \(user), who could add keys to it; it has to belong to the user who runs this, or to root"
    case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes, and no file of keys is; check the path"
    case .json(let path, let error): "\(path), \(error)"
    case .malformed(let path, let place, let found, let expected):
      "\(path), \(place): found \(found), expected \(expected)"
    case .malformedName(let name):
      "\(quoted(name)) cannot be a name; expected up to 64 letters, digits and . _ - @ +, of which the first is a letter or "
        + "a digit"
    case .malformedNote: "the note is no line of up to 200 characters; make it shorter and leave out control characters"
    case .nameTaken(let name): "there is a key named \(quoted(name)) already; choose another name or remove that key"
    case .unknownName(let name, let path): "no key in \(path) is named \(quoted(name)); list them with `moso keys list`"
    case .tooMany(let limit): "there are \(limit) keys, and no file has more; remove some"
    }
  }

  private func octal(_ permissions: Int) -> String { "0" + String(permissions, radix: 8) }
}
