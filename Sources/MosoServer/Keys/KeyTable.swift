import Synchronization

/// Recognises API keys by their hashes, and notices within a second when the file of keys changes.
///
/// A key that comes with a request is hashed, and its hash is looked for. No secret is compared with another, and the time
/// that it takes tells nothing of the hashes that are kept.
public final class KeyTable: Sendable {
  /// What is known of a key that came with a request.
  public enum Verdict: Sendable, Hashable {
    /// The key is in force.
    case accepted(KeyEntry)
    /// The key was switched off.
    case disabled(KeyEntry)
    /// There is no such key.
    case unknown
  }

  private struct State {
    var entries: [KeyHash: KeyEntry]
    /// The stamp of the file when it was last looked at, `nil` when it was gone.
    var stamp: FileStamp?
    var nextLook: ContinuousClock.Instant
  }

  private let file: KeyFile?
  private let now: @Sendable () -> ContinuousClock.Instant
  private let onReload: @Sendable (Result<KeyFile.Content, KeyFileError>) -> Void
  private let state: Mutex<State>

  /// How often the file is looked at.
  private static let interval = Duration.seconds(1)

  /// A table that never changes.
  public init(_ list: KeyList) {
    file = nil
    now = { .now }
    onReload = { _ in }
    state = Mutex(State(entries: Self.entries(list), stamp: nil, nextLook: .now))
  }

  /// A table that follows a file, which is read now.
  ///
  /// - Parameters:
  ///   - now: The clock.
  ///   - onReload: Called after a change of the file: with what it holds now, or with what is wrong with it, in which case
  ///     the keys from before stay in force. It is called on the thread of a request and should only make a note.
  /// - Throws: `KeyFileError` when the file cannot be used.
  public init(
    file: KeyFile,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    onReload: @escaping @Sendable (Result<KeyFile.Content, KeyFileError>) -> Void = { _ in }
  ) throws(KeyFileError) {
    self.file = file
    self.now = now
    self.onReload = onReload
    let content = try file.read()
    state = Mutex(
      State(entries: Self.entries(content.list), stamp: content.stamp, nextLook: now() + Self.interval))
  }

  /// How many keys are in force or switched off.
  public var count: Int { state.withLock { $0.entries.count } }

  /// Looks for a key as a request brings it.
  public func lookup(_ presented: String) -> Verdict {
    reloadIfChanged()
    guard let key = APIKey(presented) else { return .unknown }
    let hash = key.hash
    guard let entry = state.withLock({ $0.entries[hash] }) else { return .unknown }
    return entry.isDisabled ? .disabled(entry) : .accepted(entry)
  }

  /// Looks for the key that the headers of a request bring: that of `x-api-key`, or else the token of `Authorization`.
  ///
  /// - Returns: `nil` when they bring none.
  public func lookup(apiKey: String?, authorization: String?) -> Verdict? {
    if let apiKey, !apiKey.isEmpty { return lookup(apiKey) }
    guard let authorization, let space = authorization.firstIndex(of: " ") else { return nil }
    guard authorization[..<space].lowercased() == "bearer" else { return nil }
    return lookup(String(authorization[space...].drop { $0 == " " }))
  }

  /// Reads the file again when it has changed and was not looked at for a second; no lock is held meanwhile.
  private func reloadIfChanged() {
    guard let file else { return }
    let time = now()
    let known: FileStamp?? = state.withLock { state in
      guard time >= state.nextLook else { return nil }
      state.nextLook = time + Self.interval
      return .some(state.stamp)
    }
    guard let known else { return }
    let stamp = file.stamp
    guard stamp != known else { return }
    do throws(KeyFileError) {
      let content = try file.read()
      let entries = Self.entries(content.list)
      state.withLock { state in
        state.entries = entries
        state.stamp = content.stamp
      }
      onReload(.success(content))
    } catch {
      // A file that stays wrong is reported once.
      state.withLock { $0.stamp = stamp }
      onReload(.failure(error))
    }
  }

  private static func entries(_ list: KeyList) -> [KeyHash: KeyEntry] {
    Dictionary(list.entries.map { ($0.hash, $0) }) { first, _ in first }
  }
}
