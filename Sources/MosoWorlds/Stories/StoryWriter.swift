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
    note(person: person, in: state, lore)
  }

  mutating func place(object: Int, in state: StoryState, _ lore: StoryLore) {
    write("The \(Self.name(object, state)) is in the \(StoryWords.places[state.objectPlaces[object]]).")
    note(object: object, in: state, lore)
  }

  /// Notes where somebody is.
  private mutating func note(person: Int, in state: StoryState, _ lore: StoryLore) {
    write("(\(Self.name(person, state, lore)) \(StoryWords.places[state.whereabouts[person]]))")
  }

  /// Notes where a thing lies, or who has it.
  private mutating func note(object: Int, in state: StoryState, _ lore: StoryLore) {
    let place = StoryWords.places[state.objectPlaces[object]]
    let holder = state.carriers[object].map { Self.name($0, state, lore) } ?? place
    write("(\(StoryWords.things[state.objects[object].thing]) \(holder))")
  }

  /// The sentence of a step that has just happened in `state`.
  mutating func write(_ step: StoryStep, _ style: StoryStyle, in state: StoryState, _ lore: StoryLore) {
    func name(_ person: Int) -> String { Self.name(person, state, lore) }
    func the(_ object: Int) -> String { "the \(Self.name(object, state))" }
    func verb() -> String { StoryStyle.verbs(of: step)[style.verb] }
    let then = style.hasThen ? "Then " : ""
    switch step {
    case .go(let person, let place):
      write("\(then)\(name(person)) \(verb()) to the \(StoryWords.places[place]).")
      note(person: person, in: state, lore)
    case .take(let person, let object):
      write("\(then)\(name(person)) \(verb()) \(the(object)).")
      note(object: object, in: state, lore)
    case .drop(let person, let object):
      write("\(then)\(name(person)) \(verb()) \(the(object)).")
      note(person: person, in: state, lore)
      note(object: object, in: state, lore)
    case .give(let person, let object, let receiver):
      write("\(then)\(name(person)) \(verb()) \(the(object)) to \(name(receiver)).")
      note(object: object, in: state, lore)
    case .question(let question): ask(question, in: state, lore)
    }
  }

  mutating func endParagraph() { if !text.isEmpty && !text.hasSuffix("\n") { text += "\n" } }

  private mutating func ask(_ question: StoryQuestion, in state: StoryState, _ lore: StoryLore) {
    endParagraph()
    let start = text.utf8.count
    func add(from answer: Int) {
      questions.append(
        Story.Question(start: start, answer: answer, end: text.utf8.count, kind: question.kind))
    }
    switch question {
    case .placeOfObject(let object), .carrier(let object):
      let asksWho = question == .carrier(object)
      write("\(asksWho ? "Who has" : "Where is") the \(Self.name(object, state))?")
      let note = text.utf8.count + 1
      self.note(object: object, in: state, lore)
      let carrier = state.carriers[object].map { Self.name($0, state, lore) }
      if asksWho || carrier != nil {
        write("\(carrier ?? "Nobody") has it.")
      } else {
        write("In the \(StoryWords.places[state.objectPlaces[object]]).")
      }
      add(from: note)
    case .placeOfPerson(let person):
      write("Where is \(Self.name(person, state, lore))?")
      let note = text.utf8.count + 1
      self.note(person: person, in: state, lore)
      write("In the \(StoryWords.places[state.whereabouts[person]]).")
      add(from: note)
    case .everybody:
      write("Where is everybody?")
      for person in state.cast.indices {
        let note = text.utf8.count + 1
        self.note(person: person, in: state, lore)
        add(from: note)
      }
    case .everything:
      write("Where is everything?")
      for object in state.objects.indices {
        let note = text.utf8.count + 1
        self.note(object: object, in: state, lore)
        add(from: note)
      }
    }
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
