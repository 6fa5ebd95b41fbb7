import MosoTesting
import Testing

@testable import MosoEngine

@Suite("StopMatcher") struct StopMatcherTests {
  /// What comes out for `pieces`, and the stop string that ended it.
  private func run(_ stops: [String], _ pieces: [String]) -> (text: String, stop: String?) {
    var matcher = StopMatcher(stops)
    var text = ""
    for piece in pieces {
      let (part, stop) = matcher.append(piece)
      text += part
      if let stop { return (text, stop) }
    }
    return (text + matcher.finish(), nil)
  }

  @Test("A stop string is found however the text is cut", arguments: 1...7) func splitAnywhere(size: Int) {
    let text = Array("One two END three")
    let pieces = stride(from: 0, to: text.count, by: size).map { String(text[$0..<min($0 + size, text.count)]) }
    let result = run(["END"], pieces)
    #expect(result.text == "One two ")
    #expect(result.stop == "END")
  }

  @Test("Text that only begins like a stop string is given out") func falseStarts() {
    #expect(run(["</s>"], ["a <", "/", "b> </", "s"]).text == "a </b> </s")
    #expect(run(["aab"], ["aaa", "ab!"]).stop == "aab")
    #expect(run(["aab"], ["aaa", "ab!"]).text == "aa")
  }

  @Test("The earliest stop string wins, and of two at one place the longer") func earliest() {
    #expect(run(["later", "now"], ["now and later"]).stop == "now")
    #expect(run(["ab", "abc"], ["xabcd"]).stop == "abc")
  }

  @Test("Characters of several bytes stay whole") func unicode() {
    #expect(run(["🙂"], ["a🙃", "🙂b"]).text == "a🙃")
    #expect(run(["é"], ["ü", "ö"]).text == "üö")
  }

  @Test("Whatever the stop strings are, what comes out is what a search of the whole text finds", arguments: 0..<200)
  func search(seed: UInt64) {
    var random = RepeatableGenerator(seed: seed)
    func word(_ lengths: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: lengths, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
    }
    let stops = (0..<Int.random(in: 1...4, using: &random)).map { _ in word(1...5) }
    let pieces = (0..<Int.random(in: 1...12, using: &random)).map { _ in word(1...3) }
    let result = run(stops, pieces)
    // A piece is looked at as a whole, so the search is of the pieces up to the first that ends a stop string.
    for count in 1...pieces.count {
      let text = Array(pieces.prefix(count).joined())
      let places = text.indices.flatMap { start in
        stops.filter { text[start...].starts(with: Array($0)) }.map { (start: start, stop: $0) }
      }
      guard let first = places.map(\.start).min() else { continue }
      #expect(result.text == String(text[..<first]))
      #expect(result.stop == places.filter { $0.start == first }.map(\.stop).max { $0.count < $1.count })
      return
    }
    #expect(result.stop == nil)
    #expect(result.text == pieces.joined())
  }

  @Test("Without stop strings nothing is held back") func none() {
    var matcher = StopMatcher(["", ""])
    #expect(matcher.append("abc").text == "abc")
  }
}
