import MosoFormats

/// What both APIs tell about a model.
public struct ModelInfo: Sendable, Hashable {
  /// What a model can do beyond words, by the name that the Messages API has for it.
  public enum Capability: String, Sendable, Hashable, CaseIterable {
    /// Many requests may be handed in at once.
    case batch
    /// Passages are cited.
    case citations
    /// Code that the model runs may call tools.
    case codeExecution = "code_execution"
    /// The server shortens long conversations.
    case contextManagement = "context_management"
    /// The trouble that the model takes can be chosen.
    case effort
    /// Pictures are read.
    case imageInput = "image_input"
    /// PDF files are read.
    case pdfInput = "pdf_input"
    /// The server has tools of its own.
    case serverTools = "server_tools"
    /// Answers satisfy a schema.
    case structuredOutputs = "structured_outputs"
    /// The model thinks before it speaks.
    case thinking
  }

  /// How far a model is in its life.
  public enum Lifecycle: String, Sendable, Hashable, CaseIterable {
    /// It may be used.
    case active
    /// It may be used for some time yet.
    case deprecated
    /// It may no longer be used.
    case retired
  }

  /// The name that requests call it by.
  public var id: String
  /// The name that people read.
  public var displayName: String
  /// When it came into being, in seconds since 1970.
  public var created: Int
  /// Who offers it.
  public var owner: String
  /// How far it is in its life.
  public var lifecycle = Lifecycle.active
  /// The most tokens that a prompt may have; `nil` where nobody says.
  public var maximumInputTokens: Int?
  /// The most tokens that an answer may have; `nil` where nobody says.
  public var maximumOutputTokens: Int?
  /// What it can do.
  public var capabilities: Set<Capability> = []

  /// A model that is in use.
  public init(id: String, displayName: String? = nil, created: Int, owner: String = "moso") {
    self.id = id
    self.displayName = displayName ?? id
    self.created = created
    self.owner = owner
  }
}

/// Which part of a list of models is asked for.
public struct ModelPage: Sendable, Hashable {
  /// The most models that the part has, 1 to 1,000.
  public var limit: Int
  /// The part begins after the model of this name.
  public var afterID: String?
  /// The part ends before the model of this name.
  public var beforeID: String?

  /// The first 20 models, unless told otherwise by the values of a query.
  ///
  /// - Throws: `RequestError` when `limit` is no number from 1 to 1,000, or both ends are given.
  public init(limit: String? = nil, afterID: String? = nil, beforeID: String? = nil) throws(RequestError) {
    let range = 1...1_000
    guard let count = limit.map({ Int($0) }) ?? 20, range.contains(count) else {
      throw .wrongField("limit", limit.map { .string($0) }, expected: "a whole number from 1 to 1000")
    }
    guard afterID == nil || beforeID == nil else {
      throw RequestError(
        .invalidRequest, "after_id and before_id are both given, but only one of them may be", field: "before_id")
    }
    self.limit = count
    self.afterID = afterID
    self.beforeID = beforeID
  }

  /// The models of this part, and whether there are more in its direction.
  ///
  /// - Throws: `RequestError` when the model that the part begins or ends at is not among them.
  public func models(of all: [ModelInfo]) throws(RequestError) -> (models: [ModelInfo], hasMore: Bool) {
    if let beforeID {
      let end = try Self.position(of: beforeID, in: all, field: "before_id")
      let start = max(end - limit, 0)
      return (Array(all[start..<end]), start > 0)
    }
    let start =
      try afterID.map { id throws(RequestError) in try Self.position(of: id, in: all, field: "after_id") + 1 } ?? 0
    let end = min(start + limit, all.count)
    return (Array(all[start..<end]), end < all.count)
  }

  private static func position(of id: String, in all: [ModelInfo], field: String) throws(RequestError) -> Int {
    guard let position = all.firstIndex(where: { $0.id == id }) else {
      throw .wrongField(field, .string(id), expected: "the id of a model in the list")
    }
    return position
  }
}
