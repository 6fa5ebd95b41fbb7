import MosoWorlds
import Testing

@Suite("Stories") struct StoryTests {
  let world = StoryWorld(lore: StoryLore(people: 300), seed: 5)

  @Test("are as likely as a reader says who knows the world and not how it was told")
  func surprisal() throws {
    let reader = StoryReader(lore: world.lore)
    for number in 0..<300 {
      let story = world.story(number)
      let reading = reader.read(story.text)
      #expect(reading.mistake == nil, "story \(number)")
      let surprisal = try #require(reading.surprisal)
      #expect(abs(surprisal - story.surprisal) < 1e-9 * story.surprisal)
    }
  }

  @Test("are the same every time, and others for another seed or world")
  func repeatable() {
    let text = world.story(7).text
    #expect(StoryWorld(lore: StoryLore(people: 300), seed: 5).story(7).text == text)
    #expect(StoryWorld(lore: StoryLore(people: 300), seed: 6).story(7).text != text)
    #expect(StoryWorld(lore: StoryLore(seed: 2, people: 300), seed: 5).story(7).text != text)
    // What was told when this was written: corpora and laws depend on it.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in 0..<100 {
      for byte in world.story(number).text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    #expect(hash == 4_437_287_654_506_732_507)
  }

  @Test("have questions with the answers that follow")
  func questions() {
    var count = 0
    for number in 0..<100 {
      let story = world.story(number)
      let bytes = Array(story.text.utf8)
      for question in story.questions {
        let asked = String(decoding: bytes[question.start..<question.answer], as: UTF8.self)
        let answer = String(decoding: bytes[question.answer..<question.end], as: UTF8.self)
        // Where everybody is, is answered by a note for each.
        let isList = asked.hasPrefix("Where is every")
        #expect(asked.hasPrefix("W") && (isList ? asked.contains("? ") : asked.hasSuffix("? ")), "\(asked)")
        #expect(answer.hasPrefix("(") && answer.hasSuffix(isList ? ")" : "."), "\(answer)")
        count += 1
      }
    }
    #expect(count > 300)
  }

  @Test("that are told wrongly are noticed")
  func mistakes() {
    let reader = StoryReader(lore: world.lore)
    var noticed = 0, changed = 0
    for number in 0..<100 {
      let story = world.story(number)
      for question in story.questions {
        let bytes = Array(story.text.utf8)
        let answer = String(decoding: bytes[question.answer..<question.end], as: UTF8.self)
        guard answer.contains(" In the ") else { continue }
        let wrong = answer.replacing("kitchen", with: "garden")
        let other = wrong == answer ? String(answer.prefix { $0 != "." }.dropLast(4)) + "xxxx." : wrong
        let text =
          String(decoding: bytes[..<question.answer], as: UTF8.self) + other
          + String(decoding: bytes[question.end...], as: UTF8.self)
        changed += 1
        let reading = reader.read(text)
        if reading.mistake != nil { noticed += 1 }
        #expect(reading.surprisal == nil)
      }
    }
    #expect(changed > 100 && noticed == changed)
  }
}
