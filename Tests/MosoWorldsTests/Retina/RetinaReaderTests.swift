import MosoWorlds
import Testing

@Suite("A reader of spike trains takes any tokens")
struct RetinaReaderTests {
  private let reader = RetinaReader(patch: RetinaPatch(seed: 5, rows: 2, columns: 2, scenes: 3, bins: 4))

  @Test("no token is no surprise, and half a bin is read too")
  func short() throws {
    #expect(try reader.surprisals(of: []).isEmpty)
    let whole = try reader.surprisals(of: [1, 15, 15, 15, 0, 15])
    #expect(try reader.surprisals(of: [1, 15, 15]) == Array(whole.prefix(3)))
    #expect(whole.allSatisfy { $0.isFinite && $0 > 0 })
  }

  @Test("a token that is no word is an error with a place")
  func unknown() {
    let error = RetinaError.unknownWord(16, place: 2, words: 16)
    #expect(throws: error) { try reader.surprisals(of: [0, 3, 16, 1]) }
    #expect(throws: error) { try reader.probabilities(after: [0, 3, 16]) }
    #expect(
      error.description == "token 2 of the recording is 16, but the words of this patch are 0 to 15; "
        + "read it with a patch of as many columns as it was made with, and without separators")
  }
}
