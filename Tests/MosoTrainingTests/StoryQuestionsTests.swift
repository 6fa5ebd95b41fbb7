import MosoCorpora
import MosoFormats
import MosoTokenizers
import MosoWorlds
import Testing

@testable import MosoTraining

@Suite("Questions about stories") struct StoryQuestionsTests {
  private static let world = StoryQuestions.unseenWorld(people: 200)

  /// A tokenizer that was trained on some stories.
  private static func tokenizer() throws -> Tokenizer {
    var trainer = TokenizerTrainer(.gpt2)
    for number in 0..<60 { trainer.add(utf8: Array(world.story(number).text.utf8)) }
    let trained = trainer.train(vocabularySize: 400) { _ in }
    return try Tokenizer(json: trained.json, configuration: trained.configuration)
  }

  @Test("are answered by the tokens of their answers, and by no others")
  func places() throws {
    let tokenizer = try Self.tokenizer()
    let questions = StoryQuestions(Self.world, count: 20, tokenizer: tokenizer, start: 0, length: 4_096)
    #expect(questions.stories.count == 20)
    for (number, story) in questions.stories.enumerated() {
      let told = Self.world.story(number)
      let bytes = Array(told.text.utf8)
      #expect(story.questions.count == told.questions.count && !story.questions.isEmpty)
      for (asked, question) in zip(story.questions, told.questions) {
        let answer = String(decoding: bytes[question.answer..<question.end], as: UTF8.self)
        let tokens = story.sequence.targets[asked.places]
        // A token may begin with the space before it.
        #expect(tokenizer.decode(tokens).drop { $0 == " " } == answer[...], "\(answer)")
      }
    }
  }

  @Test("of stories that do not fit into a sequence are left out")
  func length() throws {
    let questions = StoryQuestions(Self.world, count: 20, tokenizer: try Self.tokenizer(), start: 0, length: 16)
    #expect(questions.stories.isEmpty)
  }
}
