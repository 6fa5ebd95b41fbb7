/// What gives documents one after the other.
protocol DocumentReader {
  /// The next document, or `nil` when there are no more.
  mutating func next() throws(FormatError) -> TextDocument?
}

/// The documents in a file that people keep text in, read one after the other with little in memory.
///
/// | name | documents |
/// |---|---|
/// | `.txt`, `.text`, `.md` | the whole file, or what is between separator lines |
/// | `.jsonl`, `.ndjson`, `.json` | each line is a JSON object, its `text` the document |
/// | `.parquet` | the column `text`, one document a row |
///
/// All but Parquet, which compresses by itself, may be compressed: `.gz` (also of several members) and `.zst`.
///
/// ```swift
/// let documents = try TextDocuments(path: "corpus.jsonl.gz")
/// while let document = try documents.next() {
///   print(document.origin, document.text.count)
/// }
/// ```
public final class TextDocuments {
  /// What is not said by a file's name.
  public struct Options: Sendable, Hashable {
    /// The key of the JSON objects, or the column of the table, that holds the text; dots lead into objects and structs.
    public var key = "text"
    /// The line that stands between two documents in plain text, such as `<|endoftext|>`; `nil` for one document a file.
    public var separator: String?
    /// How many bytes a document, and a line of JSON, may have.
    public var maximumSize = 1 << 30
    /// How the file holds texts; `nil` for what its name says, and for plain text from standard input.
    public var kind: TextKind?

    /// The defaults: `text`, one document a file, at most 1 GiB, what the name says.
    public init() {}
  }

  /// Whether the name of a file says that it holds texts.
  package static func canRead(_ path: String) -> Bool { TextFileName(path).kind != nil }

  private var reader: any DocumentReader
  /// The error that ended the reading, which is given again.
  private var failure: FormatError?

  private init(_ reader: any DocumentReader) {
    self.reader = reader
  }

  /// Opens the file at `path`, which may be a pipe unless it is a Parquet file.
  ///
  /// - Throws: `FormatError` when it cannot be read, is of no known kind or, for Parquet, is damaged or without the column.
  public convenience init(path: String, options: Options = Options()) throws(FormatError) {
    let name = TextFileName(path)
    // A missing file is better called missing than of an unknown kind.
    let kind = options.kind ?? name.kind
    let stream = kind == .parquet ? nil : try FileStream(path: path)
    guard let kind else { throw Self.unknownKind(of: path) }
    guard let stream else {
      self.init(try ParquetDocuments(ParquetFile(path: path), options: options))
      return
    }
    self.init(Self.reader(of: name.compression.decompressing(stream), kind, options))
  }

  /// Reads what comes to the process's standard input, which may be compressed with gzip or Zstandard.
  ///
  /// - Throws: `FormatError` when nothing can be read there, or when it should be Parquet, which cannot come from a pipe.
  public convenience init(readingStandardInput options: Options) throws(FormatError) {
    try self.init(reading: FileStream(readingStandardInput: ()), options: options)
  }

  /// Reads bytes in memory as if they were the file at `path`, for tests and for data that was never on a disk.
  package convenience init(
    copying bytes: [UInt8], path: String, options: Options = Options()
  ) throws(FormatError) {
    let name = TextFileName(path)
    guard let kind = options.kind ?? name.kind else { throw Self.unknownKind(of: path) }
    guard kind != .parquet else {
      let file = try FormatError.wrapping { () throws(FileError) in try MappedFile(copying: bytes, path: path) }
      self.init(try ParquetDocuments(ParquetFile(file), options: options))
      return
    }
    self.init(Self.reader(of: name.compression.decompressing(MemoryStream(bytes, path: path)), kind, options))
  }

  /// Reads a stream without a name, whose first bytes tell how it is compressed.
  convenience init(reading stream: any ByteStream, options: Options) throws(FormatError) {
    guard options.kind != .parquet else {
      throw .missing(
        path: stream.path, what: "end to begin with, as Parquet needs", hint: "write it to a file and name that")
    }
    let first = try stream.next()
    let whole = PeekedStream(first: first, rest: stream)
    self.init(
      Self.reader(of: TextCompression(firstBytes: first).decompressing(whole), options.kind ?? .plain, options))
  }

  /// The next document, or `nil` when there are no more.
  ///
  /// - Throws: `FormatError` that names the line, the row or the byte; the same one again when asked again.
  public func next() throws(FormatError) -> TextDocument? {
    if let failure { throw failure }
    do throws(FormatError) {
      return try reader.next()
    } catch {
      failure = error
      throw error
    }
  }

  private static func reader(
    of stream: any ByteStream, _ kind: TextKind, _ options: Options
  ) -> any DocumentReader {
    kind == .jsonLines
      ? JSONLinesReader(stream, key: options.key, limit: options.maximumSize)
      : PlainTextReader(stream, separator: options.separator, limit: options.maximumSize)
  }

  private static func unknownKind(of path: String) -> FormatError {
    .missing(
      path: path, what: "ending that says how it holds texts",
      hint: "expected .txt, .md, .jsonl or .json, each also with .gz or .zst, or .parquet; rename it or say its kind")
  }
}
