import MosoFormats

/// How a model's makers recommend to sample, from `generation_config.json` to the keys `general.sampling.…`.
enum SamplingAdvice {
  private static let numbers = [
    ("temperature", "general.sampling.temp"), ("top_p", "general.sampling.top_p"), ("min_p", "general.sampling.min_p"),
    ("typical_p", "general.sampling.typ_p"),
  ]

  /// What the configuration says; values that make no sense are passed over.
  static func entries(_ configuration: JSONValue?) -> [GGUFWriter.Entry] {
    guard let configuration else { return [] }
    let samples = configuration["do_sample"]?.boolValue ?? true
    var entries: [GGUFWriter.Entry] = []
    for (name, key) in numbers {
      // Without sampling the likeliest token is taken, whatever the temperature says.
      let value = name == "temperature" && !samples ? 0 : configuration[name]?.doubleValue
      if let value, (0...100).contains(value) { entries.append(.init(key, .float32(Float(value)))) }
    }
    if let count = configuration["top_k"]?.integerValue, let small = Int32(exactly: count), small >= 0 {
      entries.append(.init("general.sampling.top_k", .int32(small)))
    }
    return entries
  }
}
