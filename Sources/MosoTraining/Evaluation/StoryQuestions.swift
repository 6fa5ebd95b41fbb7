import MosoCorpora
import MosoFormats
package import MosoTokenizers
package import MosoWorlds

/// How many of a world's questions a model answers as they should be answered.
public struct QuestionScore: Sendable, Hashable {
  /// How many questions were asked.
  public var asked = 0
  /// How many of them were answered word for word as the story has it.
  public var right = 0
  /// The same for each kind of question, as `where is the thing`.
  public var kinds: [String: Tally] = [:]

  /// How many questions of a kind were asked and answered right.
  public struct Tally: Sendable, Hashable {
    /// How many were asked.
    public var asked = 0
    /// How many of them were answered right.
    public var right = 0
  }

  /// No questions yet.
  public init() {}

  /// The share of questions that were answered right.
  public var accuracy: Double { Double(right) / Double(max(asked, 1)) }

  mutating func add(_ kind: String, isRight: Bool) {
    asked += 1
    right += isRight ? 1 : 0
    kinds[kind, default: Tally()].asked += 1
    kinds[kind, default: Tally()].right += isRight ? 1 : 0
  }
}

extension QuestionScore {
  var json: JSONObject {
    var kinds = JSONObject()
    for (kind, tally) in self.kinds.sorted(by: { $0.key < $1.key }) {
      kinds[kind] = ["asked": .integer(tally.asked), "right": .integer(tally.right)]
    }
    return ["asked": .integer(asked), "right": .integer(right), "kinds": .object(kinds)]
  }

  /// `nil` where a log has no questions.
  init?(_ json: JSONValue?) {
    guard let asked = json?["asked"]?.integerValue, let right = json?["right"]?.integerValue else { return nil }
    self.asked = asked
    self.right = right
    for (kind, tally) in json?["kinds"]?.objectValue ?? JSONObject() {
      kinds[kind] = Tally(asked: tally["asked"]?.integerValue ?? 0, right: tally["right"]?.integerValue ?? 0)
    }
  }
}

/// Asks a model about the state of stories that nobody has told before.
///
/// A question counts as answered right when each token of its answer is the likeliest one after those before it, which is
/// when a model that always takes the likeliest token says just this answer.
package struct StoryQuestions {
  struct Question {
    var kind: String
    /// The tokens of the answer, as places among the targets of the sequence.
    var places: Range<Int>
  }

  private(set) var stories: [(sequence: TrainingSequence, questions: [Question])] = []

  /// The world of the questions: people whom no story of training knows, with habits of their own.
  static func unseenWorld(people: Int) -> StoryWorld {
    StoryWorld(lore: StoryLore(seed: 0x5EED, people: people), seed: 0x5EED)
  }

  /// Stories of a world, as far as they fit into a sequence.
  ///
  /// - Parameter start: The token that comes before each document.
  package init(_ world: StoryWorld, count: Int, tokenizer: Tokenizer, start: Int32, length: Int) {
    for number in 0..<count {
      let story = world.story(number)
      let tokens = tokenizer.encode(story.text)
      guard tokens.count < length else { continue }
      var ends: [Int] = []
      for token in tokens { ends.append((ends.last ?? 0) + tokenizer.bytes(of: token).count) }
      let questions = story.questions.map { question in
        // All tokens that hold some of the answer.
        let first = ends.firstIndex { $0 > question.answer } ?? 0, last = ends.firstIndex { $0 >= question.end } ?? 0
        return Question(kind: question.kind, places: first..<last + 1)
      }
      stories.append((TrainingSequence(tokens: [start] + tokens.dropLast(), targets: tokens), questions))
    }
  }

  /// The model's score.
  package func score(_ runner: GradientRunner) -> QuestionScore {
    var score = QuestionScore()
    for story in stories {
      let predicted = runner.predictions([story.sequence])[0]
      for question in story.questions {
        let isRight = question.places.allSatisfy { predicted[$0] == story.sequence.targets[$0] }
        score.add(question.kind, isRight: isRight)
      }
    }
    return score
  }
}
