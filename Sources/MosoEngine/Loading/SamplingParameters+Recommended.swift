import MosoConversation
import MosoFormats

extension SamplingParameters {
  /// What `general.sampling.*` of a GGUF file recommends; values out of range are passed over.
  init(recommendedIn metadata: GGUFMetadata) throws(FormatError) {
    let temperature = try metadata.number("general.sampling.temp")
    let topK = try metadata.integer("general.sampling.top_k")
    let topP = try metadata.number("general.sampling.top_p")
    let minP = try metadata.number("general.sampling.min_p")
    let typicalP = try metadata.number("general.sampling.typ_p")
    self.init(temperature: temperature, topK: topK, topP: topP, minP: minP, typicalP: typicalP, repetitionPenalty: nil)
  }

  /// What a `generation_config.json` recommends; values out of range are passed over.
  init(recommendedIn configuration: JSONValue?) {
    let samples = configuration?["do_sample"]?.boolValue ?? true
    self.init(
      temperature: samples ? configuration?["temperature"]?.doubleValue : 0,
      topK: configuration?["top_k"]?.integerValue, topP: configuration?["top_p"]?.doubleValue,
      minP: configuration?["min_p"]?.doubleValue, typicalP: configuration?["typical_p"]?.doubleValue,
      repetitionPenalty: configuration?["repetition_penalty"]?.doubleValue)
  }

  private init(
    temperature: Double?, topK: Int?, topP: Double?, minP: Double?, typicalP: Double?, repetitionPenalty: Double?
  ) {
    self.init()
    // A model that recommends nothing still talks better without its unlikeliest tokens.
    let recommendsNothing = temperature == nil && topK == nil && topP == nil && minP == nil && typicalP == nil
    self.temperature = Self.kept(temperature, or: recommendsNothing ? 0.7 : 1, in: 0...100)
    self.topP = Self.kept(topP, or: recommendsNothing ? 0.9 : 1, in: 0...1)
    self.minP = Self.kept(minP, or: 0, in: 0...1)
    self.typicalP = Self.kept(typicalP, or: 1, in: 0...1)
    self.repetitionPenalty = Self.kept(repetitionPenalty, or: 1, in: 0.01...100)
    if let topK, topK >= 0 { self.topK = topK }
  }

  private static func kept(_ value: Double?, or fallback: Float, in range: ClosedRange<Float>) -> Float {
    guard let value, range.contains(Float(value)) else { return fallback }
    return Float(value)
  }
}
