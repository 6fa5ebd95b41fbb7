public import MosoModel
import MosoTensor

extension TapeOps {
  /// Gathers the rows each expert is to see, runs the expert once on all of them, and adds the weighted results.
  ///
  /// Slopes flow through the chosen experts' weights to the router; which ones are chosen has no derivative.
  public mutating func mixExperts(
    _ x: TapeValue, router: Linear<TrainingParameter>, experts: [GatedWeights<TrainingParameter>],
    plan: FeedForwardPlan, routing: ExpertPlan
  ) -> TapeValue {
    let chances = softmax(linear(x, router))
    let choices = (0..<x.numbers.rows).map { ExpertChoice(chances.numbers, row: $0, routing) }
    var members: [[(row: Int, place: Int)]] = Array(repeating: [], count: experts.count)
    for (row, choice) in choices.enumerated() {
      for (place, expert) in choice.experts.enumerated() { members[expert].append((row, place)) }
    }
    let y = TapeValue(compute.zeros(rows: x.numbers.rows, columns: x.numbers.columns))
    // What each expert answers is added in the order of the experts, and its slopes are taken in the opposite one.
    var answers: [(answer: TapeValue, members: [(row: Int, place: Int)])] = []
    for (expert, rows) in members.enumerated() where !rows.isEmpty {
      let pieces = self.pieces.restricted(to: rows.map(\.row))
      let inputs = gather(x, rows.map(\.row))
      let hidden = gate(inputs, experts[expert], plan.activation, pieces: pieces)
      let answer = product(hidden, experts[expert].down, residual: nil, pieces: pieces)
      for (index, member) in rows.enumerated() {
        compute.add(
          answer.numbers, row: index, times: choices[member.row].weights[member.place], to: y.numbers, row: member.row)
      }
      answers.append((answer, rows))
    }
    // Recorded after the experts, so that it is walked back before them.
    tape.record { [tape, slopes = y.slopes, chances = chances.slopes] in
      guard let slopes = slopes.take() else { return }
      var byWeight = choices.map { [Double](repeating: 0, count: $0.weights.count) }
      for (answer, members) in answers {
        let rows = tape.compute.zeros(rows: members.count, columns: slopes.columns)
        for (index, member) in members.enumerated() {
          let weight = choices[member.row].weights[member.place]
          tape.compute.add(slopes, row: member.row, times: weight, to: rows, row: index)
          byWeight[member.row][member.place] = tape.compute.dot(slopes, row: member.row, answer.numbers, row: index)
        }
        answer.slopes.add(rows, on: tape.compute)
      }
      let back = tape.compute.zeros(rows: chances.rows, columns: chances.columns)
      for (row, choice) in choices.enumerated() { choice.spreadBack(byWeight[row], to: back, row: row) }
      chances.add(back, on: tape.compute)
    }
    return y
  }

  /// Softmax of each row.
  func softmax(_ x: TapeValue) -> TapeValue {
    let y = TapeValue(compute.copy(x.numbers))
    compute.softmax(y.numbers)
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      tape.compute.softmaxBack(y.numbers, slopes: slopes)
      x.slopes.add(slopes, on: tape.compute)
    }
    return y
  }

  /// The rows of `x` at `indices`, ascending.
  func gather(_ x: TapeValue, _ indices: [Int]) -> TapeValue {
    let y = TapeValue(compute.gather(x.numbers, indices))
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      if x.slopes.numbers == nil {
        x.slopes.numbers = tape.compute.zeros(rows: x.slopes.rows, columns: x.slopes.columns)
      }
      guard let target = x.slopes.numbers else { return }
      for (index, row) in indices.enumerated() { tape.compute.add(slopes, row: index, times: 1, to: target, row: row) }
    }
    return y
  }
}

/// The experts that a row is sent to, best first, and their weights.
private struct ExpertChoice {
  let experts: [Int]
  let weights: [Double]
  /// What the chances of the chosen are divided by.
  private let total: Double
  private let isNormalized: Bool

  /// The best of a row's chances; among equals, the one with the smaller number.
  init(_ chances: Matrix, row: Int, _ routing: ExpertPlan) {
    let chances = (0..<chances.columns).map { chances[row, $0] }
    let order = chances.indices.sorted { chances[$0] == chances[$1] ? $0 < $1 : chances[$0] > chances[$1] }
    experts = Array(order.prefix(routing.usedCount))
    isNormalized = routing.normalizesWeights
    let sum = isNormalized ? experts.reduce(0) { $0 + chances[$1] } : 1
    total = sum
    weights = experts.map { chances[$0] / sum }
  }

  /// Adds the slopes of the chances that follow from those of the weights.
  func spreadBack(_ slopes: [Double], to target: Matrix, row: Int) {
    // w = c / Σc, so ∂w_j / ∂c_i = (δ_ij − w_j) / Σc.
    let mean = isNormalized ? zip(slopes, weights).reduce(0) { $0 + $1.0 * $1.1 } : 0
    for (expert, slope) in zip(experts, slopes) { target[row, expert] += (slope - mean) / total }
  }
}
