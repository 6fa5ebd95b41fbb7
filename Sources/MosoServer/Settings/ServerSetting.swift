/// One thing about a server that can be chosen: what it is called, what it means, and what it may be.
public struct ServerSetting: Sendable {
  /// What it is called in files, such as `max-body`; flags and variables of the environment are named after it.
  public let name: String
  /// The flag on the command line, such as `--max-body`.
  public let flag: String
  /// What it means, as the beginning of a sentence.
  public let meaning: String
  /// What it may be.
  public let kind: SettingKind

  /// The value in some settings; `nil` when nothing is chosen.
  let read: @Sendable (ServerSettings) -> SettingValue?
  /// Puts a value into settings; `false` when it may not be.
  let write: @Sendable (inout ServerSettings, SettingValue) -> Bool

  /// The variable of the environment, such as `MOSO_SERVE_MAX_BODY`.
  public var variable: String { Self.variable(name) }

  /// The variable of the environment for a setting's name.
  static func variable(_ name: String) -> String {
    Self.variablePrefix + name.uppercased().split(separator: "-").joined(separator: "_")
  }

  static let variablePrefix = "MOSO_SERVE_"

  /// What it means, may be and usually is, for help.
  public var help: String {
    let usual = read(ServerSettings()).map { value in
      switch value {
      case .text(let text): "; default \(text)"
      case .integer(let number): "; default \(number)"
      case .number(let number): "; default \(Int(exactly: number).map { "\($0)" } ?? "\(number)")"
      case .flag, .list: ""
      }
    }
    return switch kind {
    case .flag: "\(meaning)."
    case .bytes: "\(meaning) (a size such as 8GB or 512MiB\(usual ?? ""))."
    case .text, .list: "\(meaning)\(usual.map { $0.isEmpty ? "" : " (" + $0.dropFirst(2) + ")" } ?? "")."
    default: "\(meaning) (\(kind.expectation)\(usual ?? ""))."
    }
  }
}

// MARK: Rows of the table

extension ServerSetting {
  /// A path to what is set, which may be used on any thread.
  typealias Path<Value> = WritableKeyPath<ServerSettings, Value> & Sendable

  private init(
    _ name: String, _ meaning: String, _ kind: SettingKind, flag: String? = nil,
    read: @escaping @Sendable (ServerSettings) -> SettingValue?,
    write: @escaping @Sendable (inout ServerSettings, SettingValue) -> Bool
  ) {
    self.name = name
    self.flag = flag ?? "--\(name)"
    self.meaning = meaning
    self.kind = kind
    self.read = read
    self.write = write
  }

  /// A whole number, or a number of bytes.
  static func integer(_ name: String, _ path: any Path<Int>, _ kind: SettingKind, _ meaning: String) -> ServerSetting {
    ServerSetting(name, meaning, kind, read: { .integer($0[keyPath: path]) }) { settings, value in
      guard let value = kind.integer(value) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// A whole number, or a number of bytes, or nothing.
  static func integer(_ name: String, _ path: any Path<Int?>, _ kind: SettingKind, _ meaning: String) -> ServerSetting {
    ServerSetting(name, meaning, kind, read: { $0[keyPath: path].map { .integer($0) } }) { settings, value in
      guard let value = kind.integer(value) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// A number of seconds.
  static func seconds(
    _ name: String, _ path: any Path<Double>, _ range: ClosedRange<Double>, _ meaning: String
  ) -> ServerSetting {
    ServerSetting(name, meaning, .seconds(range), read: { .number($0[keyPath: path]) }) { settings, value in
      guard case .number(let value) = value, range.contains(value) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// On or off.
  static func flag(_ name: String, _ path: any Path<Bool>, _ meaning: String) -> ServerSetting {
    ServerSetting(name, meaning, .flag, read: { .flag($0[keyPath: path]) }) { settings, value in
      guard case .flag(let value) = value else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// A text, or nothing.
  static func text(_ name: String, _ path: any Path<String?>, form: String, _ meaning: String) -> ServerSetting {
    ServerSetting(name, meaning, .text(form: form), read: { $0[keyPath: path].map { .text($0) } }) { settings, value in
      guard case .text(let value) = value, !value.isEmpty else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// A text of some form.
  static func text<Value: CustomStringConvertible & Sendable>(
    _ name: String, _ path: any Path<Value>, form: String, _ meaning: String,
    parse: @escaping @Sendable (String) -> Value?
  ) -> ServerSetting {
    ServerSetting(
      name, meaning, .text(form: form), read: { .text($0[keyPath: path].description) }
    ) { settings, value in
      guard case .text(let text) = value, let value = parse(text) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// One of the words that an enumeration has.
  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any Path<Value>, _ meaning: String
  ) -> ServerSetting {
    let words = Value.allCases.map(\.rawValue)
    return ServerSetting(
      name, meaning, .choice(words), read: { .text($0[keyPath: path].rawValue) }
    ) { settings, value in
      guard case .text(let word) = value, let value = Value(rawValue: word) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// One of the words that an enumeration has, or nothing.
  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any Path<Value?>, _ meaning: String
  ) -> ServerSetting {
    let words = Value.allCases.map(\.rawValue)
    return ServerSetting(
      name, meaning, .choice(words), read: { $0[keyPath: path].map { .text($0.rawValue) } }
    ) { settings, value in
      guard case .text(let word) = value, let value = Value(rawValue: word) else { return false }
      settings[keyPath: path] = value
      return true
    }
  }

  /// Texts of some form.
  static func list<Value: CustomStringConvertible & Sendable>(
    _ name: String, flag: String, _ path: any Path<[Value]>, form: String, _ meaning: String,
    parse: @escaping @Sendable (String) -> Value?
  ) -> ServerSetting {
    ServerSetting(
      name, meaning, .list(form: form), flag: flag, read: { .list($0[keyPath: path].map(\.description)) }
    ) { settings, value in
      guard case .list(let texts) = value, texts.count <= 1_000 else { return false }
      var values: [Value] = []
      for text in texts {
        guard let value = parse(text) else { return false }
        values.append(value)
      }
      settings[keyPath: path] = values
      return true
    }
  }
}

extension SettingKind {
  /// The whole number that a value is, if it may be.
  fileprivate func integer(_ value: SettingValue) -> Int? {
    switch (self, value) {
    case (.integer(let range), .integer(let number)): range.contains(number) ? number : nil
    case (.bytes(let range), .integer(let number)): range.contains(number) ? number : nil
    case (.bytes(let range), .text(let text)): ByteSize.parse(text).flatMap { range.contains($0) ? $0 : nil }
    default: nil
    }
  }
}
