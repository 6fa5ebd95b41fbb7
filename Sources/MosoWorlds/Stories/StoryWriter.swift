/// Puts what happens in a story into sentences.
struct StoryWriter: Sendable {
  private(set) var text = ""
  private(set) var questions: [Story.Question] = []

  mutating func introduce(_ rank: Int, _ lore: StoryLore) {
    let person = lore.people[rank]
    let job = StoryWords.jobs[person.job]
    write(
      "\(StoryWords.firstNames[person.firstName]) \(StoryWords.surnames[person.surname]) is a \(job) from "
        + "\(StoryWords.towns[person.town]).")
  }

  mutating func place(person: Int, in state: StoryState, _ lore: StoryLore) {
    write("\(Self.name(person, state, lore)) is in the \(StoryWords.places[state.whereabouts[person]]).")
  }

  mutating func place(object: Int, in state: StoryState, _ lore: StoryLore) {
    write("The \(Self.name(object, state)) is in the \(StoryWords.places[state.objectPlaces[object]]).")
  }

  /// The sentence of a step that has just happened in `state`.
  mutating func write(_ step: StoryStep, _ style: StoryStyle, in state: StoryState, _ lore: StoryLore) {
    func name(_ person: Int) -> String { Self.name(person, state, lore) }
    func the(_ object: Int) -> String { "the \(Self.name(object, state))" }
    func verb() -> String { StoryStyle.verbs(of: step)[style.verb] }
    let then = style.hasThen ? "Then " : ""
    switch step {
    case .go(let person, let place): write("\(then)\(name(person)) \(verb()) to the \(StoryWords.places[place]).")
    case .take(let person, let object): write("\(then)\(name(person)) \(verb()) \(the(object)).")
    case .drop(let person, let object):
      let place = StoryWords.places[state.whereabouts[person]]
      write("\(then)\(name(person)) \(verb()) \(the(object)) down in the \(place).")
    case .give(let person, let object, let receiver):
      write("\(then)\(name(person)) \(verb()) \(the(object)) to \(name(receiver)).")
    case .see(let person): place(person: person, in: state, lore)
    case .find(let object): place(object: object, in: state, lore)
    case .question(let question): ask(question, in: state, lore)
    }
  }

  mutating func endParagraph() { if !text.isEmpty && !text.hasSuffix("\n") { text += "\n" } }

  private mutating func ask(_ question: StoryQuestion, in state: StoryState, _ lore: StoryLore) {
    endParagraph()
    let start = text.utf8.count
    let asked: String
    let answer: String
    let kind: String
    switch question {
    case .placeOfObject(let object):
      asked = "Where is the \(Self.name(object, state))?"
      answer =
        state.carriers[object].map { "\(Self.name($0, state, lore)) has it." }
        ?? "The \(Self.name(object, state)) is in the \(StoryWords.places[state.objectPlaces[object]])."
      kind = "where is the thing"
    case .carrier(let object):
      asked = "Who has the \(Self.name(object, state))?"
      answer = "\(state.carriers[object].map { Self.name($0, state, lore) } ?? "Nobody") has it."
      kind = "who has the thing"
    case .placeOfPerson(let person):
      asked = "Where is \(Self.name(person, state, lore))?"
      answer = "\(Self.name(person, state, lore)) is in the \(StoryWords.places[state.whereabouts[person]])."
      kind = "where is the person"
    case .carriedBy(let person):
      asked = "What does \(Self.name(person, state, lore)) have?"
      let object = state.carried[person].map { "the \(Self.name($0, state))" } ?? "nothing"
      answer = "\(Self.name(person, state, lore)) has \(object)."
      kind = "what does the person have"
    }
    write(asked)
    write(answer)
    let end = text.utf8.count
    questions.append(
      Story.Question(start: start, answer: end - answer.utf8.count, end: end, kind: kind))
    endParagraph()
  }

  private mutating func write(_ sentence: String) {
    if !text.isEmpty && !text.hasSuffix("\n") { text += " " }
    text += sentence
  }

  private static func name(_ person: Int, _ state: StoryState, _ lore: StoryLore) -> String {
    StoryWords.firstNames[lore.people[state.cast[person]].firstName]
  }

  private static func name(_ object: Int, _ state: StoryState) -> String {
    let object = state.objects[object]
    return "\(StoryWords.colours[object.colour]) \(StoryWords.things[object.thing])"
  }
}
