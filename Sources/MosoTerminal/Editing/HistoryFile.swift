/// Why the history of a line editor could not be read or kept.
public enum HistoryError: Error, Equatable, Sendable {
  /// Earlier messages are there but cannot be had.
  case cannotRead(path: String, reason: String)
  /// A message will not be there the next time.
  case cannotWrite(path: String, reason: String)
}

extension HistoryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotRead(let path, let reason):
      "the history file \(path) could not be read (\(reason)): check its permissions, or remove it to start anew"
    case .cannotWrite(let path, let reason):
      "the history file \(path) could not be written (\(reason)): check the folder's permissions and free space"
    }
  }
}

/// A line editor's history on disk: one message per line, with newlines and backslashes escaped.
///
/// Only the owner may read it. Each change replaces the file as a whole, so a killed process leaves the old or the new one,
/// and sessions that run side by side add to each other's entries. Something that is no file (a link to `/dev/null`) is read
/// as empty and left alone.
public struct HistoryFile: Sendable {
  /// Where the file is, or will be with the first message.
  public let path: String
  private let maximumCount: Int
  private let maximumBytes: Int

  /// The history in a file, which need not exist yet.
  ///
  /// - Parameters:
  ///   - path: where the file is or will be; missing folders are made when the first message is kept.
  ///   - maximumCount: how many messages are kept.
  ///   - maximumBytes: how large the messages may be together, in bytes of UTF-8.
  public init(path: String, maximumCount: Int = 1000, maximumBytes: Int = 1 << 20) {
    self.path = path
    self.maximumCount = maximumCount
    self.maximumBytes = maximumBytes
  }

  /// The messages in the file; none when there is no file yet.
  public func load() throws(HistoryError) -> LineHistory {
    // Escaping at most doubles a text; whatever is larger than that was not written here, and only its end is read.
    let bytes = try SystemFile.readEnd(path, limit: 2 * maximumBytes + maximumCount)
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { Self.unescape(String(decoding: $0, as: UTF8.self)) }
    return LineHistory(lines, maximumCount: maximumCount, maximumBytes: maximumBytes)
  }

  /// Adds one message to the file.
  public func add(_ entry: String) throws(HistoryError) {
    let lock = try SystemFile.Lock(folderOf: path)
    var history = try load()
    history.add(entry)
    let text = history.entries.map { Self.escape($0) + "\n" }.joined()
    try SystemFile.replace(path, with: Array(text.utf8))
    lock.release()
  }

  static func escape(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescape(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        result.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
