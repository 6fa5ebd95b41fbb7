public import MosoFormats

/// Settings, and where each came from.
public struct LoadedSettings: Sendable {
  /// The settings.
  public let settings: ServerSettings
  /// Where the values came from, by the names of the settings; what is missing was not chosen by anybody.
  public let origins: [String: SettingOrigin]
  /// What the person who starts the server should know, in sentences.
  public let warnings: [String]

  /// Where a setting's value came from.
  public func origin(of name: String) -> SettingOrigin { origins[name] ?? .standard }

  /// All settings with their values and where these came from, in the table's order.
  public var json: JSONValue {
    var object = JSONObject()
    for setting in ServerSetting.all {
      object[setting.name] = [
        "value": setting.read(settings)?.json ?? .null, "origin": .string(origin(of: setting.name).description),
      ]
    }
    return .object(object)
  }

  /// Checks what no setting shows by itself.
  func check() throws(SettingsError) {
    var names: Set<String> = []
    for model in settings.models where !names.insert(model.name).inserted {
      throw .invalid(
        origin: origin(of: "models"), found: "the model \(quoted(model.name)) twice", expected: "each name once")
    }
    if let name = settings.defaultModel, !settings.models.isEmpty, !names.contains(name) {
      let expected = "one of the models: " + settings.models.map(\.name).joined(separator: ", ")
      throw .invalid(origin: origin(of: "default-model"), found: quoted(name), expected: expected)
    }
    if settings.noKeys && settings.keys != nil {
      throw .conflict(
        first: origin(of: "keys"), second: origin(of: "no-keys"), hint: "a file of keys that is not used; leave one out"
      )
    }
    if settings.promptTokensBesideAnswers > settings.promptTokens {
      throw .conflict(
        first: origin(of: "prompt-tokens-beside-answers"), second: origin(of: "prompt-tokens"),
        hint: "\(settings.promptTokensBesideAnswers) tokens beside answers are more than the \(settings.promptTokens) "
          + "without; make the first less or the second more")
    }
  }
}
