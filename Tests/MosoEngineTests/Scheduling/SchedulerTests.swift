import MosoRandom
import Testing

@testable import MosoEngine

@Suite("Scheduler") struct SchedulerTests {
  private static func prompt(_ count: Int, seed: Int32 = 0) -> [Int32] {
    (0..<Int32(count)).map { $0 &* 7 &+ seed }
  }

  @Test("A request is answered, and its pages are free or kept afterwards") func single() {
    let world = SchedulerWorld(pages: 10)
    world.submit(1, Self.prompt(10), length: 9)
    world.run()
    #expect(world.answers[1] == SchedulerWorld.expectedAnswer(Self.prompt(10), length: 9))
    #expect(world.scheduler.usedPages == 0)
    // Eighteen tokens were read, which fill four pages of four and half of a fifth.
    #expect(world.scheduler.keptPages == 5)
  }

  @Test("Streams get a token in every step while a long prompt is read beside them") func chunks() {
    let world = SchedulerWorld(pages: 100, beside: 6)
    world.submit(1, Self.prompt(3), length: 40)
    #expect(world.step())
    world.submit(2, Self.prompt(60, seed: 1_000), length: 1)
    while !world.ended.contains(2) {
      #expect(world.step())
      let works = world.steps.last?.works ?? []
      #expect(works.contains { $0.id == 1 && $0.tokens.count == 1 })
      #expect(works.filter { $0.id == 2 }.allSatisfy { $0.tokens.count <= 6 })
    }
    #expect(world.steps.filter { $0.works.contains { $0.id == 2 } }.count == 15)
  }

  @Test("The second of two like prompts reads only what differs") func reuse() {
    let world = SchedulerWorld(pages: 100)
    world.submit(1, Self.prompt(17), length: 1)
    world.run()
    let before = world.readTokens
    world.submit(2, Self.prompt(17), length: 1)
    world.run()
    #expect(world.readTokens - before == 1)
    world.submit(3, Self.prompt(16), length: 1)
    world.run()
    // The last token is read again in any case, after a copy of the page that it is in.
    #expect(world.readTokens - before == 1 + 1)
    #expect(world.answers[2] == world.answers[1])
  }

  @Test("What goes on differently within a page is read from there on") func beginning() {
    let world = SchedulerWorld(pages: 100, pageLength: 8)
    let shared = Self.prompt(13)
    world.submit(1, shared + [901, 902, 903, 904], length: 1)
    world.run()
    let before = world.readTokens
    world.submit(2, shared + [801, 802], length: 1)
    world.run()
    #expect(world.readTokens - before == 2)
    #expect(world.answers[2] == SchedulerWorld.expectedAnswer(shared + [801, 802], length: 1))
    // One token in common is not worth a page.
    world.submit(3, Array(shared.prefix(1)) + [701, 702], length: 1)
    world.run()
    #expect(world.readTokens - before == 2 + 3)
  }

  @Test("What is kept already is not kept twice, whatever began alike since") func again() {
    let world = SchedulerWorld(pages: 100, pageLength: 8)
    let shared = Self.prompt(3)
    for (id, last) in [(1, 901), (2, 801), (3, 901), (4, 801)] as [(RequestID, Int32)] {
      world.submit(id, shared + [last, 5], length: 1)
      world.run()
    }
    #expect(world.scheduler.keptPages == 2)
    #expect(world.scheduler.lostPages == 0)
  }

  @Test("A conversation goes on where its last answer ended, in the middle of a page") func conversation() {
    let world = SchedulerWorld(pages: 100, pageLength: 8)
    world.submit(1, Self.prompt(10), length: 4)
    world.run()
    let before = world.readTokens
    // The last token of an answer is chosen but not read.
    let next = Self.prompt(10) + (world.answers[1] ?? []) + [501, 502]
    world.submit(2, next, length: 3)
    world.run()
    #expect(world.readTokens - before == 1 + 2 + 2)
    #expect(world.answers[2] == SchedulerWorld.expectedAnswer(next, length: 3))
  }

  @Test("Where no page is free, none is copied") func noPageForCopy() {
    let world = SchedulerWorld(pages: 1, running: 1, pageLength: 8)
    world.submit(1, Self.prompt(4), length: 3)
    world.run()
    let before = world.readTokens
    let other = Array(Self.prompt(3)) + [601, 602]
    world.submit(2, other, length: 2)
    world.run()
    #expect(world.readTokens - before == 6)
    #expect(world.answers[2] == SchedulerWorld.expectedAnswer(other, length: 2))
    #expect(world.scheduler.lostPages == 0)
  }

  @Test("Like prompts that come together are read once") func together() {
    let world = SchedulerWorld(pages: 100, running: 4, promptTokens: 200)
    for id in 1...4 { world.submit(RequestID(id), Self.prompt(41) + [Int32(id)], length: 2) }
    world.run()
    #expect(world.readTokens == 40 + 4 * (2 + 1))
    for id in 1...4 {
      #expect(
        world.answers[RequestID(id)] == SchedulerWorld.expectedAnswer(Self.prompt(41) + [Int32(id)], length: 2))
    }
  }

  @Test("Nobody finds what another owner has sent") func owners() {
    let world = SchedulerWorld(pages: 100)
    world.submit(1, owner: "a", Self.prompt(17), length: 1)
    world.run()
    world.submit(2, owner: "b", Self.prompt(17), length: 1)
    world.run()
    #expect(world.readTokens == 34)
    world.submit(3, owner: "b", Self.prompt(17), length: 1)
    world.run()
    #expect(world.readTokens == 35)
  }

  @Test("Prompts whose every score is wanted are read in full, and serve later ones") func scores() {
    let world = SchedulerWorld(pages: 100)
    world.submit(1, Self.prompt(17), length: 1)
    world.run()
    world.submit(2, Self.prompt(17), length: 1, wanted: .everyScore)
    world.run()
    #expect(world.readTokens == 34)
    let works = world.steps.flatMap(\.works).filter { $0.id == 2 }
    #expect(works.allSatisfy { $0.outputs == 0..<$0.tokens.count })
    #expect(world.scheduler.lostPages == 0)
  }

  @Test("Hidden states are computed in steps of their own") func hiddenStates() {
    let world = SchedulerWorld(pages: 100)
    world.submit(1, Self.prompt(5), length: 6)
    world.submit(2, Self.prompt(9), length: 0, wanted: .hiddenStates)
    world.run()
    for step in world.steps where step.works.contains(where: { $0.id == 2 }) {
      #expect(step.wantsHiddenStates)
      #expect(step.works.count == 1)
    }
    #expect(world.ended == [1, 2])
  }

  @Test("The hidden states of several texts are computed in one step, as many as there is room for")
  func sharedHiddenStates() {
    let world = SchedulerWorld(pages: 100)
    for id in 1...5 {
      world.submit(RequestID(id), Self.prompt(6, seed: 100 * Int32(id)), length: 0, wanted: .hiddenStates)
    }
    world.run()
    #expect(world.steps.map { $0.works.map(\.tokens.count) } == [[6, 6, 4], [2, 6, 6]])
    #expect(world.ended == [1, 2, 3, 4, 5])
  }

  @Test("Steps for hidden states take turns with those for answers") func turnsOfHiddenStates() {
    let world = SchedulerWorld(pages: 100, beside: 6)
    world.submit(1, Self.prompt(5), length: 50)
    #expect(world.step())
    world.submit(2, Self.prompt(29, seed: 300), length: 0, wanted: .hiddenStates)
    world.submit(3, Self.prompt(29, seed: 600), length: 0, wanted: .hiddenStates)
    let begin = world.steps.count
    while !world.ended.contains(3), world.step() {}
    let steps = world.steps.dropFirst(begin)
    // Twenty-nine tokens are read four at a time, up to the ends of pages; between two readings the answer goes on.
    #expect(steps.enumerated().allSatisfy { $0.element.wantsHiddenStates == ($0.offset % 2 == 0) })
    #expect(steps.count < 50)
    #expect(!world.ended.contains(1))
    world.run()
    #expect(world.answers[1] == SchedulerWorld.expectedAnswer(Self.prompt(5), length: 50))
    #expect(world.ended == [1, 2, 3])
  }

  @Test("When the line is full, the next is refused and the others are served") func full() {
    let world = SchedulerWorld(pages: 100, running: 2, waiting: 3)
    for id in 1...5 { #expect(world.submit(RequestID(id), Self.prompt(6, seed: Int32(id)), length: 3)) }
    #expect(!world.submit(6, Self.prompt(6), length: 3))
    #expect(world.scheduler.waitingCount == 5)
    world.run()
    #expect(world.ended == [1, 2, 3, 4, 5])
    #expect(world.submit(7, Self.prompt(6), length: 3))
  }

  @Test("A cancelled request is gone at once, or with the step that it is in") func cancel() {
    let world = SchedulerWorld(pages: 100)
    world.submit(1, Self.prompt(30), length: 5)
    world.submit(2, Self.prompt(30, seed: 900), length: 5)
    #expect(world.step(cancelling: 1))
    #expect(world.scheduler.sequences[1] == nil)
    world.cancel(2)
    #expect(world.scheduler.sequences.isEmpty)
    #expect(world.scheduler.usedPages == 0)
    #expect(!world.step())
  }

  @Test("With too few pages the youngest is set aside, and every answer is the same") func preemption() {
    let world = SchedulerWorld(pages: 8, running: 4)
    for id in 1...4 { world.submit(RequestID(id), Self.prompt(7, seed: Int32(id) * 100), length: 20) }
    // To find again what it has read itself is no saving.
    while world.step() { #expect(world.scheduler.sequences.values.allSatisfy { $0.reusedCount == 0 }) }
    for id in 1...4 {
      let prompt = Self.prompt(7, seed: Int32(id) * 100)
      #expect(world.answers[RequestID(id)] == SchedulerWorld.expectedAnswer(prompt, length: 20))
    }
    // More was read than four times what one request takes: some of it twice.
    #expect(world.readTokens > 4 * 26)
  }

  @Test("An owner with one request does not wait for the many of another") func fairness() {
    let world = SchedulerWorld(pages: 400, running: 4, waiting: 100)
    for id in 1...40 { world.submit(RequestID(id), owner: "hog", Self.prompt(6, seed: Int32(id)), length: 30) }
    for _ in 0..<5 { #expect(world.step()) }
    world.submit(100, owner: "guest", Self.prompt(6), length: 10)
    for _ in 0..<14 { #expect(world.step()) }
    #expect(world.ended.contains(100))
    world.run()
    #expect(world.ended.count == 41)
    for id in 1...40 {
      let prompt = Self.prompt(6, seed: Int32(id))
      #expect(world.answers[RequestID(id)] == SchedulerWorld.expectedAnswer(prompt, length: 30))
    }
  }

  @Test("With one place, whoever was served the least is next") func order() {
    let world = SchedulerWorld(pages: 100, running: 1, waiting: 100)
    for id in 1...5 { world.submit(RequestID(id), owner: "first", Self.prompt(6, seed: Int32(id)), length: 4) }
    while world.ended.isEmpty { #expect(world.step()) }
    world.submit(6, owner: "second", Self.prompt(6), length: 4)
    world.submit(7, owner: "second", Self.prompt(6), length: 4)
    while world.ended.count < 5 { #expect(world.step()) }
    #expect(world.ended.isSuperset(of: [6, 7]))
  }

  @Test("Who asks for much is not kept waiting by those who ask for little, again and again") func longPrompt() {
    let world = SchedulerWorld(pages: 16, running: 4, waiting: 100)
    var next: RequestID = 1
    func refill() {
      while world.scheduler.waitingCount < 2 {
        world.submit(next, owner: "many", Self.prompt(6, seed: Int32(next)), length: 6)
        next += 1
      }
    }
    refill()
    for _ in 0..<5 {
      #expect(world.step())
      refill()
    }
    world.submit(100_000, owner: "one", Self.prompt(50), length: 4)
    for _ in 0..<100 where !world.ended.contains(100_000) {
      #expect(world.step())
      refill()
    }
    #expect(world.ended.contains(100_000))
    #expect(world.answers[100_000] == SchedulerWorld.expectedAnswer(Self.prompt(50), length: 4))
  }

  @Test("Two owners who both have much to do are served alike") func share() {
    let world = SchedulerWorld(pages: 400, running: 2, waiting: 100)
    for id in 1...20 { world.submit(RequestID(id), owner: "first", Self.prompt(6, seed: Int32(id)), length: 10) }
    for id in 21...40 { world.submit(RequestID(id), owner: "second", Self.prompt(6, seed: Int32(id)), length: 10) }
    while world.ended.count < 20 { #expect(world.step()) }
    let first = world.ended.filter { $0 <= 20 }.count
    #expect((9...11).contains(first))
  }

  @Test("Whatever comes and goes, in whatever order, each answer is its own", arguments: 0..<60)
  func anything(seed: Int) {
    var random = RandomNumbers(seed: UInt64(seed))
    let world = SchedulerWorld(
      pages: .random(in: 12...40, using: &random), running: .random(in: 1...6, using: &random), waiting: 12,
      pageLength: .random(in: 4...8, using: &random), promptTokens: .random(in: 1...20, using: &random),
      beside: .random(in: 1...9, using: &random), copiedTokens: .random(in: 1...9, using: &random))
    var expected: [RequestID: [Int32]] = [:]
    var next: RequestID = 0
    for _ in 0..<300 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3:
        next += 1
        // Few different prompts, so that many share pages.
        let most = seed % 2 == 0 ? 25 : 6
        let prompt = Self.prompt(.random(in: 1...most, using: &random), seed: .random(in: 0...2, using: &random) * 50)
        let wanted: Submission.Wanted =
          switch Int.random(in: 0..<8, using: &random) {
          case 0: .everyScore
          case 1: .hiddenStates
          default: .answer
          }
        let length = wanted == .hiddenStates ? 0 : Int.random(in: 1...(seed % 2 == 0 ? 20 : 3), using: &random)
        let owner = ["a", "b", "c"].randomElement(using: &random) ?? "a"
        if world.submit(next, owner: owner, prompt, length: length, wanted: wanted) {
          expected[next] = SchedulerWorld.expectedAnswer(prompt, length: length)
        }
      case 3:
        if let id = expected.keys.sorted().randomElement(using: &random), !world.ended.contains(id) {
          if Bool.random(using: &random) { world.cancel(id) } else { _ = world.step(cancelling: id) }
          expected[id] = nil
        }
      default: _ = world.step()
      }
    }
    world.run()
    for (id, answer) in expected { #expect(world.answers[id] == answer) }
    #expect(world.ended.isSuperset(of: expected.keys))
    #expect(world.scheduler.sequences.isEmpty)
    #expect(world.scheduler.usedPages == 0)
    #expect(world.scheduler.lostPages == 0)
  }
}
