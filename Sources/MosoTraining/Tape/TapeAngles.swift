import MosoModel
import MosoTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The cosines and sines of a batch's positions for one rotary plan: a row for each token, a column for each pair.
struct TapeAngles {
  let cosines: Matrix
  let sines: Matrix
  /// What turns back: rotation by an angle is undone by its opposite, and its transpose is the derivative.
  let negativeSines: Matrix

  init(batch: Batch, plan: RotaryPlan, frequencies: [Float], on compute: TrainingCompute) {
    let longest = batch.runs.map(\.count).max() ?? 0
    // The angle is rounded to a float, as inference does; its cosine is then taken in double precision.
    let angles = (0..<longest).map { position in frequencies.map { Double(Float(position) * $0) } }
    let amplitude = Double(plan.amplitude)
    let cosines = angles.map { $0.map { cos($0) * amplitude } }, sines = angles.map { $0.map { sin($0) * amplitude } }
    func rows(_ values: [[Double]], sign: Double) -> Matrix {
      compute.matrix(
        rows: batch.count, columns: frequencies.count,
        batch.runs.flatMap { run in values[..<run.count].joined().lazy.map { sign * $0 } })
    }
    self.cosines = rows(cosines, sign: 1)
    self.sines = rows(sines, sign: 1)
    negativeSines = rows(sines, sign: -1)
  }
}
