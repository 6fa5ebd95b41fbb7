/// A reader of files that must survive any of them: it either reads a file or throws an error of its own type.
package struct FuzzTarget: Sendable {
  /// The name that `--kind` takes.
  package let name: String
  let seeds: [FuzzSeed]
  /// Reads a file, and returns the sentence of the error that it threw.
  let read: @Sendable ([UInt8]) -> String?

  /// - Parameters:
  ///   - name: The name that `--kind` takes.
  ///   - seeds: Sound files; every one must be read without an error.
  ///   - read: Reads a file and uses all that is in it.
  package init<Failure: Error & CustomStringConvertible>(
    _ name: String, seeds: [FuzzSeed], read: @escaping @Sendable ([UInt8]) throws(Failure) -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.read = { bytes in
      do throws(Failure) {
        try read(bytes)
        return nil
      } catch {
        return error.description
      }
    }
  }

  /// Everything that is fuzzed. A new format is one more line here, and a file like `JSONTarget.swift`.
  package static let all: [FuzzTarget] = [
    .json, .gguf, .safetensors, .tokenizer, .template, .model, .folder, .messages, .openAI, .schema, .parquet, .lines,
    .gzip, .zstandard,
  ]
}
