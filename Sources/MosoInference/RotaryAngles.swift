import MosoModel
import MosoTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The cosines and sines of a batch's positions for one rotary plan: a row per token, a column per pair.
struct RotaryAngles {
  let cosines: Rows
  let sines: Rows

  init(batch: Batch, plan: RotaryPlan, frequencies: [Float], on compute: Compute) {
    var cosineRows: [[Float]] = []
    var sineRows: [[Float]] = []
    for run in batch.runs {
      for offset in 0..<run.count {
        let position = Float(run.firstPosition + offset)
        // The angle is rounded to a float, as the models' own code does; its cosine is then taken in double precision.
        let angles = frequencies.map { Double(position * $0) }
        cosineRows.append(angles.map { Float(cos($0)) * plan.amplitude })
        sineRows.append(angles.map { Float(sin($0)) * plan.amplitude })
      }
    }
    cosines = compute.rows(cosineRows)
    sines = compute.rows(sineRows)
  }
}
