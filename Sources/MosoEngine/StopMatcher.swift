/// Finds stop strings in text that comes in pieces, and holds back what may be the start of one.
///
/// Each stop string is looked for by itself (Knuth, Morris and Pratt, 1977): a byte costs the same however much is held back.
struct StopMatcher {
  private struct Stop {
    let text: String
    let bytes: [UInt8]
    /// For each number of bytes that have been found, how many have been if the next one is another.
    let fallback: [Int]
    /// How many of its bytes are the last that came.
    var found = 0

    init(_ text: String) {
      self.text = text
      let bytes = Array(text.utf8)
      var fallback = [0, 0]
      var length = 0
      for index in bytes.indices.dropFirst() {
        while length > 0, bytes[index] != bytes[length] { length = fallback[length] }
        if bytes[index] == bytes[length] { length += 1 }
        fallback.append(length)
      }
      self.bytes = bytes
      self.fallback = fallback
    }

    /// Takes the next byte; returns whether the string ends with it.
    mutating func take(_ byte: UInt8) -> Bool {
      if found == bytes.count { found = fallback[found] }
      while found > 0, bytes[found] != byte { found = fallback[found] }
      if bytes[found] == byte { found += 1 }
      return found == bytes.count
    }
  }

  private var stops: [Stop]
  private var held: [UInt8] = []

  init(_ stops: [String]) {
    self.stops = stops.filter { !$0.isEmpty }.map { Stop($0) }
  }

  /// Takes the next piece; returns the text that can be given out and the stop string that ended it, if one did: the one
  /// that begins first, and of several at one place the longest.
  mutating func append(_ piece: String) -> (text: String, stop: String?) {
    guard !stops.isEmpty else { return (piece, nil) }
    var first: (start: Int, stop: Int)?
    for byte in piece.utf8 {
      held.append(byte)
      for index in stops.indices where stops[index].take(byte) {
        let start = held.count - stops[index].bytes.count
        if let best = first, (best.start, -stops[best.stop].bytes.count) <= (start, -stops[index].bytes.count) {
          continue
        }
        first = (start, index)
      }
    }
    if let (start, stop) = first {
      let text = String(decoding: held[..<start], as: UTF8.self)
      reset()
      return (text, stops[stop].text)
    }
    let safe = held.count - (stops.map(\.found).max() ?? 0)
    let text = String(decoding: held[..<safe], as: UTF8.self)
    held.removeFirst(safe)
    return (text, nil)
  }

  /// The text still held back, when no more comes.
  mutating func finish() -> String {
    defer { reset() }
    return String(decoding: held, as: UTF8.self)
  }

  private mutating func reset() {
    held = []
    for index in stops.indices { stops[index].found = 0 }
  }
}
