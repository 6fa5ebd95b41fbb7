import Configuration
import MosoFormats

extension ServerSettings {
  /// The variable of the environment that names a file of settings.
  public static let configurationVariable = ServerSetting.variable("config")

  /// Settings from the command line, else from the environment, else from a file, else as they usually are.
  ///
  /// - Parameters:
  ///   - flags: What the command line says, by the names of the settings.
  ///   - configuration: The path of the file; `nil` for the one that `MOSO_SERVE_CONFIG` names, if it does.
  ///   - environment: The environment; a variable that is empty counts as one that is not there.
  /// - Throws: `SettingsError` for the first value that may not be, and for a key of the file that is no setting.
  public static func load(
    flags: [String: SettingValue], configuration: String?, environment: [String: String]
  ) throws(SettingsError) -> LoadedSettings {
    let environment = environment.filter { !$0.value.isEmpty }
    var sources = [
      SettingSource(flags: flags), SettingSource(environment: environment),
    ]
    if let path = configuration ?? environment[configurationVariable] {
      sources.append(try SettingSource(file: path))
    }
    var settings = ServerSettings()
    var origins: [String: SettingOrigin] = [:]
    for setting in ServerSetting.all {
      for source in sources {
        guard let value = try source.value(of: setting) else { continue }
        let origin = source.origin(of: setting)
        guard setting.write(&settings, value) else {
          throw .invalid(origin: origin, found: describe(value), expected: setting.kind.expectation)
        }
        origins[setting.name] = origin
        break
      }
    }
    let loaded = LoadedSettings(settings: settings, origins: origins, warnings: warnings(environment))
    try loaded.check()
    return loaded
  }

  /// Variables that look like settings and are none: a warning, because others set variables too (Kubernetes does for a
  /// service of the name `moso-serve`).
  private static func warnings(_ environment: [String: String]) -> [String] {
    let names = ServerSetting.all.map(\.variable) + [configurationVariable]
    let prefix = ServerSetting.variablePrefix
    let unknown = environment.keys.filter { $0.hasPrefix(prefix) && !names.contains($0) }.sorted()
    return unknown.map { name in
      let closest = ClosestName.find(String(name.dropFirst(prefix.count)), among: ServerSetting.all.map(\.name))
      return "\(quoted(name)) in the environment is no setting"
        + (closest.map { "; did you mean \(ServerSetting.variable($0))?" } ?? "")
    }
  }

  private static func describe(_ value: SettingValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .list(let texts): texts.isEmpty ? "nothing" : texts.map { quoted($0) }.joined(separator: ", ")
    default: value.json.serialized()
    }
  }
}

/// One of the places that settings come from.
struct SettingSource {
  private let provider: any ConfigProvider
  private let place: Place

  private enum Place {
    case flags
    case environment([String: String])
    case file(path: String, JSONObject)
  }

  init(flags: [String: SettingValue]) {
    for name in flags.keys { _ = ServerSetting.named(name) }
    let values = flags.map { (Self.key($0.key), ConfigValue($0.value.content, isSecret: false)) }
    provider = InMemoryProvider(name: "flags", values: Dictionary(values) { first, _ in first })
    place = .flags
  }

  init(environment: [String: String]) {
    provider = EnvironmentVariablesProvider(environmentVariables: environment)
    place = .environment(environment)
  }

  /// Reads a file of settings: one JSON object with the names of settings as its keys.
  init(file path: String) throws(SettingsError) {
    let value: JSONValue
    do throws(FormatError) {
      value = try JSONValue(
        contentsOf: path, options: JSONReadingOptions(maximumDepth: 8, duplicateKeys: .refused))
    } catch {
      throw .file(error)
    }
    guard let object = value.objectValue else { throw .notAnObject(path: path, found: value.kind.description) }
    let names = ServerSetting.all.map(\.name)
    if let key = object.keys.first(where: { !names.contains($0) }) {
      throw .unknownKey(path: path, key: key, closest: ClosestName.find(key, among: names))
    }
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for setting in ServerSetting.all {
      guard let value = object[setting.name], value != .null else { continue }
      // What is of another kind is left out here, and found missing when it is asked for.
      guard let content = setting.kind.value(value)?.content else { continue }
      values[Self.key(setting.name)] = ConfigValue(content, isSecret: false)
    }
    provider = InMemoryProvider(name: path, values: values)
    place = .file(path: path, object)
  }

  /// What this place says of a setting; `nil` for nothing.
  func value(of setting: ServerSetting) throws(SettingsError) -> SettingValue? {
    do {
      if let content = try provider.value(forKey: Self.key(setting.name), type: setting.kind.type).value?.content {
        return SettingValue(content)
      }
    } catch {
      throw invalid(setting)
    }
    if case .file(_, let object) = place, let value = object[setting.name], value != .null { throw invalid(setting) }
    return nil
  }

  /// How this place names a setting.
  func origin(of setting: ServerSetting) -> SettingOrigin {
    switch place {
    case .flags: .flag(setting.flag)
    case .environment: .environment(setting.variable)
    case .file(let path, _): .file(path: path, key: setting.name)
    }
  }

  private func invalid(_ setting: ServerSetting) -> SettingsError {
    let found: String =
      switch place {
      case .flags: "another kind of value"
      case .environment(let environment): quoted(environment[setting.variable] ?? "")
      case .file(_, let object):
        object[setting.name].map { $0.stringValue.map { quoted($0) } ?? $0.kind.description } ?? "nothing"
      }
    return .invalid(origin: origin(of: setting), found: found, expected: setting.kind.expectation)
  }

  private static func key(_ name: String) -> AbsoluteConfigKey { AbsoluteConfigKey(["moso", "serve", name]) }
}

extension SettingKind {
  /// How a provider is asked for a value of this kind.
  fileprivate var type: ConfigType {
    switch self {
    case .text, .choice, .bytes: .string
    case .integer: .int
    case .seconds: .double
    case .flag: .bool
    case .list: .stringArray
    }
  }

  /// The value of this kind that a JSON value is; `nil` when it is of another kind.
  fileprivate func value(_ json: JSONValue) -> SettingValue? {
    switch self {
    case .text, .choice: json.stringValue.map { .text($0) }
    case .bytes: (json.stringValue ?? json.integerValue.map { "\($0)" }).map { .text($0) }
    case .integer: json.integerValue.map { .integer($0) }
    case .seconds: json.doubleValue.map { .number($0) }
    case .flag: json.boolValue.map { .flag($0) }
    case .list:
      json.arrayValue.flatMap { values in
        let texts = values.compactMap(\.stringValue)
        return texts.count == values.count ? .list(texts) : nil
      }
    }
  }
}

extension SettingValue {
  fileprivate init?(_ content: ConfigContent) {
    switch content {
    case .string(let value): self = .text(value)
    case .int(let value): self = .integer(value)
    case .double(let value): self = .number(value)
    case .bool(let value): self = .flag(value)
    case .stringArray(let values): self = .list(values)
    default: return nil
    }
  }

  fileprivate var content: ConfigContent {
    switch self {
    case .text(let value): .string(value)
    case .integer(let value): .int(value)
    case .number(let value): .double(value)
    case .flag(let value): .bool(value)
    case .list(let values): .stringArray(values)
    }
  }
}
