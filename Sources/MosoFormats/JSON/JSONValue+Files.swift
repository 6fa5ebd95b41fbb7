extension JSONValue {
  /// Reads the JSON file at `path`.
  ///
  /// - Throws: `FormatError` that names the file, and the line and column of the first thing that is wrong.
  public init(
    contentsOf path: String, options: JSONReadingOptions = JSONReadingOptions()
  ) throws(FormatError) {
    let file = try MappedFile(openingPartOfModel: path)
    do throws(JSONError) {
      self = try file.withBytes { (bytes) throws(JSONError) in try JSONValue(parsing: bytes, options: options) }
    } catch {
      throw .json(path: path, offset: 0, error)
    }
  }
}
