public import MosoConversation
public import MosoEngine

/// The models that requests may call by name: loaded when first asked for, and let go when others need the memory.
public actor ModelShelf {
  /// A model that can be had.
  public struct Entry: Sendable, Hashable {
    /// What requests call it.
    public var name: String
    /// Where it comes from: `smollm2`, `hf:owner/name`, or the path of a file or folder.
    public var reference: String

    /// A model by the name that requests call it.
    public init(name: String, reference: String) {
      self.name = name
      self.reference = reference
    }
  }

  /// A model in memory.
  public struct Loaded: Sendable {
    /// What answers.
    public var model: AnsweringModel
    /// What its weights and the memory for keys and values take, in bytes.
    public var bytes: Int

    /// A model and what it takes.
    public init(model: AnsweringModel, bytes: Int) {
      self.model = model
      self.bytes = bytes
    }
  }

  /// Finds out how many bytes an entry will take, before it is loaded.
  public typealias Scale = @Sendable (Entry) async throws -> Int
  /// Loads what an entry names.
  public typealias Loader = @Sendable (Entry) async throws -> Loaded

  private struct Place {
    var loaded: Loaded
    var lastUse: ContinuousClock.Instant
  }

  private let entries: [Entry]
  private let fallback: String?
  private let memory: Int
  private let weigh: Scale
  private let load: Loader
  private let start = WallClock.seconds
  private var places: [String: Place] = [:]
  private var loading: [String: Task<Loaded, any Error>] = [:]
  /// What those will take that are being loaded.
  private var reserved: [String: Int] = [:]

  /// A shelf with nothing loaded yet.
  ///
  /// - Parameters:
  ///   - entries: The models that can be had; the names are different.
  ///   - fallback: The model for requests that name one that is not there; `nil` refuses them.
  ///   - memory: How many bytes the loaded models may take together; one is loaded in any case.
  ///   - weigh: Says what an entry will take.
  ///   - load: Loads an entry for which there is room.
  public init(
    _ entries: [Entry], fallback: String? = nil, memory: Int = .max, weigh: @escaping Scale, load: @escaping Loader
  ) {
    self.entries = entries
    self.fallback = fallback
    self.memory = memory
    self.weigh = weigh
    self.load = load
  }

  /// The model that a request names, loaded first if need be; the first one where it names none.
  ///
  /// - Throws: `RequestError` when there is no such model, it cannot be loaded, or there is no memory for it now.
  public func model(named name: String?) async throws(RequestError) -> (name: String, model: AnsweringModel) {
    let name = name ?? entries.first?.name ?? ""
    guard let entry = entries.first(where: { $0.name == name }) ?? entries.first(where: { $0.name == fallback }) else {
      let known = entries.map(\.name).joined(separator: ", ")
      throw RequestError(
        .notFound, "model: there is no model \"\(name.prefix(200))\" here, but \(known)", field: "model")
    }
    if let place = places[entry.name] {
      places[entry.name]?.lastUse = .now
      return (entry.name, place.loaded.model)
    }
    do {
      return (entry.name, try await loaded(entry).model)
    } catch let error as RequestError {
      throw error
    } catch {
      throw RequestError(.server, "the model \(entry.name) cannot be loaded: \(error)")
    }
  }

  /// Everything that can be had, loaded or not.
  public var models: [ModelInfo] {
    entries.map { entry in
      var info = ModelInfo(id: entry.name, created: start)
      if let model = places[entry.name]?.loaded.model {
        info.displayName = model.model.name
        info.maximumInputTokens = model.engine.contextLength
        info.maximumOutputTokens = model.engine.contextLength
        info.capabilities = model.capabilities
      }
      return info
    }
  }

  /// How busy each loaded model is.
  public var loads: [(name: String, load: ServingLoad)] {
    places.map { (name: $0.key, load: $0.value.loaded.model.engine.load) }.sorted { $0.name < $1.name }
  }

  // MARK: Loading

  private func loaded(_ entry: Entry) async throws -> Loaded {
    if let task = loading[entry.name] { return try await task.value }
    // All who ask meanwhile get the same model, or the same refusal.
    let task = Task { try await self.place(entry) }
    loading[entry.name] = task
    defer { loading[entry.name] = nil }
    return try await task.value
  }

  private func place(_ entry: Entry) async throws -> Loaded {
    let bytes = try await weigh(entry)
    try makeRoom(for: bytes)
    reserved[entry.name] = bytes
    defer { reserved[entry.name] = nil }
    let loaded = try await load(entry)
    places[entry.name] = Place(loaded: loaded, lastUse: .now)
    return loaded
  }

  /// Lets go of models until `bytes` more fit, those that were used the longest time ago first.
  private func makeRoom(for bytes: Int) throws {
    func isTight() -> Bool {
      let taken = places.values.reduce(0) { $0 + $1.loaded.bytes } + reserved.values.reduce(0, +)
      return taken > 0 && taken + bytes > memory
    }
    while isTight() {
      let idle = places.filter { _, place in
        let load = place.loaded.model.engine.load
        return load.running + load.waiting == 0
      }
      guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
        throw RequestError(
          .overloaded, "there is no memory for another model while those that are loaded are in use; try again later",
          retryAfter: 10)
      }
      places[oldest.key] = nil
    }
  }
}
