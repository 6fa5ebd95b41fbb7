import MosoCheckpoints
import MosoCorpora
import MosoFormats
import MosoTensor
import MosoTraining

/// The repeatable numbers of `Scripts/make_training_goldens.py`.
struct GoldenNumbers {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init(_ name: String) {
    for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 40) / 16_777_216
  }

  mutating func list(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }
}

/// A model with the script's weights.
struct GoldenModel {
  let model: TrainingModel

  init(_ configuration: JSONObject, precision: TrainingPrecision) throws {
    let compute = TrainingCompute(pool: ThreadPool(threads: 2), precision: precision)
    model = try TrainingModel(configuration: configuration, on: compute)
    for parameter in model.layout.parameters {
      guard let source = model.tensors[parameter.role] else { continue }
      let name = source.name
      var numbers = GoldenNumbers(name)
      let isVector = source.fileShape.count == 1
      let middle = isVector && name.hasSuffix("weight") ? 1.0 : 0
      let file = numbers.list(source.fileShape.reduce(1, *)).map { ($0 - 0.5) * 0.25 + middle }
      model.values.values(of: parameter).values = places(of: source).map { file[$0] }
    }
  }

  /// Where the numbers of a role lie in the file's tensor.
  func places(of source: TensorSource) -> [Int] {
    let columns = source.shape.count == 1 ? 1 : source.shape[1]
    return (0..<source.shape[0] * columns).map { index in
      let row = source.firstRow + index / columns, column = index % columns
      return source.isTransposed ? column * source.fileShape[1] + row : row * columns + column
    }
  }

  /// The numbers of all parameters as the file's tensors would hold them, by the script's names.
  func fileTensors(_ numbers: (TrainingParameter) -> [Double]) -> [String: [Double]] {
    var tensors: [String: [Double]] = [:]
    for parameter in model.layout.parameters {
      guard let source = model.tensors[parameter.role] else { continue }
      let values = numbers(parameter), name = source.name
      for (index, place) in places(of: source).enumerated() {
        tensors[name, default: .init(repeating: 0, count: source.fileShape.reduce(1, *))][place] = values[index]
      }
    }
    return tensors
  }

  /// The script's sequences.
  static func batch(_ step: Int) -> [TrainingSequence] {
    (0..<4).map { sequence in
      let start = 7 * step + 13 * sequence, by = 1 + (step + sequence) % 3
      return TrainingSequence((0...40).map { Int32((start + by * $0) % 67) })
    }
  }
}
