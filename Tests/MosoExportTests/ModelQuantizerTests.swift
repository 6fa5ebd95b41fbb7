import MosoCheckpoints
import MosoFormats
import MosoTensor
import MosoTokenizers
import Testing

@testable import MosoExport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Model quantiser") struct ModelQuantizerTests {
  /// A folder with one of the tiny random models and a tokenizer of as many tokens.
  private func withModel<Result>(_ name: String, _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "moso-\(UInt64.random(in: 0 ... .max))")
    let model = folder.appending(path: name)
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(
        at: tests.appending(path: "Fixtures/Models/\(name)/\(file)"), to: model.appending(path: file))
    }
    try write(Self.tokenizer, to: model.appending(path: "tokenizer.json"))
    try write(
      ["eos_token": "<|end|>", "chat_template": "{{ messages[0].content }}"],
      to: model.appending(path: "tokenizer_config.json"))
    try write(
      ["temperature": 0.6, "top_k": 20, "top_p": 0.95, "eos_token_id": 1, "min_p": -3],
      to: model.appending(path: "generation_config.json"))
    return try body(model.path)
  }

  private func write(_ value: JSONValue, to file: URL) throws {
    try Data(value.serialized().utf8).write(to: file)
  }

  /// Two control tokens, letters, and what a few merges make of them.
  private static let tokenizer: JSONValue = {
    let letters = "abcdefghijklmnopqrstuvwxyz".map { String($0) } + ["Ġ"]
    let merges = ["t h", "th e", "Ġ the"]
    var vocabulary = JSONObject()
    for (id, piece) in (["<|start|>", "<|end|>"] + letters + ["th", "the", "Ġthe"]).enumerated() {
      vocabulary[piece] = .integer(id)
    }
    return [
      "added_tokens": [
        ["id": 0, "content": "<|start|>", "special": true], ["id": 1, "content": "<|end|>", "special": true],
      ],
      "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
      "decoder": ["type": "ByteLevel"],
      "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": .array(merges.map { .string($0) })],
    ]
  }()

  @Test("The file holds the model, the tokenizer, the template and the advice on sampling") func wholeFile() throws {
    try withModel("qwen3") { folder in
      let quantizer = try ModelQuantizer(folder: folder, recipe: .q8_0)
      #expect(quantizer.warnings.isEmpty)
      let path = folder + "/model.gguf"
      try quantizer.write(to: path, on: ThreadPool(threads: 1))
      let file = try GGUFFile(path: path)
      #expect(file.fileSize == quantizer.byteCount)
      #expect(try file.metadata.string("general.name") == "qwen3")
      #expect(try file.metadata.string("general.architecture") == "qwen3")
      let (original, tokenizer) = (
        try Tokenizer(folder: HuggingFaceFolder(path: folder)), try Tokenizer(metadata: file.metadata)
      )
      for text in ["the cat", "other theatre the the", "ab<|end|>c"] {
        let segment = TextSegment(text, mayContainControlTokens: true)
        #expect(tokenizer.encode([segment]) == original.encode([segment]))
      }
      // llama.cpp expects a token for each row of the embedding table.
      #expect(tokenizer.vocabularySize == 96)
      #expect(tokenizer.endOfSequence == 1)
      #expect(tokenizer.chatTemplate == "{{ messages[0].content }}")
      #expect(try file.metadata.number("general.sampling.temp") == Double(Float(0.6)))
      #expect(try file.metadata.number("general.sampling.top_p") == Double(Float(0.95)))
      #expect(try file.metadata.integer("general.sampling.top_k") == 20)
      #expect(!file.metadata.contains("general.sampling.min_p"))
    }
  }

  @Test("A file that is there is replaced only when that is wanted") func existingFile() throws {
    try withModel("qwen3") { folder in
      let quantizer = try ModelQuantizer(folder: folder, name: "tiny", recipe: .q8_0)
      let path = folder + "/model.gguf"
      try Data([1, 2, 3]).write(to: URL(filePath: path))
      #expect(throws: ExportError.exists(path: path)) { try quantizer.write(to: path, on: ThreadPool(threads: 1)) }
      #expect(try Data(contentsOf: URL(filePath: path)).count == 3)
      try quantizer.write(to: path, replacingFile: true, on: ThreadPool(threads: 1))
      #expect(try GGUFFile(path: path).metadata.string("general.name") == "tiny")
    }
  }

  @Test("The summary counts what the file has") func summary() throws {
    try withModel("gpt2") { folder in
      let quantizer = try ModelQuantizer(folder: folder, recipe: .q8_0)
      // 28 tensors: embeddings and four matrices a layer are Q8_0, everything else F32.
      #expect(quantizer.tensorCounts.map(\.elementType) == [.f32, .q8_0])
      #expect(quantizer.tensorCounts.map(\.count) == [19, 9])
      #expect((8.5...12).contains(quantizer.bitsPerWeight))
      #expect(quantizer.sourceByteCount > quantizer.byteCount)
    }
  }

  @Test("What was made in F32 is quantised to the same bytes as the folder") func twoSteps() throws {
    try withModel("qwen3") { folder in
      let (exact, direct, later) = (folder + "/f32.gguf", folder + "/direct.gguf", folder + "/later.gguf")
      let pool = ThreadPool(threads: 2)
      try ModelQuantizer(folder: folder, recipe: .f32).write(to: exact, on: pool)
      try ModelQuantizer(folder: folder, recipe: .q4_0).write(to: direct, on: pool)
      try ModelQuantizer(gguf: exact, recipe: .q4_0).write(to: later, on: pool)
      let (one, other) = (try GGUFFile(path: direct), try GGUFFile(path: later))
      #expect(one.tensors.map(\.name) == other.tensors.map(\.name))
      for (left, right) in zip(one.tensors, other.tensors) {
        #expect(left.elementType == right.elementType)
        let bytes = [(one, left), (other, right)].map { file, tensor in
          file.withBytes(of: tensor) { span in
            (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
          }
        }
        #expect(bytes[0] == bytes[1], "\(left.name)")
      }
    }
  }

  @Test("A folder without a tokenizer is refused, for nothing could run the file") func noTokenizer() throws {
    try withModel("qwen3") { folder in
      try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
      let error = #expect(throws: TokenizerError.self) { try ModelQuantizer(folder: folder, recipe: .q8_0) }
      #expect(error?.description.contains("tokenizer.json") == true)
    }
  }
}
