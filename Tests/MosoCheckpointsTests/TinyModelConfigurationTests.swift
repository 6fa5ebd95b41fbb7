import MosoFormats
import MosoModel
import Testing

@testable import MosoCheckpoints

/// What is fixed in Scripts/make_model_fixtures.py, said again as the architecture it means.
private func expectedArchitecture(_ name: String) -> Architecture {
  var heads = AttentionPlan(headCount: 4, keyValueHeadCount: 2, headSize: 8, scale: 0.353_553_39)
  var feedForward = FeedForwardPlan(activation: .silu, isGated: true, width: 48)
  var layers = Array(repeating: LayerPlan(rotary: 0), count: 2)
  var result = Architecture(
    family: "llama", vocabularySize: 96, contextLength: 256, width: 32, layers: [],
    norm: NormPlan(epsilon: 1e-5), attention: heads, rotaries: [], feedForward: feedForward)
  func widerHeads() {
    heads.headSize = 16
    heads.scale = 0.25
  }
  func gemma() {
    widerHeads()
    feedForward.activation = .geluTanh
    result.vocabularySize = 128
    result.norm.epsilon = 1e-6
    result.embeddingScale = 5.656_854_2
    result.hasTiedHead = true
  }
  switch name {
  case "llama2":
    heads.keyValueHeadCount = 4
    feedForward.width = 64
  case "llama3":
    (result.width, result.contextLength, result.hasTiedHead) = (48, 512, true)
    widerHeads()
  case "llama_linear":
    feedForward.width = 64
    result.norm.epsilon = 1e-6
  case "smollm2":
    (result.width, result.contextLength, result.hasTiedHead) = (48, 512, true)
    heads.headCount = 6
    feedForward.width = 64
  case "tinyllama":
    result.width = 48
    heads.headCount = 6
    heads.keyValueHeadCount = 1
    feedForward.width = 64
  case "mistral":
    result.family = "mistral"
    widerHeads()
  case "mistral_window":
    result.family = "mistral"
    layers = Array(repeating: LayerPlan(window: 8, rotary: 0), count: 2)
  case "smollm3":
    result.family = "smollm3"
    result.norm.epsilon = 1e-6
    result.hasTiedHead = true
    layers = [0, 0, 0, nil, 0].map { LayerPlan(rotary: $0) }
  case "qwen2":
    result.family = "qwen2"
    result.norm.epsilon = 1e-6
    result.hasTiedHead = true
  case "qwen2_window":
    result.family = "qwen2"
    result.norm.epsilon = 1e-6
    layers = [LayerPlan(rotary: 0), LayerPlan(window: 8, rotary: 0), LayerPlan(window: 8, rotary: 0)]
  case "qwen3", "qwen3_yarn":
    result.family = "qwen3"
    result.norm.epsilon = 1e-6
    result.hasTiedHead = name == "qwen3_yarn"
    widerHeads()
    heads.normalizesQueriesAndKeys = true
  case "gemma":
    result.family = "gemma"
    gemma()
    heads.keyValueHeadCount = 1
  case "gemma2":
    result.family = "gemma2"
    gemma()
    result.norm.followsBranches = true
    result.logitSoftcap = 6
    heads.scoreSoftcap = 4
    layers = [8, nil, 8, nil].map { LayerPlan(window: $0, rotary: 0) }
  case "gemma2_scalar":
    result.family = "gemma2"
    gemma()
    result.norm.followsBranches = true
    result.logitSoftcap = 30
    heads.scoreSoftcap = 50
    heads.scale = 0.353_553_39
    layers = [8, nil].map { LayerPlan(window: $0, rotary: 0) }
  case "gemma3":
    result.family = "gemma3_text"
    gemma()
    result.norm.followsBranches = true
    heads.keyValueHeadCount = 1
    heads.normalizesQueriesAndKeys = true
    let local = LayerPlan(window: 8, rotary: 1)
    layers = [local, local, local, local, local, LayerPlan(rotary: 0), local]
  case "phi3", "phi3_partial", "phi3_longrope":
    result.family = "phi3"
    result.width = 48
    result.hasTiedHead = name != "phi3"
    widerHeads()
    heads.headCount = 3
    heads.keyValueHeadCount = 1
    if name == "phi3" { layers = Array(repeating: LayerPlan(window: 8, rotary: 0), count: 2) }
  case "gpt2":
    result.family = "gpt2"
    result.contextLength = 64
    result.norm.kind = .layer
    result.hasTiedHead = true
    result.hasLearnedPositions = true
    heads.keyValueHeadCount = 4
    feedForward = FeedForwardPlan(activation: .geluTanh, isGated: false, width: 128)
    layers = Array(repeating: LayerPlan(), count: 2)
  case "mixtral":
    result.family = "mixtral"
    feedForward.experts = ExpertPlan(count: 4, usedCount: 2, normalizesWeights: true)
  case "qwen3_moe":
    result.family = "qwen3_moe"
    result.norm.epsilon = 1e-6
    widerHeads()
    heads.normalizesQueriesAndKeys = true
    feedForward.width = 24
    feedForward.experts = ExpertPlan(count: 8, usedCount: 3, normalizesWeights: true)
  case "qwen3_moe_raw":
    result.family = "qwen3_moe"
    result.norm.epsilon = 1e-6
    result.hasTiedHead = true
    heads.normalizesQueriesAndKeys = true
    feedForward.width = 32
    feedForward.experts = ExpertPlan(count: 4, usedCount: 2, normalizesWeights: false)
  default: Issue.record("no expectation for \(name)")
  }
  result.attention = heads
  result.feedForward = feedForward
  result.layers = layers
  return result
}

/// The names that GGUF has for the families.
private let ggufFamilies = [
  "mistral": "llama", "mixtral": "llama", "gemma3_text": "gemma3", "qwen3_moe": "qwen3moe",
]

@Suite("The configurations of tiny models") struct TinyModelConfigurationTests {
  @Test("config.json gives the architecture that it means", arguments: TinyModel.all)
  func huggingFace(model: TinyModel) throws {
    var architecture = try model.configuration().architecture
    let rotaries = architecture.rotaries
    architecture.rotaries = []
    #expect(architecture == expectedArchitecture(model.name))
    try compare(rotaries, with: model, pairing: .halves)
  }

  @Test("GGUF metadata give the same architecture", arguments: TinyModel.allInGGUF)
  func gguf(model: TinyModel) throws {
    var architecture = try GGUFConfiguration(model.gguf()).architecture
    let rotaries = architecture.rotaries
    architecture.rotaries = []
    var expected = expectedArchitecture(model.name)
    expected.family = ggufFamilies[expected.family] ?? expected.family
    #expect(architecture == expected)
    try compare(rotaries, with: model, pairing: ["llama", "smollm3"].contains(expected.family) ? .adjacent : .halves)
  }

  /// Compares rotary tables with those that transformers computed.
  private func compare(_ rotaries: [RotaryPlan], with model: TinyModel, pairing: RotaryPlan.Pairing) throws {
    let expected = try #require(try model.expectations()["rotaries"]?.arrayValue)
    try #require(rotaries.count == expected.count)
    for (rotary, expected) in zip(rotaries, expected) {
      #expect(rotary.pairing == pairing)
      let frequencies = try #require(numbers(expected["frequencies"]))
      #expect(rotary.dimensions == 2 * frequencies.count)
      expectClose(rotary.frequencies, frequencies)
      expectClose([rotary.amplitude], [try #require(expected["amplitude"]?.doubleValue)])
      if let long = numbers(expected["longFrequencies"]) {
        expectClose(try #require(rotary.longFrequencies), long)
        #expect(rotary.originalContextLength == 16)
      } else {
        #expect(rotary.longFrequencies == nil)
      }
    }
  }

  private func numbers(_ value: JSONValue?) -> [Double]? { value?.arrayValue?.compactMap(\.doubleValue) }

  private func expectClose(_ found: [Float], _ expected: [Double]) {
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 1e-6 * abs($1) }, "\(found) and \(expected)")
  }
}
