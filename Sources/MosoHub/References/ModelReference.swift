/// What a person types to name a model: a well-known name, a repository of a hub, or a path.
public enum ModelReference: Sendable, Hashable {
  /// A model this program knows by heart, such as `smollm2`.
  case wellKnown(WellKnownModel)
  /// A repository of a Hugging Face hub.
  case hub(HubReference)
  /// A file or folder on this machine.
  case local(path: String)
}

extension ModelReference {
  /// Reads `smollm2`, `hf:owner/name[@revision][:file-or-quantisation]` or a path.
  ///
  /// A text with a leading `/`, `./`, `../` or `~/` is always a path; so is the name of something that exists, unless a
  /// well-known model has it.
  ///
  /// - Throws: A ``ModelReferenceError`` that suggests what may have been meant.
  public init(_ text: String) throws(ModelReferenceError) {
    guard !text.isEmpty else { throw .empty }
    guard text.utf8.count <= 4_096, !text.utf8.contains(0) else { throw .unknown(text: text, suggestion: nil) }
    if text.lowercased().hasPrefix("hf:") {
      if let suggestion = Self.suggestion(forAddress: String(text.dropFirst(3).drop { $0 == "/" })),
        text.dropFirst(3).hasPrefix("//") || text.contains("://")
      {
        throw .address(text: text, suggestion: suggestion)
      }
      self = .hub(try HubReference(parsing: text.dropFirst(3)))
    } else if let model = WellKnownModel.named(text) {
      self = .wellKnown(model)
    } else if text.contains("://") {
      throw .address(text: text, suggestion: Self.suggestion(forAddress: text))
    } else if let suggestion = Self.suggestion(forAddress: text), Folder.item(at: text) == nil {
      throw .address(text: text, suggestion: suggestion)
    } else if Self.looksLikePath(text) || Folder.item(at: text) != nil {
      self = .local(path: Self.expanded(text))
    } else {
      throw .unknown(text: text, suggestion: Self.suggestion(for: text))
    }
  }

  private static func looksLikePath(_ text: String) -> Bool {
    if text == "." || text == ".." || text == "~" { return true }
    if ["/", "./", "../", "~/"].contains(where: text.hasPrefix) { return true }
    let lower = text.lowercased()
    if lower.hasSuffix(".gguf") || lower.hasSuffix(".safetensors") { return !text.contains(":") }
    // `owner/name` is what one writes when `hf:` is forgotten; a longer path can only be a path.
    return text.split(separator: "/", omittingEmptySubsequences: false).count > 2
  }

  private static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return CacheLocation.homeFolder() + path.dropFirst(1)
  }
}

extension ModelReference: CustomStringConvertible {
  /// The reference in its one canonical spelling, which names the model in the store.
  public var description: String {
    switch self {
    case .wellKnown(let model): model.name
    case .hub(let reference): reference.description
    case .local(let path): path
    }
  }
}
