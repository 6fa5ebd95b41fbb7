import MosoConversation
import MosoEngine

/// What a line that begins with a slash asks for.
enum ChatInstruction: Equatable {
  case help
  case quit
  case reset
  /// A new system prompt, or nothing to see the present one.
  case system(String?)
  /// A setting to change, or nothing to see them all.
  case set(Setting?)
  case save(String)
  case load(String)
  case unknown(String)

  struct Setting: Equatable {
    var name: String
    var value: String
  }

  init(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 1)
    let rest = words.count > 1 ? String(words[1]).trimmed : ""
    switch words.first.map(String.init) ?? "" {
    case "/help", "/?": self = .help
    case "/quit", "/exit", "/bye": self = .quit
    case "/reset", "/clear": self = .reset
    case "/system": self = .system(rest.isEmpty ? nil : rest)
    case "/save" where !rest.isEmpty: self = .save(rest)
    case "/load" where !rest.isEmpty: self = .load(rest)
    case "/set":
      let parts = rest.split(separator: " ", maxSplits: 1)
      self = parts.count == 2 ? .set(Setting(name: String(parts[0]), value: String(parts[1]).trimmed)) : .set(nil)
    case let word: self = .unknown(word)
    }
  }

  static let helpText = """
    /system TEXT       tell the model how to behave; without TEXT, show what it was told
    /set NAME VALUE    change a setting, as in /set temperature 0.2; without NAME, show them all
    /save FILE         keep the conversation in a file
    /load FILE         go on with a saved conversation
    /reset             begin anew
    /quit              end the chat; so does Ctrl-D

    Several lines: put them between \"\"\" and \"\"\", end a line with \\, or press Alt-Enter.
    Ctrl-C stops an answer. The arrow keys bring back earlier messages, Ctrl-R searches them.

    """
}

/// A setting that there is not, or a value that it cannot have.
struct ChatSettingError: Error, CustomStringConvertible {
  var description: String
}

extension GenerationOptions {
  private static let names =
    "temperature, top_k, top_p, min_p, typical_p, repetition_penalty, presence_penalty, frequency_penalty, seed, max_tokens"

  /// Every setting with its value.
  var settings: String {
    let seed = sampling.seed.map { "\($0)" } ?? "random"
    let most = maximumTokens.map { "\($0)" } ?? "as many as fit"
    return """
      temperature \(sampling.temperature)
      top_k \(sampling.topK)
      top_p \(sampling.topP)
      min_p \(sampling.minP)
      typical_p \(sampling.typicalP)
      repetition_penalty \(sampling.repetitionPenalty)
      presence_penalty \(sampling.presencePenalty)
      frequency_penalty \(sampling.frequencyPenalty)
      seed \(seed)
      max_tokens \(most)

      """
  }

  /// Changes one setting; nothing changes when its value is out of range.
  mutating func change(_ setting: ChatInstruction.Setting) throws {
    var changed = self
    func number<Number: LosslessStringConvertible>(_ type: Number.Type = Number.self) throws -> Number {
      guard let value = Number(setting.value) else {
        throw ChatSettingError(description: "\(setting.name) is \(setting.value), but has to be a number")
      }
      return value
    }
    switch setting.name {
    case "temperature": changed.sampling.temperature = try number()
    case "top_k": changed.sampling.topK = try number()
    case "top_p": changed.sampling.topP = try number()
    case "min_p": changed.sampling.minP = try number()
    case "typical_p": changed.sampling.typicalP = try number()
    case "repetition_penalty": changed.sampling.repetitionPenalty = try number()
    case "presence_penalty": changed.sampling.presencePenalty = try number()
    case "frequency_penalty": changed.sampling.frequencyPenalty = try number()
    case "seed": changed.sampling.seed = try number()
    case "max_tokens":
      changed.maximumTokens = try number()
      if let most = changed.maximumTokens, most < 1 {
        throw ChatSettingError(description: "max_tokens is \(most), but has to be at least 1")
      }
    default:
      throw ChatSettingError(description: "there is no setting \(setting.name); there are \(Self.names)")
    }
    try changed.sampling.validate()
    self = changed
  }
}
