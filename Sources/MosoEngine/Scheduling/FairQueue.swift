import DequeModule

/// Who waits, and who is next: the first request of the owner who has been served the least.
///
/// Service is counted in tokens as in Sheng et al., "Fairness in Serving Large Language Models" (2024). An owner who comes
/// back after a pause begins level with the least served of those who are there: nobody saves up a claim by being away.
struct FairQueue: Sendable {
  private var waiting: [String: Deque<RequestID>] = [:]
  private var service: [String: Int] = [:]
  private(set) var count = 0

  /// What each token costs its owner: a written one takes more of the machine than one that is read among many.
  static let readCost = 1, writtenCost = 4

  /// Puts a request at the end of its owner's line, or at its head where it has been running before.
  mutating func append(_ id: RequestID, of owner: String, atHead: Bool = false) {
    if atHead { waiting[owner, default: []].prepend(id) } else { waiting[owner, default: []].append(id) }
    count += 1
  }

  /// Makes an owner who comes, or comes back, as much served as the least served of those who are there.
  mutating func level(_ owner: String, with others: Set<String>) {
    let least = others.filter { $0 != owner }.map { service(of: $0) }.min() ?? 0
    service[owner] = max(service(of: owner), least)
  }

  mutating func remove(_ id: RequestID, of owner: String) {
    guard var line = waiting[owner], let index = line.firstIndex(of: id) else { return }
    line.remove(at: index)
    waiting[owner] = line.isEmpty ? nil : line
    count -= 1
  }

  /// The first of each owner's line, those of the least served owner first.
  var heads: [(owner: String, id: RequestID)] {
    let heads = waiting.compactMap { owner, line in line.first.map { (owner: owner, id: $0) } }
    return heads.sorted { one, other in
      let (first, second) = (service(of: one.owner), service(of: other.owner))
      return first == second ? one.id < other.id : first < second
    }
  }

  func service(of owner: String) -> Int { service[owner, default: 0] }

  mutating func charge(_ owner: String, _ cost: Int) { service[owner, default: 0] += cost }

  /// Begins to count anew, which is fair when nobody is there.
  mutating func forgetService() { service = [:] }
}
