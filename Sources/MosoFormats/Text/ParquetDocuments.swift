/// The texts in one column of a Parquet file; rows without one are passed over.
struct ParquetDocuments: DocumentReader {
  private let path: String
  private var rows: ParquetRows
  private let maximumSize: Int

  /// Reads the column that `options` name as the key.
  init(_ file: ParquetFile, options: TextDocuments.Options) throws(FormatError) {
    path = file.path
    maximumSize = options.maximumSize
    let column = try file.column(named: options.key)
    guard column.type == .bytes, column.listDepth == 0 else {
      throw .missing(
        path: path, what: "texts in the column \(quoted(options.key))",
        hint: "it holds \(column.listDepth > 0 ? "lists" : "\(column.type)"); name a column of texts")
    }
    rows = try file.rows(of: column)
  }

  mutating func next() throws(FormatError) -> TextDocument? {
    while let row = try rows.next() {
      guard let text = row.value.bytesValue else { continue }
      let origin = TextDocument.Origin(path: path, place: .row(row.number))
      guard text.count <= maximumSize else {
        throw rows.malformedRow(
          "text", found: "\(text.count) bytes", expected: "at most \(maximumSize); split it, or allow longer ones")
      }
      if let invalid = firstInvalidUTF8(in: text) {
        throw rows.malformedRow(
          "text", found: "the byte 0x\(String(text[invalid], radix: 16, uppercase: true)) at its byte \(invalid)",
          expected: "text encoded as UTF-8; name a column of texts, or write the file again")
      }
      return TextDocument(text: text, origin: origin)
    }
    return nil
  }
}
