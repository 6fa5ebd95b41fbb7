/// Why a file is not what its format says, and where.
public enum FormatError: Error, Hashable, Sendable {
  /// The file cannot be read at all.
  case file(FileError)
  /// At byte `offset` the file is not as its format demands; `field` names what stands there.
  case malformed(path: String, offset: Int, field: String, found: String, expected: String)
  /// A part of the file that should be JSON is not; `JSONError.offset` counts from byte `offset` of the file.
  case json(path: String, offset: Int, JSONError)
  /// A line of a file of JSON lines is not what it should be; `line` counts from 1, and the place in the error is one in it.
  case line(path: String, line: Int, JSONError)
  /// The file is sound but lacks something; `hint` says what to do.
  case missing(path: String, what: String, hint: String)
}

extension FormatError {
  /// Runs `body`, turning the error of a file into one of a format.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(FormatError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

extension FormatError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let offset, let field, let found, let expected):
      "\(path), byte \(offset), \(field): found \(found), expected \(expected)"
    case .json(let path, 0, let error): "\(path), \(error)"
    case .json(let path, let offset, let error): "\(path), in the JSON from byte \(offset) on, \(error)"
    case .line(let path, let line, let error):
      "\(path):\(line): column \(error.column) (byte \(error.offset)): found \(error.found), expected \(error.expected)"
    case .missing(let path, let what, let hint): "\(path) has no \(what); \(hint)"
    }
  }
}
