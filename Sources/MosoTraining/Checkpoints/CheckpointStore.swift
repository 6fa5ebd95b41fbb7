import MosoCorpora
import MosoFormats
import MosoTensor

/// The checkpoints of a run: folders named after their steps, each a whole model that can be opened and all that training
/// needs to go on.
///
/// A checkpoint appears under its name when all of it is on the disk; what was begun and not finished is removed when the
/// run goes on.
package struct CheckpointStore {
  let folder: String
  let kept: Int

  /// The files of a model that stand beside its weights.
  static let tokenizerFiles = [
    HuggingFaceFolder.File.tokenizer.rawValue, HuggingFaceFolder.File.tokenizerConfiguration.rawValue,
  ]
  private static let prefix = "step-"
  private static let numbersFile = "training.safetensors"
  static let weightsFile = "model.safetensors"

  /// The steps that have a checkpoint, ascending.
  package func steps() throws(TrainingError) -> [Int] {
    guard Folder.exists(folder) else { return [] }
    let names = try TrainingError.wrapping { () throws(FileError) in try Folder.names(in: folder) }
    return names.compactMap { name in
      name.hasPrefix(Self.prefix) ? Int(name.dropFirst(Self.prefix.count)) : nil
    }.sorted()
  }

  /// Where the checkpoint of a step is.
  package func path(of step: Int) -> String {
    let digits = String(step)
    return "\(folder)/\(Self.prefix)\(String(repeating: "0", count: max(0, 7 - digits.count)))\(digits)"
  }

  /// Removes what was begun and not finished.
  package func removePartial() throws(TrainingError) {
    guard Folder.exists(folder) else { return }
    let names = try TrainingError.wrapping { () throws(FileError) in try Folder.names(in: folder) }
    for name in names where name.contains(AtomicFolder.mark) { Folder.remove("\(folder)/\(name)") }
  }

  /// Saves a run and removes the oldest checkpoints beyond those that are kept.
  ///
  /// - Parameters:
  ///   - moments: What the optimiser remembers of all parameters: its first means and its second ones.
  ///   - beside: Files that are copied into it, by path.
  /// - Returns: Where it is.
  package func save(
    _ state: CheckpointState, _ model: TrainingModel, moments: (first: ParameterStore, second: ParameterStore),
    average: ParameterStore?, beside files: [String]
  ) throws(TrainingError) -> String {
    var state = state
    let path = path(of: state.step)
    do throws(FileError) {
      try Folder.make(folder)
      let partial = try AtomicFolder(path: path)
      var names = try Self.writeModel(
        model.design, values: average ?? model.values, beside: files, to: partial.partialPath)
      try write(Self.stores(model, moments, average), to: partial.partialPath)
      names.append(Self.numbersFile)
      for name in names { state.files[name] = try Self.digest(of: "\(partial.partialPath)/\(name)") }
      try AtomicFile.write(
        state.json.serializedBytes(indentation: 2), to: "\(partial.partialPath)/\(CheckpointState.fileName)")
      if Folder.exists(path) { Folder.remove(path) }
      try partial.publish()
    } catch {
      throw .file(error)
    }
    for step in try steps().dropLast(kept) { Folder.remove(self.path(of: step)) }
    return path
  }

  /// Writes the files of a model that can be opened.
  ///
  /// - Returns: Their names.
  static func writeModel(
    _ design: ModelDesign, values: ParameterStore, beside files: [String], to folder: String
  ) throws(FileError) -> [String] {
    try unwrapping(folder) { () throws(FormatError) in
      try ModelWriter(design, values: values).write(to: "\(folder)/\(weightsFile)")
    }
    var names = [weightsFile, HuggingFaceFolder.File.configuration.rawValue]
    try AtomicFile.write(
      JSONValue.object(design.configuration).serializedBytes(indentation: 2), to: "\(folder)/\(names[1])")
    for file in files {
      let name = String(file[(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)...])
      try AtomicFile.write(try MappedFile(path: file).bytes, to: "\(folder)/\(name)")
      names.append(name)
    }
    return names
  }

  private func write(_ stores: [(name: String, store: ParameterStore)], to folder: String) throws(FileError) {
    let tensors = stores.map { name, store in
      SafetensorsWriter.Tensor(name: name, shape: [store.numbers.count], elementType: .f32)
    }
    try Self.unwrapping(folder) { () throws(FormatError) in
      let writer = SafetensorsWriter(path: "\(folder)/\(Self.numbersFile)")
      try writer.write(tensors) { (tensor, sink) throws(FormatError) in
        guard let store = stores.first(where: { $0.name == tensor.name })?.store else { return }
        try sink.append(store.numbers.floats.span.bytes)
      }
    }
  }

  /// Runs `body`, whose errors are those of files.
  private static func unwrapping<Result>(
    _ folder: String, _ body: () throws(FormatError) -> Result
  ) throws(FileError) -> Result {
    do throws(FormatError) {
      return try body()
    } catch .file(let error) {
      throw error
    } catch {
      throw .refused(operation: "write", path: folder, reason: "\(error)")
    }
  }

  private static func stores(
    _ model: TrainingModel, _ moments: (first: ParameterStore, second: ParameterStore), _ average: ParameterStore?
  ) -> [(name: String, store: ParameterStore)] {
    [("values", model.values), ("first", moments.first), ("second", moments.second)]
      + (average.map { [("average", $0)] } ?? [])
  }

  /// What a checkpoint knows besides its numbers.
  ///
  /// - Throws: `TrainingError` when one of its files is not as it was written.
  package func state(of step: Int) throws(TrainingError) -> CheckpointState {
    let path = path(of: step)
    let file = "\(path)/\(CheckpointState.fileName)"
    let json = try TrainingError.reading { () throws(FormatError) in
      try JSONValue(contentsOf: file, options: JSONReadingOptions())
    }
    let state = try CheckpointState(json, path: file)
    for (name, digest) in state.files.sorted(by: { $0.key < $1.key }) {
      let found = try TrainingError.wrapping { () throws(FileError) in try Self.digest(of: "\(path)/\(name)") }
      guard found == digest else {
        throw .unusable(
          place: "\(path)/\(name)", found: "other bytes than were written",
          expected: "a file with the SHA-256 that \(CheckpointState.fileName) names",
          hint: "remove \(path) to go on from the checkpoint before it")
      }
    }
    return state
  }

  /// Takes a checkpoint's numbers into a model, an optimiser and a mean of weights.
  package func load(
    _ step: Int, into model: TrainingModel, _ optimizer: Optimizer, average: ParameterStore?
  ) throws(TrainingError) {
    let path = "\(path(of: step))/\(Self.numbersFile)"
    let file = try TrainingError.reading { () throws(FormatError) in try SafetensorsFile(path: path) }
    let count = model.layout.valueCount
    for (name, store) in Self.stores(model, (optimizer.first, optimizer.second), average) {
      guard let tensor = file.tensors.first(where: { $0.name == name }), tensor.elementType == .f32,
        tensor.shape == [count]
      else {
        throw .unusable(
          place: "\(path), \(name)", found: "no tensor of \(count) numbers", expected: "one",
          hint: "this checkpoint is of another model; name another folder for the run")
      }
      // Of what several processes share, each takes its part.
      file.withBytes(of: tensor) { bytes in
        store.numbers.set(toFloats: bytes.extracting(4 * store.start..<4 * (store.start + store.numbers.count)))
      }
    }
    optimizer.stepCount = step
  }

  // MARK: Files

  static func digest(of path: String) throws(FileError) -> String {
    try MappedFile(path: path).sha256
  }
}
