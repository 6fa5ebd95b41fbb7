/// How far a pull has come.
public struct PullProgress: Sendable, Hashable {
  /// What a pull is doing at the moment.
  public enum Phase: Sendable, Hashable {
    /// Asking where the files are and what they hold.
    case resolving
    /// Another process pulls the same model; the numbers are that one's, where they are known.
    case waitingForOtherPull
    /// Bytes are coming in.
    case downloading
    /// The connection failed or the server is busy; the next try comes after a pause.
    case retrying(after: Duration, reason: String)
    /// Comparing what is on disk with its hash.
    case verifying
    /// Taking the model out of the package it came in.
    case unpacking
    /// The model is in its place.
    case finished
  }

  /// The model that is pulled, as its reference.
  public let model: String
  /// What is being done at the moment.
  public let phase: Phase
  /// The file in question, as its path in the repository.
  public let file: String?
  /// The bytes of all files that are there, those of earlier pulls included.
  public let bytesDone: Int
  /// The bytes of all files, once known.
  public let bytesTotal: Int?
  /// The speed over the last seconds; `nil` before there is one.
  public let bytesPerSecond: Double?
  /// A remark that a person should see once, such as which file was chosen.
  public let note: String?

  /// A moment of a pull.
  public init(
    model: String, phase: Phase, file: String? = nil, bytesDone: Int = 0, bytesTotal: Int? = nil,
    bytesPerSecond: Double? = nil, note: String? = nil
  ) {
    self.model = model
    self.phase = phase
    self.file = file
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
    self.bytesPerSecond = bytesPerSecond
    self.note = note
  }
}

extension PullProgress {
  /// The part that is done, from 0 to 1; `nil` while the total is unknown.
  public var fraction: Double? {
    guard let bytesTotal, bytesTotal > 0 else { return nil }
    return min(1, Double(bytesDone) / Double(bytesTotal))
  }

  /// How long the rest takes at the present speed; `nil` before there is one.
  public var timeLeft: Duration? {
    guard let bytesTotal, let bytesPerSecond, bytesPerSecond >= 1 else { return nil }
    let seconds = Double(max(0, bytesTotal - bytesDone)) / bytesPerSecond
    return seconds < 1e9 ? .seconds(seconds) : nil
  }

  /// The numbers in words: `41.9 MB of 92.9 MB, 11.2 MB/s, 0:05 left`.
  public var amounts: String {
    let done = ByteCount.text(bytesDone)
    var words = [bytesTotal.map { "\(done) of \(ByteCount.text($0))" } ?? done]
    if let bytesPerSecond, bytesPerSecond >= 1 { words.append(ByteCount.rate(bytesPerSecond)) }
    if let timeLeft { words.append("\(ByteCount.time(timeLeft)) left") }
    return words.joined(separator: ", ")
  }

  /// What is going on, in one line without numbers: `fetching model-00001-of-00002.safetensors`.
  public var activity: String {
    let name = file.map { FilePaths.lastComponent(of: $0).printable(limit: 80) } ?? model.printable(limit: 80)
    return switch phase {
    case .resolving: "looking for \(model.printable(limit: 80))"
    case .waitingForOtherPull: "waiting for another process that pulls \(model.printable(limit: 80))"
    case .downloading: "fetching \(name)"
    case .retrying(let pause, let reason): "\(reason.printable()); trying again in \(ByteCount.time(pause))"
    case .verifying: "checking \(name)"
    case .unpacking: "unpacking \(name)"
    case .finished: "\(model.printable(limit: 80)) is ready"
    }
  }
}
