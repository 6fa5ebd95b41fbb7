/// When a failed request is tried again, and when not any more.
public struct RetryPolicy: Sendable, Hashable {
  /// How often a request may fail in a row without a single new byte.
  public var attempts: Int
  /// The pause after the first failure; each further one waits twice as long.
  public var firstPause: Duration
  /// Where the doubling of pauses ends.
  public var longestPause: Duration
  /// The longest pause a server may ask for; beyond it the pull ends and says so.
  public var longestRequestedPause: Duration

  /// A policy; by default a pull gives up after about half a minute without a byte.
  public init(
    attempts: Int = 6, firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(20),
    longestRequestedPause: Duration = .seconds(300)
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.longestRequestedPause = longestRequestedPause
  }
}

/// A failure that may not come again: a connection lost, a server that is busy.
struct TransientFailure: Error {
  let reason: String
  /// The pause the server asks for.
  var requestedPause: Duration?
}

/// Counts the failures of one transfer.
struct Retries {
  /// Even a connection that brings a byte each time must not go on for ever.
  private static let limitInAll = 2_000

  let policy: RetryPolicy
  private var inARow = 0
  private var inAll = 0

  init(_ policy: RetryPolicy) { self.policy = policy }

  /// Notes that bytes arrived since the last failure.
  mutating func progressed() { inARow = 0 }

  /// How long to wait before the next try.
  ///
  /// - Throws: ``HubError/gaveUp(host:reason:attempts:)`` when there is no next one.
  mutating func pause(after failure: TransientFailure, host: String) throws(HubError) -> Duration {
    inARow += 1
    inAll += 1
    guard inARow < policy.attempts, inAll < Self.limitInAll else {
      throw .gaveUp(host: host, reason: failure.reason, attempts: inARow)
    }
    if let requested = failure.requestedPause {
      guard requested <= policy.longestRequestedPause else { throw .askedToWait(host: host, pause: requested) }
      return requested
    }
    let doubled = policy.firstPause * (1 << min(inARow - 1, 16))
    // Clients that lost the same server at the same moment should not come back at the same moment.
    return min(doubled, policy.longestPause) * Double.random(in: 0.75...1.25)
  }
}
