import MosoModel
import MosoTensor
import MosoTesting
import MosoTraining
import Testing

@Suite("Slopes are the same bits")
struct SameSlopesTests {
  static let precisions: [TrainingPrecision] = [.single, .mixed]
  private static let lengths = [[7, 90, 3], [100], [60, 40], [1, 99]]

  private func slopes(
    _ model: TinyModel, _ precision: TrainingPrecision, threads: Int = 2, parts: [Range<Int>] = [0..<4],
    recomputes: Bool = false
  ) -> [Double] {
    let session = TapeSession(model, precision: precision, threads: threads)
    let example = TrainingExample(model, lengths: Self.lengths)
    let slopes = session.emptySlopes()
    for part in parts { session.loss(example, sequences: part, slopes: slopes, recomputes: recomputes) }
    return slopes.numbers.values
  }

  @Test("with any number of threads", arguments: TinyModel.families, precisions)
  func threads(_ model: TinyModel, _ precision: TrainingPrecision) {
    let expected = slopes(model, precision, threads: 1)
    #expect(slopes(model, precision, threads: 2) == expected)
    #expect(slopes(model, precision, threads: 5) == expected)
  }

  @Test("however sequences are shared out over batches", arguments: TinyModel.families, precisions)
  func parts(_ model: TinyModel, _ precision: TrainingPrecision) {
    let expected = slopes(model, precision)
    #expect(slopes(model, precision, parts: [0..<1, 1..<2, 2..<3, 3..<4]) == expected)
    #expect(slopes(model, precision, parts: [0..<1, 1..<4]) == expected)
  }

  @Test("whether layers are kept or run again", arguments: TinyModel.families, precisions)
  func recomputation(_ model: TinyModel, _ precision: TrainingPrecision) {
    #expect(slopes(model, precision, recomputes: true) == slopes(model, precision))
  }
}
