import MosoFormats
import Testing

@Suite("Spelling") struct SpellingTests {
  @Test("counts the letters that differ")
  func distance() {
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("saturday", "sunday") == 3)
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("abc", "abc") == 0)
  }

  @Test("finds what was meant, if it is near")
  func nearest() {
    let words = ["training", "tokenizer", "model"]
    #expect(Spelling.nearest(to: "trainning", among: words) == "training")
    #expect(Spelling.nearest(to: "modle", among: words) == "model")
    #expect(Spelling.nearest(to: "banana", among: words) == nil)
    #expect(Spelling.nearest(to: "banana", among: []) == nil)
  }
}
