public import MosoFormats

/// What the files beside a `tokenizer.json` say of the tokenizer.
struct HuggingFaceSettings {
  /// `tokenizer_config.json`.
  var configuration: JSONObject
  /// Tokens that end an answer, from `generation_config.json`.
  var endTokens: [Int32] = []
  var chatTemplates: [String: String] = [:]

  /// Takes the chat templates from `tokenizer_config.json`, where they are one text or a list of named ones.
  init(_ configuration: JSONObject) {
    self.configuration = configuration
    let value = configuration["chat_template"] ?? .null
    if let template = value.stringValue { chatTemplates["default"] = template }
    for entry in value.arrayValue ?? [] {
      if let name = entry["name"]?.stringValue, let template = entry["template"]?.stringValue {
        chatTemplates[name] = template
      }
    }
  }

  /// Reads the files of a folder.
  init(_ folder: HuggingFaceFolder) throws(FormatError) {
    self.init(try folder.json(.tokenizerConfiguration)?.objectValue ?? JSONObject())
    let ends = try folder.json(.generationConfiguration)?["eos_token_id"] ?? .null
    endTokens = (ends.arrayValue ?? [ends]).compactMap { $0.integerValue.flatMap { Int32(exactly: $0) } }
    if folder.contains(.chatTemplate) {
      let file = try Self.file(.chatTemplate, of: folder)
      chatTemplates["default"] = file.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
      }
    }
  }

  /// The contents of a file that must be there.
  static func file(_ file: HuggingFaceFolder.File, of folder: HuggingFaceFolder) throws(FormatError) -> MappedFile {
    do throws(FileError) {
      return try MappedFile(path: folder.path(of: file))
    } catch {
      throw .file(error)
    }
  }
}

extension Tokenizer {
  /// The chat templates of a folder by name, read without its vocabulary; the usual one is `default`.
  ///
  /// - Throws: `FormatError` when one of its files is not what it should be.
  public static func chatTemplates(in folder: HuggingFaceFolder) throws(FormatError) -> [String: String] {
    try HuggingFaceSettings(folder).chatTemplates
  }
}
