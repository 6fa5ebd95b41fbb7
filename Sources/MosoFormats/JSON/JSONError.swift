/// Why a text is not the JSON that was expected, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// The byte at which the problem was seen, counted from 0.
  public let offset: Int
  /// The line of that byte, counted from 1.
  public let line: Int
  /// The character within the line, counted from 1.
  public let column: Int
  /// What stands there, in words.
  public let found: String
  /// What should stand there, in words.
  public let expected: String

  /// A problem at a byte, which is also given as a line and a column.
  public init(offset: Int, line: Int, column: Int, found: String, expected: String) {
    self.offset = offset
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    "line \(line), column \(column) (byte \(offset)): found \(found), expected \(expected)"
  }
}
