/// The speed of something that arrives in pieces, smoothed over a few seconds.
///
/// It is an exponential average: a piece's weight falls to a third in `memory` seconds, so that the number is calm and
/// still follows a change of the line.
struct RateMeter: Sendable {
  private static let memory = 3.0

  private var lastTime: ContinuousClock.Instant?
  private var lastBytes = 0
  private var average: Double?

  /// The bytes per second; `nil` until half a second has been seen.
  var bytesPerSecond: Double? { average }

  /// Notes that `bytes` in all had arrived at `time`.
  mutating func note(_ bytes: Int, at time: ContinuousClock.Instant) {
    guard let lastTime, bytes >= lastBytes else {
      restart(at: bytes, time: time)
      return
    }
    let seconds = Self.seconds(lastTime.duration(to: time))
    guard seconds >= 0.5 else { return }
    let rate = Double(bytes - lastBytes) / seconds
    let kept = Self.memory / (Self.memory + seconds)
    average = average.map { $0 * kept + rate * (1 - kept) } ?? rate
    self.lastTime = time
    lastBytes = bytes
  }

  /// Starts the clock anew, as for a file that goes on where it was left or starts over; the average stays.
  mutating func restart(at bytes: Int, time: ContinuousClock.Instant) {
    lastTime = time
    lastBytes = bytes
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}
