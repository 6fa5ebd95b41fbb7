public import MosoModel

/// Attention of one token in plain double-precision arithmetic.
public enum PlainAttention {
  /// For each query head, the values weighted by the softmax of the scores of the keys that the token sees.
  ///
  /// - Parameters:
  ///   - query: The token's query heads, one after another.
  ///   - keys: One row of key heads per position; rows after `position` are not seen. Likewise `values`.
  ///   - window: How many of the latest positions are seen, the token's own included; `nil` for all.
  public static func attend(
    query: [Double], keys: [[Double]], values: [[Double]], position: Int, plan: AttentionPlan, window: Int?
  ) -> [Double] {
    let first = window.map { max(0, position - $0 + 1) } ?? 0
    let headsPerKey = plan.headCount / plan.keyValueHeadCount
    var output: [Double] = []
    for head in 0..<plan.headCount {
      let queryStart = head * plan.headSize
      let keyStart = head / headsPerKey * plan.headSize
      let scores = (first...position).map { index in
        var score = 0.0
        for element in 0..<plan.headSize {
          score += query[queryStart + element] * keys[index][keyStart + element]
        }
        score *= Double(plan.scale)
        return plan.scoreSoftcap.map { softcap(score, at: Double($0)) } ?? score
      }
      var mixed = [Double](repeating: 0, count: plan.headSize)
      for (offset, weight) in softmax(scores).enumerated() {
        for element in 0..<plan.headSize {
          mixed[element] += weight * values[first + offset][keyStart + element]
        }
      }
      output += mixed
    }
    return output
  }

  /// The same for the tokens at `positions` of one sequence.
  public static func attend(
    queries: [[Float]], keys: [[Float]], values: [[Float]], positions: [Int], plan: AttentionPlan, window: Int?
  ) -> [[Double]] {
    let keys = keys.map { $0.map(Double.init) }
    let values = values.map { $0.map(Double.init) }
    return positions.map {
      attend(
        query: queries[$0].map(Double.init), keys: keys, values: values, position: $0, plan: plan, window: window)
    }
  }

  /// `cap · tanh(x / cap)`
  static func softcap(_ x: Double, at cap: Double) -> Double { cap * hyperbolicTangent(x / cap) }

  static func softmax(_ scores: [Double]) -> [Double] {
    let largest = scores.max() ?? 0
    let powers = scores.map { exponential($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
