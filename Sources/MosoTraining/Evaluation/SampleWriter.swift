import MosoCheckpoints
import MosoInference
import MosoModel
import MosoRandom
import MosoTensor
import MosoTokenizers

/// Lets a model in training write documents, by the interpreter that serves models: each token is drawn with the probability
/// that the model gives it, so that a sample shows what the model believes documents to be.
struct SampleWriter {
  private let tokenizer: Tokenizer
  private let start: Int32
  private let length: Int
  private let count: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - start: The token before each document.
  ///   - length: The most tokens that are written.
  ///   - count: How many documents are written at a time.
  init(_ tokenizer: Tokenizer, start: Int32, length: Int, count: Int, seed: UInt64) {
    self.tokenizer = tokenizer
    self.start = start
    self.length = length
    self.count = count
    self.seed = seed
  }

  /// The documents after a step, which decides with the seed what is drawn.
  ///
  /// - Returns: Nothing where the memory for it is not to be had.
  func samples(of model: TrainingModel, step: Int) -> [String] {
    guard let transformer = model.inferenceTransformer,
      let context = try? InferenceContext(
        transformer, contextLength: length, capacity: count * length, cacheType: .f32, pool: model.compute.pool)
    else { return [] }
    var random = RandomNumbers(seed: seed, stream: "samples after step \(step)")
    var texts = Array(repeating: [Int32](), count: count)
    var going = Array(texts.indices)
    for position in 0..<length - 1 {
      var batch = Batch()
      for text in going {
        batch.append([texts[text].last ?? start], to: text, at: position, outputs: [0])
      }
      guard !going.isEmpty, let scores = try? context.logits(batch) else { break }
      for (row, text) in going.enumerated() {
        texts[text].append(Self.draw(scores.array(row: row), at: random.uniform()))
      }
      going.removeAll { texts[$0].last == start }
    }
    return texts.map { tokenizer.decode($0.last == start ? $0.dropLast() : $0[...]) }
  }

  /// The token at a place between nothing and one, of which each token has the share that its score gives it.
  private static func draw(_ scores: [Float], at place: Double) -> Int32 {
    let most = scores.max() ?? 0
    let shares = scores.map { exponential(Double($0 - most)) }
    var rest = place * shares.reduce(0, +)
    for (token, share) in shares.enumerated() {
      rest -= share
      if rest < 0 { return Int32(token) }
    }
    return Int32(scores.count - 1)
  }
}

extension TrainingModel {
  /// The model as the interpreter that serves models has it: the same numbers, packed for its kernels; `nil` where there is not
  /// enough memory.
  var inferenceTransformer: Transformer<EagerWeight>? {
    struct NoMemory: Error {}
    return try? transformer.map { parameter in
      let values = self.values.values(of: parameter)
      if parameter.role.part != .weight || parameter.role.module.isNorm { return .vector(PackedVector(values.floats)) }
      let floats = values.floats
      let span = floats.span
      guard
        let matrix = PackedMatrix(
          packing: span.bytes, elementType: .f32, rows: parameter.rows, columns: parameter.columns, on: compute.pool)
      else { throw NoMemory() }
      return .matrix(matrix)
    }
  }
}
