import MosoRandom

/// What holds in every story: who there is, what they are and where they come from, and what is usual.
///
/// All of it follows from a seed. People are met as words are in a language, the second half as often as the first
/// and so on (Zipf's law), so that there is always something rare left to be learned.
public struct StoryLore: Sendable {
  /// How many people there are.
  public let peopleCount: Int
  /// For each person, in the order of how often they are met: first name, surname, job and town, as places in `StoryWords`.
  let people: [Person]
  /// The sums of the people's shares up to each.
  let cumulativeShares: [Double]
  /// The sum of the shares of all people with a first name.
  let firstNameShares: [Double]
  /// For each job how likely each manner of going is.
  let manners: [[Double]]
  /// For each job how likely each place is, where one goes.
  let destinations: [[Double]]
  /// For each thing how likely each colour is.
  let colours: [[Double]]
  /// How likely a thing is.
  let things: [Double]
  /// How likely a place is to be in a story.
  let places: [Double]

  struct Person: Sendable {
    let firstName: Int
    let surname: Int
    let job: Int
    let town: Int
  }

  /// - Parameters:
  ///   - seed: Another seed is another world, with the same words.
  ///   - people: How many people there are, at most one for each first name and surname.
  public init(seed: UInt64 = 1, people peopleCount: Int = 2_000) {
    var generator = RandomNumbers(seed: seed, stream: 0)
    let pairs = generator.permutation(StoryWords.firstNames.count * StoryWords.surnames.count).map(Int.init)
    precondition((8...pairs.count).contains(peopleCount), "a world needs 8 to \(pairs.count) people")
    self.peopleCount = peopleCount
    var people: [Person] = []
    for pair in pairs.prefix(peopleCount) {
      people.append(
        Person(
          firstName: pair / StoryWords.surnames.count, surname: pair % StoryWords.surnames.count,
          job: generator.below(StoryWords.jobs.count),
          town: generator.below(StoryWords.towns.count)))
    }
    self.people = people
    let total = (1...peopleCount).reduce(0) { $0 + 1 / Double($1) }
    var sum = 0.0
    var shares: [Double] = []
    var firstNameShares = Array(repeating: 0.0, count: StoryWords.firstNames.count)
    for (rank, person) in people.enumerated() {
      let share = 1 / Double(rank + 1) / total
      sum += share
      shares.append(sum)
      firstNameShares[person.firstName] += share
    }
    cumulativeShares = shares
    self.firstNameShares = firstNameShares
    func tables(_ rows: Int, _ columns: Int, spread: Double) -> [[Double]] {
      (0..<rows).map { _ in Self.distribution(columns, spread: spread, using: &generator) }
    }
    manners = tables(StoryWords.jobs.count, StoryWords.manners.count, spread: 2)
    destinations = tables(StoryWords.jobs.count, StoryWords.places.count, spread: 1)
    colours = tables(StoryWords.things.count, StoryWords.colours.count, spread: 2)
    things = Self.distribution(StoryWords.things.count, spread: 0.5, using: &generator)
    places = Self.distribution(StoryWords.places.count, spread: 0.5, using: &generator)
  }

  /// The share of all meetings that are with the person at `rank`.
  func share(of rank: Int) -> Double {
    cumulativeShares[rank] - (rank == 0 ? 0 : cumulativeShares[rank - 1])
  }

  /// Some weights, of which the largest are about `e` to the power of twice `spread` times the smallest.
  private static func distribution(
    _ count: Int, spread: Double, using generator: inout RandomNumbers
  ) -> [Double] {
    let weights = (0..<count).map { _ in exponential(spread * (2 * generator.uniform() - 1)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
