#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tokens that may still be chosen, most probable first, and what each step leaves of them.
///
/// Among equally probable tokens the one with the smaller number comes first, so that a result is always the same.
struct Candidates {
  struct Candidate: Equatable {
    var token: Int32
    var probability: Float

    static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
      a.probability == b.probability ? a.token < b.token : a.probability > b.probability
    }
  }

  private(set) var list: [Candidate]
  /// The probability mass that the next truncation counts as the whole.
  private var total: Float

  /// The `count` most probable tokens.
  init(best count: Int, of probabilities: [Float]) {
    // A heap whose root is the worst of those kept; nearly every token only has to be compared with it.
    var heap: [Candidate] = []
    heap.reserveCapacity(min(count, probabilities.count))
    for (token, probability) in probabilities.enumerated() {
      let candidate = Candidate(token: Int32(token), probability: probability)
      if heap.count < count {
        heap.append(candidate)
        Self.siftUp(&heap)
      } else if let worst = heap.first, probability > worst.probability {
        heap[0] = candidate
        Self.siftDown(&heap)
      }
    }
    list = heap.sorted(by: Candidate.precedes)
    total = list.reduce(0) { $0 + $1.probability }
  }

  /// The tokens with at least probability `lowest`.
  init(above lowest: Float, of probabilities: [Float]) {
    list = []
    for (token, probability) in probabilities.enumerated() where probability >= lowest {
      list.append(Candidate(token: Int32(token), probability: probability))
    }
    list.sort(by: Candidate.precedes)
    total = 1
  }

  /// The most probable tokens that hold at least `mass` together, and maybe some more.
  init(holding mass: Float, of probabilities: [Float]) {
    // Sorting a whole vocabulary costs more than the rest of sampling; a threshold usually leaves a few hundred.
    var threshold: Float = 1e-3
    while threshold > 1e-9 {
      let held = probabilities.reduce(Float(0)) { $1 >= threshold ? $0 + $1 : $0 }
      if held > mass { break }
      threshold /= 32
    }
    self.init(above: threshold > 1e-9 ? threshold : 0, of: probabilities)
  }

  /// Keeps the first tokens whose probabilities reach `mass` of the whole.
  mutating func keepTop(mass: Float) {
    let goal = mass * total
    var sum: Float = 0
    let kept = list.firstIndex { candidate in
      sum += candidate.probability
      return sum >= goal
    }
    if let kept { list.removeSubrange((kept + 1)...) }
    total = list.reduce(0) { $0 + $1.probability }
  }

  /// Keeps the tokens at least `share` as probable as the best.
  mutating func keepAbove(share: Float) {
    guard let best = list.first else { return }
    list.removeAll { $0.probability < share * best.probability }
    total = list.reduce(0) { $0 + $1.probability }
  }

  /// Keeps the tokens whose surprise is closest to the expected one until they reach `mass` (Meister et al., 2023).
  mutating func keepTypical(mass: Float) {
    let whole = total
    let surprises = list.map { -log($0.probability / whole) }
    let entropy = zip(list, surprises).reduce(Float(0)) { sum, pair in
      pair.0.probability > 0 ? sum + pair.0.probability / whole * pair.1 : sum
    }
    let order = list.indices.sorted { a, b in
      let (x, y) = (abs(surprises[a] - entropy), abs(surprises[b] - entropy))
      return x == y ? a < b : x < y
    }
    var sum: Float = 0
    var kept: [Candidate] = []
    for index in order {
      kept.append(list[index])
      sum += list[index].probability
      if sum >= mass * whole { break }
    }
    list = kept.sorted(by: Candidate.precedes)
    total = sum
  }

  /// The token at `point`, a number in `0..<1`, of the cumulated probabilities.
  func token(at point: Double) -> Int32? {
    var left = point * list.reduce(0) { $0 + Double($1.probability) }
    for candidate in list {
      left -= Double(candidate.probability)
      if left < 0 { return candidate.token }
    }
    return list.last?.token
  }

  private static func siftUp(_ heap: inout [Candidate]) {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if !Candidate.precedes(heap[parent], heap[child]) { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private static func siftDown(_ heap: inout [Candidate]) {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Candidate.precedes(heap[worst], heap[child]) { worst = child }
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
