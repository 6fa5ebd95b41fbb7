import MosoFormats
import MosoModel
import Testing

@testable import MosoCheckpoints

/// A row of Fixtures/defaults.json: what transformers assumes of a model of this type.
private struct Defaults: Sendable, CustomStringConvertible {
  let json: JSONValue

  static let all: [Defaults] = {
    let path = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/defaults.json"
    return ((try? JSONValue(contentsOf: path))?.arrayValue ?? []).map { Defaults(json: $0) }
  }()

  var description: String { json["model_type"]?.stringValue ?? "" }

  func list<Element>(_ key: String, _ transform: (JSONValue) -> Element) -> [Element] {
    (json[key]?.arrayValue ?? []).map(transform)
  }
}

@Suite("config.json") struct HuggingFaceConfigurationTests {
  @Test("There are defaults for every family") func families() {
    #expect(Set(Defaults.all.map(\.description)) == Set(HuggingFaceConfiguration.modelTypes))
  }

  @Test("Absent keys take the defaults of transformers", arguments: Defaults.all)
  fileprivate func defaults(row: Defaults) throws {
    let json = row.json
    let found = try HuggingFaceConfiguration(["model_type": .string(row.description)]).architecture
    #expect(found.vocabularySize == json["vocabulary"]?.integerValue)
    #expect(found.contextLength == json["context"]?.integerValue)
    #expect(found.width == json["width"]?.integerValue)
    #expect(found.layers.map(\.window) == row.list("windows", \.integerValue))
    #expect(found.layers.map { $0.rotary != nil } == row.list("rotates") { $0.integerValue == 1 })
    #expect(found.norm.epsilon == float(json["epsilon"]))
    #expect(found.attention.headCount == json["heads"]?.integerValue)
    #expect(found.attention.keyValueHeadCount == json["keyValueHeads"]?.integerValue)
    #expect(found.attention.headSize == json["headSize"]?.integerValue)
    #expect(found.attention.scale == float(json["scale"]))
    #expect(found.attention.scoreSoftcap == float(json["scoreSoftcap"]))
    #expect(found.logitSoftcap == float(json["logitSoftcap"]))
    #expect(found.rotaries.count == json["rotaryBases"]?.arrayValue?.count)
    for (rotary, base) in zip(found.rotaries, row.list("rotaryBases") { $0.doubleValue ?? 0 }) {
      let plain = RotaryScaling.none.plan(base: base, dimensions: found.attention.headSize, pairing: .halves)
      #expect(rotary == plain)
    }
    let activation: FeedForwardPlan.Activation = json["activation"] == "silu" ? .silu : .geluTanh
    #expect(found.feedForward.activation == activation)
    #expect(found.feedForward.width == json["feedForward"]?.integerValue)
    #expect(found.feedForward.experts?.count == json["experts"]?.integerValue)
    #expect(found.feedForward.experts?.usedCount == json["usedExperts"]?.integerValue)
    if let normalizes = json["normalizesExperts"]?.boolValue {
      #expect(found.feedForward.experts?.normalizesWeights == normalizes)
    }
    #expect(found.hasTiedHead == json["tied"]?.boolValue)
  }

  private func float(_ value: JSONValue?) -> Float? { value?.doubleValue.map { Float($0) } }

  @Test("The newer spelling of rotation means the same as the older", arguments: ["llama3", "gemma3", "qwen3_yarn"])
  func newerRotation(name: String) throws {
    var json = try TinyModel(name: name).configurationJSON()
    let expected = try HuggingFaceConfiguration(json).architecture
    let scaling = try #require(json["rope_scaling"]?.objectValue)
    var full = scaling
    full["rope_theta"] = json["rope_theta"]
    if name == "gemma3" {
      json["rope_parameters"] = [
        "full_attention": .object(full),
        "sliding_attention": ["rope_type": "default", "rope_theta": json["rope_local_base_freq"] ?? .null],
      ]
      json["layer_types"] = .array((1...7).map { $0 % 6 == 0 ? "full_attention" : "sliding_attention" })
      json["sliding_window_pattern"] = nil
    } else {
      json["rope_parameters"] = .object(full)
    }
    for key in ["rope_scaling", "rope_theta", "rope_local_base_freq"] { json[key] = nil }
    #expect(try HuggingFaceConfiguration(json).architecture == expected)
  }

  @Test("Of a model that also sees, the text half is read, even when it says next to nothing")
  func textHalf() throws {
    let whole: JSONObject = [
      "model_type": "gemma3", "vision_config": ["hidden_size": 1152],
      "text_config": [
        "hidden_size": 2560, "intermediate_size": 10_240, "num_hidden_layers": 34, "sliding_window": 1024,
      ],
    ]
    let architecture = try HuggingFaceConfiguration(whole).architecture
    #expect(architecture.family == "gemma3_text")
    #expect(architecture.width == 2560)
    #expect(architecture.layers.count == 34)
    #expect(architecture.layers[4].window == 1024)
    #expect(architecture.attention.headCount == 8)
  }

  @Test("A scaling that only longer sequences would feel changes nothing")
  func dynamic() throws {
    var json = try TinyModel(name: "llama2").configurationJSON()
    let expected = try HuggingFaceConfiguration(json).architecture
    json["rope_scaling"] = ["type": "dynamic", "factor": 2.0]
    #expect(try HuggingFaceConfiguration(json).architecture == expected)
  }

  @Test("A window that no sequence can outgrow is none")
  func wideWindow() throws {
    var json = try TinyModel(name: "mistral_window").configurationJSON()
    json["sliding_window"] = 256
    #expect(try HuggingFaceConfiguration(json).architecture.layers.allSatisfy { $0.window == nil })
    json["sliding_window"] = 255
    #expect(try HuggingFaceConfiguration(json).architecture.layers.allSatisfy { $0.window == 255 })
  }
}
