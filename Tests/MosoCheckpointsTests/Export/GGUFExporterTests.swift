import MosoFormats
import MosoModel
import MosoTensor
import Testing

@testable import MosoCheckpoints

@Suite("GGUF exporter") struct GGUFExporterTests {
  // MARK: Whole models

  @Test("A model exported in F32 computes what the folder's does", arguments: TinyModel.allInGGUF)
  func logits(model: TinyModel) throws {
    try withTemporaryFolder { folder in
      let original = try LoadedModel(model)
      let exported = try LoadedModel(gguf: model.export(.f32, to: folder))
      // Heads in another order are summed in another order; divisors in a file are rounded to 32 bits.
      let isExact = ["qwen2", "qwen3", "qwen3_moe", "gemma", "gemma2", "phi3", "phi3_partial", "gpt2"].contains(
        model.name)
      let prompts = try model.prompts()
      #expect(prompts.count >= 2)
      for prompt in prompts {
        let (expected, found) = (try original.logits(prompt), try exported.logits(prompt))
        let largest = expected.reduce(0) { max($0, $1.magnitude) }
        let difference = zip(expected, found).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
        #expect(expected.count == found.count)
        #expect(difference <= (isExact ? 0 : 2e-5 * largest), "\(prompt.count) tokens")
      }
    }
  }

  @Test("Names, shapes and numbers are those of llama.cpp's converter", arguments: TinyModel.allInGGUF)
  func tensorsOfConverter(model: TinyModel) throws {
    try withTemporaryFolder { folder in
      let ours = try GGUFFile(path: model.export(.f32, to: folder))
      let theirs = try model.gguf()
      #expect(Set(ours.tensors.map(\.name)) == Set(theirs.tensors.map(\.name)))
      for tensor in ours.tensors {
        #expect(tensor.shape == theirs.tensor(named: tensor.name)?.shape)
        let (found, expected) = (try ours.values(tensor.name), try theirs.values(tensor.name))
        // Divisors are worked out; everything else is copied.
        let tolerance: Float = tensor.name.hasPrefix("rope_") ? 1e-6 : 0
        #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude <= tolerance * $1.magnitude }, "\(tensor.name)")
      }
    }
  }

  @Test("Metadata are those of llama.cpp's converter", arguments: TinyModel.allInGGUF)
  func metadataOfConverter(model: TinyModel) throws {
    try withTemporaryFolder { folder in
      let ours = try GGUFFile(path: model.export(.f32, to: folder)).metadata
      let theirs = try model.gguf().metadata
      let family = try #require(try theirs.string("general.architecture"))
      let keys = theirs.keys.filter { !$0.hasPrefix("tokenizer.") && $0 != "general.size_label" }
      #expect(keys.count >= 10)
      for key in keys {
        // The width of a dense part that a model of experts does not have; a window longer than the context; what
        // readers assume in any case.
        if key == "qwen3moe.feed_forward_length" { continue }
        if key == "phi3.attention.sliding_window", try ours.integer(key) == 0 { continue }
        if key == "phi3.rope.scaling.original_context_length", !ours.contains(key) { continue }
        #expect(try ours.encodedValue(key) == theirs.encodedValue(key), "\(key) of \(family)")
      }
    }
  }

  @Test(
    "What GGUF files have no place for is refused",
    arguments: [
      ("mistral_window", "the window of attention"), ("qwen2_window", "the window of attention"),
      ("gemma2_scalar", "the scale of attention scores"), ("qwen3_moe_raw", "the rescaling of the experts' weights"),
    ])
  func inexpressible(name: String, property: String) throws {
    let folder = try HuggingFaceFolder(path: TinyModel(name: name).path)
    let error = #expect(throws: ExportError.self) {
      try GGUFExporter(folder: folder, name: name, recipe: .f32)
    }
    guard case .inexpressible(_, let found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == property)
  }

  // MARK: Element types

  @Test("Small and sensitive tensors stay F32 in every recipe", arguments: QuantizationRecipe.allCases)
  func keptInFull(recipe: QuantizationRecipe) throws {
    for name in ["mixtral", "gpt2", "llama_linear", "llama3"] {
      let exporter = try GGUFExporter(
        folder: HuggingFaceFolder(path: TinyModel(name: name).path), name: name, recipe: recipe)
      for tensor in exporter.writtenTensors {
        let isKept =
          tensor.shape.count == 1 || tensor.name.contains("ffn_gate_inp") || tensor.name.contains("position_embd")
        #expect((tensor.elementType == .f32) == (isKept || recipe == .f32), "\(tensor.name)")
      }
    }
  }

  @Test(
    "Quantised models stay near the original",
    arguments: [
      (QuantizationRecipe.bf16, Float(0.02)), (.f16, 0.003), (.q8_0, 0.03), (.q4_0, 0.4), (.q4_1, 0.4), (.q4KM, 0.2),
    ])
  func quantized(recipe: QuantizationRecipe, limit: Float) throws {
    try withTemporaryFolder { folder in
      for name in ["mistral", "gpt2"] {
        let model = TinyModel(name: name)
        let prompt = try #require(try model.prompts().first)
        let expected = try LoadedModel(model).logits(prompt)
        let found = try LoadedModel(gguf: model.export(recipe, to: folder)).logits(prompt)
        let error = zip(expected, found).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let norm = expected.reduce(Float(0)) { $0 + $1 * $1 }
        #expect((error / norm).squareRoot() < limit, "\(name)")
        #expect(error > 0, "\(name)")
      }
    }
  }

  @Test("Every tensor's bytes are those of the element type's own quantiser, whatever the number of threads")
  func bytes() throws {
    try withTemporaryFolder { folder in
      let model = TinyModel(name: "mixtral")
      let exact = try GGUFFile(path: model.export(.f32, to: folder))
      let files = try (1...3).map { try GGUFFile(path: model.export(.q8_0, to: folder, threads: $0)) }
      for tensor in files[0].tensors {
        let values = try exact.values(tensor.name)
        let expected = tensor.elementType.quantize(values.span, on: ThreadPool(threads: 1))
        for file in files { #expect(try file.bytes(tensor.name) == expected, "\(tensor.name)") }
      }
    }
  }

  // MARK: From GGUF to GGUF

  @Test("A GGUF file of floats is quantised to what its folder is") func requantized() throws {
    try withTemporaryFolder { folder in
      let model = TinyModel(name: "llama3")
      let source = try model.gguf()
      let output = "\(folder)/again.gguf"
      try GGUFExporter(source, recipe: .q8_0).write(to: output, on: ThreadPool(threads: 2))
      let (again, direct) = (try GGUFFile(path: output), try GGUFFile(path: model.export(.q8_0, to: folder)))
      #expect(again.tensors.map(\.name) == source.tensors.map(\.name))
      for tensor in again.tensors {
        #expect(direct.tensor(named: tensor.name)?.elementType == tensor.elementType)
        if tensor.name != "rope_freqs.weight" { #expect(try again.bytes(tensor.name) == direct.bytes(tensor.name)) }
      }
      #expect(try again.metadata.integer("general.file_type") == 7)
      for key in source.metadata.keys where key != "general.file_type" {
        #expect(try again.metadata.encodedValue(key) == source.metadata.encodedValue(key), "\(key)")
      }
    }
  }

  @Test("A file that is quantised already is refused, unless allowed") func quantizedSource() throws {
    try withTemporaryFolder { folder in
      let source = try GGUFFile(path: TinyModel(name: "qwen3").export(.q8_0, to: folder))
      let error = #expect(throws: ExportError.self) { try GGUFExporter(source, recipe: .q4_0) }
      guard case .alreadyQuantized(_, _, .q8_0) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      // What has its new type already is copied.
      let same = "\(folder)/same.gguf"
      try GGUFExporter(source, recipe: .q8_0).write(to: same, on: ThreadPool(threads: 1))
      for tensor in source.tensors { #expect(try GGUFFile(path: same).bytes(tensor.name) == source.bytes(tensor.name)) }
      let exporter = try GGUFExporter(source, recipe: .q4_0, allowsQuantizedSource: true)
      try exporter.write(to: "\(folder)/twice.gguf", on: ThreadPool(threads: 1))
      let twice = try GGUFFile(path: "\(folder)/twice.gguf")
      #expect(twice.tensor(named: "blk.0.attn_q.weight")?.elementType == .q4_0)
    }
  }

  // MARK: Progress and damage

  @Test("Progress counts every tensor and byte, and the size is known before") func progress() throws {
    try withTemporaryFolder { folder in
      let model = TinyModel(name: "gpt2")
      let exporter = try GGUFExporter(folder: HuggingFaceFolder(path: model.path), name: "gpt2", recipe: .q4_1)
      var seen: [GGUFExporter.Progress] = []
      try exporter.write(to: "\(folder)/model.gguf", on: ThreadPool(threads: 1)) { seen.append($0) }
      let last = try #require(seen.last)
      #expect(last.tensors == exporter.writtenTensors.count)
      #expect(last.tensorCount == last.tensors)
      #expect(last.bytes == exporter.writtenTensors.reduce(0) { $0 + $1.byteCount })
      #expect(last.byteCount == last.bytes)
      #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.bytes <= $1.bytes && $0.tensors <= $1.tensors })
      #expect(try GGUFFile(path: "\(folder)/model.gguf").fileSize == exporter.byteCount)
    }
  }

  @Test("A weight that is no number is named, and no file is left", arguments: [Float.nan, .infinity, 70_000])
  func damaged(value: Float) throws {
    try withTemporaryFolder { folder in
      var builder = GGUFBuilder()
      let source = try TinyModel(name: "qwen3").gguf()
      for key in source.metadata.keys { builder.set(key, try #require(try source.metadata.encodedValue(key))) }
      for tensor in source.tensors {
        var values = try source.values(tensor.name)
        if tensor.name == "blk.1.ffn_up.weight" { values[5] = value }
        builder.add(tensor.name, shape: tensor.shape, values)
      }
      let file = try GGUFFile(MappedFile(copying: builder.bytes(), path: "damaged.gguf"))
      let output = "\(folder)/model.gguf"
      let error = #expect(throws: ExportError.self) {
        try GGUFExporter(file, recipe: .q8_0).write(to: output, on: ThreadPool(threads: 1))
      }
      guard case .unquantizable("blk.1.ffn_up.weight", _, .q8_0) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(throws: FormatError.self) { try GGUFFile(path: output) }
      // Floats keep whatever they are.
      try GGUFExporter(file, recipe: .bf16).write(to: output, on: ThreadPool(threads: 1))
    }
  }
}

extension GGUFFile {
  fileprivate func bytes(_ name: String) throws -> [UInt8] {
    try withBytes(of: requiredTensor(named: name)) { bytes in
      (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
  }
}
