/// A text that a model learns from, and where it was found.
public struct TextDocument: Sendable, Hashable {
  /// The text in well-formed UTF-8.
  public let text: [UInt8]
  /// Where it was found.
  public let origin: Origin

  /// A file and a place in it.
  public struct Origin: Sendable, Hashable {
    /// The path as it was given, or `standard input`.
    public let path: String
    /// What of the file the document is.
    public let place: Place

    /// A place in `path`.
    public init(path: String, place: Place) {
      self.path = path
      self.place = place
    }
  }

  /// What of a file a document is.
  public enum Place: Sendable, Hashable {
    /// All of it.
    case whole
    /// The line of that number, counted from 1, or what starts there.
    case line(Int)
    /// The row of that number, counted from 1.
    case row(Int)
  }

  /// A text found at `origin`.
  public init(text: [UInt8], origin: Origin) {
    self.text = text
    self.origin = origin
  }

  /// The text as a string, for people to look at.
  public var string: String { String(decoding: text, as: UTF8.self) }
}

extension TextDocument.Origin: CustomStringConvertible {
  public var description: String {
    switch place {
    case .whole: path
    case .line(let line): "\(path):\(line)"
    case .row(let row): "\(path), row \(row)"
    }
  }
}
