import MosoFormats

/// The documents of files and of all files of text in folders, in the order of their paths.
struct FileDocuments: DocumentStream {
  /// What stands for standard input among paths.
  static let standardInput = "-"
  /// Where it is kept in the folder of the corpus.
  static let standardInputFile = "standard-input.jsonl"

  private var paths: ArraySlice<String>
  private let field: String
  private var open: TextDocuments?

  /// - Throws: `CorpusError` when a path leads nowhere, or to a folder without files of text.
  init(_ paths: [String], field: String, folder: String) throws(CorpusError) {
    self.field = field
    var files: [String] = []
    for path in paths {
      if path == Self.standardInput {
        files.append("\(folder)/\(Self.standardInputFile)")
      } else if Folder.exists(path) {
        let found = try Self.files(in: path, depth: 0)
        guard !found.isEmpty else {
          throw .unusable(
            place: path, found: "no text", expected: "files of text in the folder",
            hint: "files of text end in .txt, .md, .jsonl or .parquet, the former also with .gz or .zst")
        }
        files += found
      } else {
        files.append(path)
      }
    }
    self.paths = files[...]
  }

  mutating func next() throws(CorpusError) -> CorpusDocument? {
    while true {
      if let documents = open {
        let document = try CorpusError.reading { () throws(FormatError) in try documents.next() }
        if let document { return CorpusDocument(.text(document.text), origin: "\(document.origin)") }
        open = nil
      }
      guard let path = paths.popFirst() else { return nil }
      var options = TextDocuments.Options()
      // What was kept of standard input has its texts under the usual name.
      if !path.hasSuffix("/\(Self.standardInputFile)") { options.key = field }
      open = try CorpusError.reading { () throws(FormatError) in try TextDocuments(path: path, options: options) }
    }
  }

  /// The files of text in a folder and those in it, by their names.
  private static func files(in folder: String, depth: Int) throws(CorpusError) -> [String] {
    guard depth < 32 else { return [] }
    let names = try CorpusError.wrapping { () throws(FileError) in try Folder.names(in: folder) }
    var files: [String] = []
    for name in names {
      let path = "\(folder)/\(name)"
      if Folder.exists(path) {
        files += try Self.files(in: path, depth: depth + 1)
      } else if TextDocuments.canRead(path) {
        files.append(path)
      }
    }
    return files
  }
}
