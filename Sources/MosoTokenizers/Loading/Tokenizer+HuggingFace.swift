public import MosoFormats

extension Tokenizer {
  /// Makes the tokenizer that a `tokenizer.json` describes.
  ///
  /// - Parameters:
  ///   - json: The contents of `tokenizer.json`.
  ///   - configuration: The contents of `tokenizer_config.json`: the special tokens by name and the chat template.
  /// - Throws: `TokenizerError` that names the field, what was found and what was expected; a regular expression that has no
  ///   scanner here is named in full.
  public init(json: [UInt8], configuration: JSONObject = JSONObject()) throws(TokenizerError) {
    let span = json.span
    tables = try unsafe Self.tables(
      span.bytes, HuggingFaceSettings(configuration), path: HuggingFaceFolder.File.tokenizer.rawValue)
  }

  /// Makes the tokenizer of a folder as it comes from Hugging Face: from `tokenizer.json` and, where they are there,
  /// `tokenizer_config.json`, `generation_config.json` and `chat_template.jinja`.
  public init(folder: HuggingFaceFolder) throws(TokenizerError) {
    let settings: HuggingFaceSettings
    let file: MappedFile
    do throws(FormatError) {
      settings = try HuggingFaceSettings(folder)
      file = try HuggingFaceSettings.file(.tokenizer, of: folder)
    } catch {
      throw .format(error)
    }
    tables = try file.withBytes { (bytes) throws(TokenizerError) in
      try Self.tables(bytes, settings, path: folder.path(of: .tokenizer))
    }
  }

  private static func tables(
    _ text: RawSpan, _ settings: HuggingFaceSettings, path: String
  ) throws(TokenizerError) -> TokenizerTables {
    do throws(TokenizerError) {
      return try HuggingFaceFile(text, path: path).draft(settings, size: text.byteCount).assembled()
    } catch {
      throw error.inFile(path)
    }
  }
}
