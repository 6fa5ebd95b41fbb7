import MosoCheckpoints
package import MosoFormats
import MosoTensor

/// Writes a model's weights as safetensors, with the names and shapes of its family.
package struct ModelWriter {
  private let design: ModelDesign
  private let values: ParameterStore

  /// - Parameter values: The values to write, which may be a mean of those of many steps.
  package init(_ design: ModelDesign, values: ParameterStore) {
    self.design = design
    self.values = values
  }

  /// Writes the file.
  package func write(to path: String) throws(FormatError) {
    // A tensor of the file may hold several parameters, such as queries, keys and values under each other.
    var parts: [String: [(parameter: TrainingParameter, source: TensorSource)]] = [:]
    for parameter in design.layout.parameters {
      guard let source = design.tensors[parameter.role] else { continue }
      parts[source.name, default: []].append((parameter, source))
    }
    let tensors = parts.map { name, parts in
      SafetensorsWriter.Tensor(name: name, shape: parts[0].source.fileShape, elementType: .f32)
    }
    try SafetensorsWriter(path: path, metadata: ["format": "pt"]).write(tensors) { (tensor, sink) throws(FormatError) in
      let count = tensor.shape.reduce(1, *)
      var floats = [Float](repeating: 0, count: count)
      for (parameter, source) in parts[tensor.name] ?? [] { place(parameter, source, in: &floats) }
      try sink.append(floats.span.bytes)
    }
  }

  /// Puts a parameter's values where its file has them.
  private func place(_ parameter: TrainingParameter, _ source: TensorSource, in floats: inout [Float]) {
    let numbers = values.values(of: parameter).floats
    if !source.isTransposed {
      let first = source.firstRow * (source.shape.count == 2 ? parameter.columns : 1)
      for (index, number) in numbers.enumerated() { floats[first + index] = number - source.addend }
      return
    }
    // Inputs × outputs: a row of the parameter is a column of the file.
    let width = source.fileShape[source.fileShape.count - 1]
    for row in 0..<parameter.rows {
      for column in 0..<parameter.columns {
        floats[column * width + source.firstRow + row] = numbers[row * parameter.columns + column] - source.addend
      }
    }
  }
}
