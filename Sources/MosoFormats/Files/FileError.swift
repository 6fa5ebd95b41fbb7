/// Why a file could not be opened, mapped or written.
public enum FileError: Error, Hashable, Sendable {
  /// There is nothing at the path.
  case missing(path: String)
  /// The path leads to a folder, and a file was expected.
  case isDirectory(path: String)
  /// The path leads to a pipe, a socket or a device.
  case notRegular(path: String)
  /// The operating system refused; `operation` is a verb such as `open`, `reason` its own words.
  case refused(operation: String, path: String, reason: String)
  /// The file changed its length while it was in use.
  case resized(path: String, from: Int, to: Int)

  /// The path that the error is about.
  public var path: String {
    switch self {
    case .missing(let path), .isDirectory(let path), .notRegular(let path), .refused(_, let path, _),
      .resized(let path, _, _):
      path
    }
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path): "\(path) does not exist; check the path"
    case .isDirectory(let path): "\(path) is a directory, and a file was expected; name a file in it"
    case .notRegular(let path): "\(path) is a pipe, a socket or a device, and a regular file was expected"
    case .refused(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
    case .resized(let path, let from, let to):
      "\(path) changed from \(from) to \(to) bytes while it was in use; load it again when nothing writes to it any more"
    }
  }
}
