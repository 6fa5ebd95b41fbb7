import NIOCore

/// How much, and how long, one connection may take.
struct ConnectionLimits: Sendable {
  /// The largest body that is taken, in bytes.
  var body: Int
  /// The largest head that is taken, in words.
  var head: String
  /// How long a body may be on its way; `nil` for as long as it likes.
  var bodyTime: TimeAmount?
  /// How long a client may read nothing of what has been written to it; `nil` for as long as it likes.
  var readingTime: TimeAmount?

  init(_ settings: ServerSettings) {
    func time(_ seconds: Double) -> TimeAmount? { seconds > 0 ? .milliseconds(Int64(seconds * 1_000)) : nil }
    body = settings.maxBody
    head = "\(settings.maxHeaderBytes) bytes, or there are more than \(settings.maxHeaders) headers"
    bodyTime = time(settings.requestTimeout)
    readingTime = time(settings.idleTimeout)
  }
}
