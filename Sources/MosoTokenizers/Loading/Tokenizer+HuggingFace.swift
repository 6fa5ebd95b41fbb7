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
    let path = HuggingFaceFolder.File.tokenizer.rawValue
    tables = try Self.tables(path) { () throws(TokenizerError) in
      try unsafe TokenizerDraft(span.bytes, HuggingFaceSettings(configuration), path: path)
    }
  }

  /// Makes the tokenizer of a folder as it comes from Hugging Face: from `tokenizer.json` and, where they are there,
  /// `tokenizer_config.json`, `generation_config.json` and `chat_template.jinja`.
  public init(folder: HuggingFaceFolder) throws(TokenizerError) {
    let path = folder.path(of: .tokenizer)
    let draft = try TokenizerDraft(folder)
    tables = try Self.tables(path) { () throws(TokenizerError) in draft }
  }

  private static func tables(
    _ path: String, _ draft: () throws(TokenizerError) -> TokenizerDraft
  ) throws(TokenizerError) -> TokenizerTables {
    do throws(TokenizerError) {
      return try draft().assembled()
    } catch {
      throw error.inFile(path)
    }
  }
}

extension TokenizerDraft {
  /// What the `tokenizer.json` of a folder says, together with the files beside it.
  init(_ folder: HuggingFaceFolder) throws(TokenizerError) {
    let settings: HuggingFaceSettings
    let file: MappedFile
    do throws(FormatError) {
      settings = try HuggingFaceSettings(folder)
      file = try HuggingFaceSettings.file(.tokenizer, of: folder)
    } catch {
      throw .format(error)
    }
    let path = folder.path(of: .tokenizer)
    do throws(TokenizerError) {
      self = try file.withBytes { (bytes) throws(TokenizerError) in
        try TokenizerDraft(bytes, settings, path: path)
      }
    } catch {
      throw error.inFile(path)
    }
  }

  /// What a `tokenizer.json` says.
  init(_ text: RawSpan, _ settings: HuggingFaceSettings, path: String) throws(TokenizerError) {
    self = try HuggingFaceFile(text, path: path).draft(settings, size: text.byteCount)
  }
}
