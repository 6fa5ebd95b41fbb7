package import MosoModel
package import MosoTensor

extension TapeOps {
  /// The loss of final-norm hidden states under the model's head, never holding rows × vocabulary.
  ///
  /// Slopes are computed on the way forwards, while the scores are there.
  ///
  /// - Returns: Each row's loss in nats, not weighted; 0 where there is no target.
  package mutating func crossEntropy(
    _ hidden: TapeValue, _ head: Linear<TrainingParameter>, _ targets: LossTargets
  ) -> [Double] {
    let records = tape.records
    let (losses, slopes) = compute.crossEntropy(
      hidden.numbers, head: tape.values.values(of: head.weight), bias: head.bias.map { tape.values.values(of: $0) },
      targets: targets, pieces: pieces, headSlopes: records ? tape.slopes.slopes(of: head.weight) : nil,
      biasSlopes: records ? head.bias.map { tape.slopes.slopes(of: $0) } : nil)
    if let slopes {
      tape.record { [tape, target = hidden.slopes] in target.add(slopes, on: tape.compute) }
    }
    return losses
  }

  /// What `body` makes of `x`, of which nothing is kept for the way back but `x`: `body` is then run again.
  ///
  /// It trades a second forward pass for memory (Chen et al., 2016); the numbers are the same bits.
  package mutating func recomputing(_ x: TapeValue, _ body: @escaping (inout TapeOps, TapeValue) -> TapeValue)
    -> TapeValue
  {
    var ops = self
    let y = tape.pause { TapeValue(body(&ops, TapeValue(x.numbers)).numbers) }
    let copy = self
    tape.record { [tape, slopes = y.slopes] in
      guard let slopes = slopes.take() else { return }
      var ops = copy
      let start = tape.entryCount
      let input = TapeValue(x.numbers)
      let output = body(&ops, input)
      output.slopes.numbers = slopes
      tape.walkBack(to: start)
      if let contribution = input.slopes.take() { x.slopes.add(contribution, on: tape.compute) }
    }
    return y
  }
}
