import MosoConversation
import MosoEngine
import MosoFormats

/// What `/set` shows and changes: each setting by the name that its option has, with `_` for `-`.
enum ChatSettings {
  static let names = [
    "temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty", "repetition_window",
    "presence_penalty", "frequency_penalty", "logit_bias", "seed", "max_tokens", "stop",
  ]

  /// A setting's value as `/set` takes it; `nil` when there is no such setting.
  static func value(of name: String, in options: GenerationOptions) -> String? {
    let sampling = options.sampling
    switch name {
    case "temperature": return "\(sampling.temperature)"
    case "top_k": return "\(sampling.topK)"
    case "top_p": return "\(sampling.topP)"
    case "min_p": return "\(sampling.minP)"
    case "typical_p": return "\(sampling.typicalP)"
    case "repetition_penalty": return "\(sampling.repetitionPenalty)"
    case "repetition_window": return "\(sampling.repetitionWindow)"
    case "presence_penalty": return "\(sampling.presencePenalty)"
    case "frequency_penalty": return "\(sampling.frequencyPenalty)"
    case "logit_bias":
      let biases = sampling.logitBias.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return biases.isEmpty ? "none" : biases.joined(separator: " ")
    case "seed": return sampling.seed.map { "\($0)" } ?? "random"
    case "max_tokens": return options.maximumTokens.map { "\($0)" } ?? "none"
    case "stop":
      let texts = options.stopStrings.map { JSONValue.string($0).serialized() }
      return texts.isEmpty ? "none" : texts.joined(separator: " ")
    default: return nil
    }
  }

  /// Every setting, or the one that is named, in lines.
  static func text(_ options: GenerationOptions, only name: String? = nil) throws(ChatSettingError) -> String {
    if let name, !names.contains(name) { throw .unknown(name) }
    return names.filter { name == nil || $0 == name }
      .map { "\($0) \(value(of: $0, in: options) ?? "")\n" }.joined()
  }

  /// The options with one setting changed.
  ///
  /// - Throws: `ChatSettingError` or `SamplingParameterError` for a value that cannot be.
  static func changed(_ options: GenerationOptions, _ setting: ChatInstruction.Setting) throws -> GenerationOptions {
    var changed = options
    switch setting.name {
    case "temperature": changed.sampling.temperature = try setting.number()
    case "top_k": changed.sampling.topK = try setting.number()
    case "top_p": changed.sampling.topP = try setting.number()
    case "min_p": changed.sampling.minP = try setting.number()
    case "typical_p": changed.sampling.typicalP = try setting.number()
    case "repetition_penalty": changed.sampling.repetitionPenalty = try setting.number()
    case "repetition_window": changed.sampling.repetitionWindow = try setting.number()
    case "presence_penalty": changed.sampling.presencePenalty = try setting.number()
    case "frequency_penalty": changed.sampling.frequencyPenalty = try setting.number()
    case "logit_bias": changed.sampling.logitBias = try setting.biases(over: options.sampling.logitBias)
    case "seed": changed.sampling.seed = setting.value == "random" ? nil : try setting.number()
    case "max_tokens":
      changed.maximumTokens = setting.value == "none" ? nil : try setting.number()
      if let most = changed.maximumTokens, most < 1 {
        throw ChatSettingError.badValue(setting, expected: "at least 1, or none")
      }
    case "stop": changed.stopStrings = try setting.stopStrings()
    default: throw ChatSettingError.unknown(setting.name)
    }
    try changed.sampling.validate()
    return changed
  }
}

extension ChatInstruction.Setting {
  fileprivate func number<Number: LosslessStringConvertible>() throws(ChatSettingError) -> Number {
    guard let number = Number(value) else {
      let kind = Number.self == Float.self ? "a number" : "a whole number"
      throw .badValue(self, expected: name == "seed" ? "\(kind), or random" : kind)
    }
    return number
  }

  /// `198=-100 5=2`, added to what there is, or `none`.
  fileprivate func biases(over present: [Int32: Float]) throws(ChatSettingError) -> [Int32: Float] {
    if value == "none" { return [:] }
    var biases = present
    for word in value.split(whereSeparator: \.isWhitespace) {
      guard let entry = TokenBias(argument: String(word)) else {
        throw .badValue(self, expected: "a token's number, = and a number, as in 198=-100, or none")
      }
      biases[entry.token] = entry.bias
    }
    return biases
  }

  /// A text, as it stands or in quotes where `\n` is a newline, or `none`.
  fileprivate func stopStrings() throws(ChatSettingError) -> [String] {
    if value == "none" { return [] }
    guard value.hasPrefix("\"") else { return [value] }
    guard let text = (try? JSONValue(parsing: value))?.stringValue, !text.isEmpty else {
      throw .badValue(self, expected: "a text in quotes, as in \"\\n\", or none")
    }
    return [text]
  }
}

/// A setting that there is not, or a value that it cannot have.
enum ChatSettingError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case badValue(ChatInstruction.Setting, expected: String)

  var description: String {
    switch self {
    case .unknown(let name):
      "there is no setting \(name); there are \(ChatSettings.names.joined(separator: ", "))"
    case .badValue(let setting, let expected):
      "\(setting.name) is \(setting.value), but has to be \(expected)"
    }
  }
}
