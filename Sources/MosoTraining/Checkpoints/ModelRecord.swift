package import MosoCorpora
package import MosoFormats

/// The history of a model that came out of a run: `model.json` in its folder.
///
/// It is of the format that the store of models reads and writes, with members of its own: the parent, the plan, the text and
/// what was measured. Together with the digests they say which model this is and how to make it again.
package struct ModelRecord: Sendable, Hashable {
  /// The file's name in the folder of the model.
  package static let fileName = "model.json"
  /// The format's name and version.
  static let format = "moso.model/1"

  /// A file of the model.
  package struct File: Sendable, Hashable {
    /// Its name in the folder.
    package var name: String
    /// Its size in bytes.
    package var size: Int
    /// Its SHA-256, in lower-case hexadecimal digits.
    package var digest: String

    /// A file as it is described.
    package init(name: String, size: Int, digest: String) {
      self.name = name
      self.size = size
      self.digest = digest
    }

    /// A file as it is in a folder.
    package init(_ name: String, in folder: String) throws(FileError) {
      let file = try MappedFile(path: "\(folder)/\(name)")
      self.init(name: name, size: file.count, digest: file.sha256)
    }
  }

  /// The record.
  package let json: JSONObject

  /// - Parameters:
  ///   - name: What to call the model.
  ///   - corpusDigest: The SHA-256 of the corpus' manifest.
  ///   - files: The model's files; those that end with `.safetensors` are its weights.
  package init(
    _ plan: TrainingPlan, name: String, corpus manifest: CorpusManifest, corpusDigest: String, _ history: RunHistory,
    files: [File]
  ) {
    let files = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    json = [
      "format": .string(Self.format), "name": .string(name), "kind": "safetensors",
      "architecture": .string(plan.design.configuration["model_type"]?.stringValue ?? ""),
      "weights": .array(files.filter { $0.name.hasSuffix(".safetensors") }.map { .string($0.name) }),
      "files": .array(
        files.map { ["path": .string($0.name), "size": .integer($0.size), "sha256": .string($0.digest)] }),
      // A model that was made from another one names the SHA-256 of the other's record.
      "parent": .null,
      "made_by": "train",
      "parameters": .integer(plan.design.parameterCount),
      "tokenizer_sha256": manifest.tokenizerDigest.map { .string($0) } ?? .null,
      "corpus_sha256": .string(corpusDigest),
      "plan": .object(plan.json),
      "results": .object(Self.results(plan, manifest, history)),
    ]
  }

  /// What the run took, and what came of it; losses are in nats a token.
  private static func results(
    _ plan: TrainingPlan, _ manifest: CorpusManifest, _ history: RunHistory
  ) -> JSONObject {
    // What is no number, as in a log without it, is written as null.
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    let look = history.looks.last
    let steps = history.steps.last?.step ?? 0
    return [
      "steps": .integer(steps), "tokens": .integer(history.steps.last?.tokens ?? 0),
      "seconds": number(history.seconds), "operations": number(plan.operationsPerStep * Double(steps)),
      "training_loss": number(history.steps.last?.loss), "validation_loss": number(look?.loss),
      "bits_per_byte": number(manifest.tokenizerDigest == nil ? nil : look?.bitsPerByte),
      "least_loss": number(look?.leastLoss),
      "questions": look?.questions.map { .object($0.json) } ?? .null,
    ]
  }
}
