/// Finds stop strings in text that comes in pieces, and holds back what may be the start of one.
struct StopMatcher {
  private let stops: [[UInt8]]
  private let names: [String]
  private var held: [UInt8] = []

  init(_ stops: [String]) {
    names = stops.filter { !$0.isEmpty }
    self.stops = names.map { Array($0.utf8) }
  }

  /// Takes the next piece; returns the text that can be given out and the stop string that ended it, if one did.
  mutating func append(_ piece: String) -> (text: String, stop: String?) {
    guard !stops.isEmpty else { return (piece, nil) }
    held += Array(piece.utf8)
    if let (index, stop) = firstStop() {
      let text = String(decoding: held[..<index], as: UTF8.self)
      held = []
      return (text, stop)
    }
    let safe = held.count - longestStart()
    let text = String(decoding: held[..<safe], as: UTF8.self)
    held.removeFirst(safe)
    return (text, nil)
  }

  /// The text still held back, when no more comes.
  mutating func finish() -> String {
    defer { held = [] }
    return String(decoding: held, as: UTF8.self)
  }

  /// The earliest stop string in the held text; of several at one place, the longest.
  private func firstStop() -> (index: Int, stop: String)? {
    for index in held.indices {
      let matching = stops.indices.filter { held[index...].starts(with: stops[$0]) }
      if let longest = matching.max(by: { stops[$0].count < stops[$1].count }) { return (index, names[longest]) }
    }
    return nil
  }

  /// How many bytes at the end of the held text begin a stop string.
  private func longestStart() -> Int {
    let longest = (stops.map(\.count).max() ?? 1) - 1
    for length in stride(from: min(longest, held.count), to: 0, by: -1) {
      if stops.contains(where: { $0.starts(with: held.suffix(length)) }) { return length }
    }
    return 0
  }
}
