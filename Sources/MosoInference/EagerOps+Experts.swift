public import MosoModel
public import MosoTensor

extension EagerOps {
  /// Gathers the rows each expert is to see, runs the expert once on all of them, and adds the weighted results.
  ///
  /// A row's sum runs over its experts in the order of their numbers, so it does not depend on the other rows.
  public mutating func mixExperts(
    _ x: Rows, router: Linear<EagerWeight>, experts: [GatedWeights<EagerWeight>], plan: FeedForwardPlan,
    routing: ExpertPlan
  ) -> Rows {
    let scores = linear(x, router)
    compute.softmax(scores)
    var members: [[(row: Int, weight: Float)]] = Array(repeating: [], count: experts.count)
    for row in 0..<x.count {
      for (expert, weight) in Self.choose(from: scores.array(row: row), routing) {
        members[expert].append((row, weight))
      }
    }
    let output = compute.rows(x.count, width: x.width)
    compute.clear(output)
    for (expert, rows) in members.enumerated() where !rows.isEmpty {
      let inputs = compute.gather(x, rows.map(\.row))
      let result = linear(gate(inputs, experts[expert], plan.activation), experts[expert].down)
      for (index, member) in rows.enumerated() {
        compute.addScaled(result, from: index, factor: member.weight, to: member.row, of: output)
      }
    }
    return output
  }

  /// The best experts and their weights; among equals, the one with the smaller number.
  static func choose(from weights: [Float], _ routing: ExpertPlan) -> [(expert: Int, weight: Float)] {
    let order = weights.indices.sorted { weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1] }
    let chosen = order.prefix(routing.usedCount)
    let total = routing.normalizesWeights ? chosen.reduce(Float(0)) { $0 + weights[$1] } : 1
    return chosen.map { ($0, weights[$0] / total) }
  }
}
