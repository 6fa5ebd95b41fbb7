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

  @Test("Without stop strings nothing is held back") func none() {
    var matcher = StopMatcher(["", ""])
    #expect(matcher.append("abc").text == "abc")
  }
}
