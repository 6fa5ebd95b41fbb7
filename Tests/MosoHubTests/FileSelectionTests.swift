import Testing

@testable import MosoHub

@Suite("Choosing files") struct FileSelectionTests {
  /// What real repositories look like.
  private static let llama = [
    ".gitattributes", "LICENSE", "README.md", "USE_POLICY.md", "config.json", "generation_config.json",
    "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json",
    "original/consolidated.00.pth", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
  ]
  private static let gguf = [
    "README.md", "Qwen3-Q2_K.gguf", "Qwen3-Q4_K_M.gguf", "Qwen3-UD-Q4_K_XL.gguf", "Qwen3-Q8_0.gguf",
    "Qwen3-IQ4_XS.gguf",
    "Qwen3-BF16.gguf", "mmproj-Qwen3-F16.gguf", "imatrix_unsloth.gguf", "params",
    "Q6_K/Qwen3-Q6_K-00001-of-00002.gguf", "Q6_K/Qwen3-Q6_K-00002-of-00002.gguf",
  ]

  private func choose(_ selection: HubReference.Selection, _ paths: [String]) throws -> FileSelection {
    try FileSelection(selection, among: paths)
  }

  @Test("Sharded safetensors come with index, configuration and tokenizer") func sharded() throws {
    let choice = try choose(.standard, Self.llama)
    #expect(choice.kind == .safetensors)
    #expect(choice.weights == ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"])
    #expect(
      choice.companions == [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "model.safetensors.index.json",
      ])
  }

  @Test("Mistral's own consolidated file and tokenizer are passed over") func mistral() throws {
    let paths = [
      "config.json", "consolidated.safetensors", "params.json", "tokenizer.model", "tokenizer.model.v3",
      "model-00001-of-00001.safetensors", "chat_template.jinja",
    ]
    let choice = try choose(.standard, paths)
    #expect(choice.files == ["config.json", "chat_template.jinja", "model-00001-of-00001.safetensors"])
  }

  @Test("Of GGUF files the balanced one, then the large one, then the first is the default") func defaults() throws {
    #expect(try choose(.standard, Self.gguf).weights == ["Qwen3-Q4_K_M.gguf"])
    #expect(try choose(.standard, ["a-Q2_K.gguf", "a-Q8_0.gguf"]).weights == ["a-Q8_0.gguf"])
    #expect(try choose(.standard, ["a-Q2_K.gguf", "a-IQ1_S.gguf"]).weights == ["a-IQ1_S.gguf"])
    #expect(try choose(.standard, ["only.gguf", "README.md"]).remark == nil)
  }

  @Test(
    "Every quantisation is found by its name",
    arguments: [
      ("Q2_K", "Qwen3-Q2_K.gguf"), ("Q4_K_M", "Qwen3-Q4_K_M.gguf"), ("UD-Q4_K_XL", "Qwen3-UD-Q4_K_XL.gguf"),
      ("Q4_K_XL", "Qwen3-UD-Q4_K_XL.gguf"), ("IQ4_XS", "Qwen3-IQ4_XS.gguf"), ("BF16", "Qwen3-BF16.gguf"),
      ("Q6_K", "Q6_K/Qwen3-Q6_K-00001-of-00002.gguf"),
    ])
  func quantisations(name: String, file: String) throws {
    #expect(try choose(.quantisation(name), Self.gguf).weights.first == file)
  }

  @Test("The dots of older file names separate words too") func dots() throws {
    #expect(
      try choose(.quantisation("Q4_1"), ["SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct.Q4_0.gguf"])
        .weights == ["SmolLM2-135M-Instruct.Q4_1.gguf"])
    #expect(GGUFModel.quantisation(in: "gemma-3-1b-it-qat-q4_0") == "Q4_0")
    #expect(GGUFModel.quantisation(in: "gpt-oss-20b-MXFP4") == "MXFP4")
    #expect(GGUFModel.quantisation(in: "model") == nil)
    #expect(GGUFModel.quantisation(in: "Mixtral-8x7B") == nil)
  }

  @Test("A file is found by its path, its name, and in any case; one part brings the others") func files() throws {
    #expect(try choose(.file("Qwen3-Q8_0.gguf"), Self.gguf).weights == ["Qwen3-Q8_0.gguf"])
    #expect(try choose(.file("qwen3-q8_0.GGUF"), Self.gguf).weights == ["Qwen3-Q8_0.gguf"])
    #expect(try choose(.file("Qwen3-Q6_K-00002-of-00002.gguf"), Self.gguf).weights.count == 2)
    #expect(try choose(.file("mmproj-Qwen3-F16.gguf"), Self.gguf).weights == ["mmproj-Qwen3-F16.gguf"])
    #expect(
      try choose(.file("b.safetensors"), ["a.safetensors", "b.safetensors", "config.json"]).files
        == ["config.json", "b.safetensors"])
    let parts = ["a-00001-of-00002.safetensors", "a-00002-of-00002.safetensors"]
    #expect(try choose(.file(parts[1]), parts + ["config.json", "model.safetensors"]).weights == parts)
  }

  @Test("What is missing or not clear is an error that names it") func errors() {
    func error(_ selection: HubReference.Selection, _ paths: [String]) -> FileSelectionError? {
      do throws(FileSelectionError) {
        _ = try FileSelection(selection, among: paths)
        return nil
      } catch {
        return error
      }
    }
    #expect(error(.standard, ["pytorch_model.bin"]) == .noWeights(found: ["pytorch_model.bin"]))
    #expect(error(.standard, ["model.safetensors"]) == .missingConfiguration)
    #expect(
      error(.standard, Self.llama.filter { !$0.contains("00002-of") })
        == .missingPart("model-00002-of-00002.safetensors"))
    #expect(
      error(.standard, ["config.json", "a.safetensors", "b.safetensors"])
        == .ambiguous(wanted: "the weights", files: ["a.safetensors", "b.safetensors"]))
    #expect(
      error(.standard, ["a-Q4_K_M.gguf", "b-Q4_K_M.gguf"])
        == .ambiguous(wanted: "Q4_K_M", files: ["a-Q4_K_M", "b-Q4_K_M"]))
    #expect(error(.quantisation("Q5_0"), ["a-Q4_0.gguf"]) == .noSuchQuantisation("Q5_0", offered: ["Q4_0"]))
    #expect(error(.quantisation("Q4_0"), ["a-Q4_0-00001-of-00002.gguf"]) == .missingPart("a-Q4_0-00002-of-00002.gguf"))
    #expect(
      error(.file("x.gguf"), ["a/x.gguf", "b/x.gguf"]) == .ambiguous(wanted: "x.gguf", files: ["a/x.gguf", "b/x.gguf"]))
    #expect(error(.file("README.md"), ["README.md"]) == .noWeights(found: ["README.md"]))
    #expect(error(.standard, ["x.gguf", "../x.gguf"]) != nil)
    #expect(error(.standard, ["x.gguf.partial"]) == .noWeights(found: ["x.gguf.partial"]))
    // Two names that are one file where case does not count.
    #expect(
      error(
        .standard,
        [
          "config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
          "tokenizer.json",
        ].map { $0 }) == nil)
  }

  @Test("Split names are read exactly") func splitNames() {
    #expect(SplitName("a-00002-of-00010.gguf")?.allNames.last == "a-00010-of-00010.gguf")
    #expect(SplitName("a-b/c-00001-of-00002.gguf")?.stem == "a-b/c")
    for name in [
      "a-0001-of-0002.gguf", "a-00003-of-00002.gguf", "a-00000-of-00002.gguf", "a-00001-of-99999.gguf",
      "-of-.gguf", "a.gguf", "", "00001-of-00002.gguf",
    ] {
      #expect(SplitName(name) == nil, "\(name)")
    }
  }
}
