package import MosoTensor

/// An activation on a tape: its numbers, one row for each token, and the place for their slopes.
public struct TapeValue: Sendable {
  package let numbers: Matrix
  let slopes: Slopes

  init(_ numbers: Matrix) {
    self.numbers = numbers
    slopes = Slopes(rows: numbers.rows, columns: numbers.columns)
  }
}

/// The derivatives of the loss by an activation, once the way back has come to it.
///
/// `@unchecked Sendable`: a tape is used by one thread at a time.
final class Slopes: @unchecked Sendable {
  let rows: Int
  let columns: Int
  var numbers: Matrix?

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// What has come together, which nobody needs any more; `nil` if the loss does not depend on the activation.
  func take() -> Matrix? {
    defer { numbers = nil }
    return numbers
  }

  /// Adds a contribution whose memory may be kept.
  func add(_ contribution: Matrix, on compute: TrainingCompute) {
    if let numbers {
      compute.add(contribution, to: numbers)
    } else {
      numbers = contribution
    }
  }

  /// Calls `body` with where to put a contribution, and whether there is one already that it is to be added to.
  func receive(on compute: TrainingCompute, _ body: (_ target: Matrix, _ adds: Bool) -> Void) {
    if let numbers {
      body(numbers, true)
    } else {
      let target = compute.matrix(rows: rows, columns: columns)
      body(target, false)
      numbers = target
    }
  }
}
