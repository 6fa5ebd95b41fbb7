import Logging
import MosoFormats
import MosoServer
import Testing

/// Settings from the command line, the environment and a file.
@Suite("ServerSettings") struct SettingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(
    flags: [String: SettingValue] = [:], file: String? = nil, environment: [String: String] = [:]
  ) throws -> LoadedSettings {
    if let file { try folder.write(file, to: "moso.json") }
    return try ServerSettings.load(
      flags: flags, configuration: file.map { _ in folder.path("moso.json") }, environment: environment)
  }

  private func sentence(
    flags: [String: SettingValue] = [:], file: String? = nil, environment: [String: String] = [:]
  ) -> String {
    let error = #expect(throws: SettingsError.self) {
      try load(flags: flags, file: file, environment: environment)
    }
    return error?.description ?? ""
  }

  @Test("A server that is told nothing is as the table says")
  func defaults() throws {
    let loaded = try load()
    #expect(loaded.settings == ServerSettings())
    #expect(loaded.origins.isEmpty)
    #expect(loaded.settings.host == (try BindAddress("127.0.0.1")))
    #expect(loaded.settings.port == 8_642)
    #expect(loaded.settings.maxBody == 33_554_432)
    #expect(!loaded.settings.logMessages)
    #expect(loaded.settings.page)
  }

  @Test("The command line comes before the environment, and that before the file")
  func precedence() throws {
    let file = #"{"port": 1, "running": 1, "waiting": 1}"#
    let environment = ["MOSO_SERVE_PORT": "2", "MOSO_SERVE_RUNNING": "2"]
    let loaded = try load(flags: ["port": .integer(3)], file: file, environment: environment)
    #expect([loaded.settings.port, loaded.settings.running, loaded.settings.waiting] == [3, 2, 1])
    #expect(loaded.origin(of: "port") == .flag("--port"))
    #expect(loaded.origin(of: "running") == .environment("MOSO_SERVE_RUNNING"))
    #expect(loaded.origin(of: "waiting") == .file(path: folder.path("moso.json"), key: "waiting"))
    #expect(loaded.origin(of: "context") == .standard)
    #expect(loaded.origin(of: "waiting").description == "\(folder.path("moso.json")), key \"waiting\"")
  }

  /// A value for each setting that is not its usual one: as JSON, as a variable of the environment, and as it is printed.
  private static let others: [(name: String, json: String, text: String, printed: JSONValue)] = [
    ("host", #""::1""#, "::1", "[0:0:0:0:0:0:0:1]"), ("port", "0", "0", 0),
    ("models", #"["a=b", "c"]"#, "a=b, c", ["a=b", "c"]), ("default-model", #""a""#, "a", "a"),
    ("keys", #""k""#, "k", "k"), ("no-keys", "true", "1", true),
    ("allowed-hosts", #"["A.example", "::1"]"#, "A.example,::1", ["a.example", "[0:0:0:0:0:0:0:1]"]),
    ("allowed-origins", #"["https://a.example:443"]"#, "https://a.example", ["https://a.example"]),
    ("context", "2", "2", 2), ("cache", #""q8_0""#, "q8_0", "q8_0"), ("kv-memory", #""2GB""#, "2GB", 2_000_000_000),
    ("model-memory", "2000000", "1953.125KiB", 2_000_000), ("threads", "3", "3", 3), ("running", "1024", "1024", 1_024),
    ("waiting", "0", "0", 0), ("prompt-tokens", "65536", "65536", 65_536),
    ("prompt-tokens-beside-answers", "1", "1", 1), ("default-max-tokens", "100", "100", 100),
    ("thinking", #""off""#, "off", "off"), ("max-body", #""1 MB""#, "1 MB", 1_000_000),
    ("max-header-bytes", "1024", "1kib", 1_024), ("max-headers", "8", "8", 8), ("max-connections", "1", "1", 1),
    ("request-timeout", "0", "0", 0), ("idle-timeout", "0.5", "0.5", 0.5), ("drain", "3600", "3600", 3_600),
    ("log-level", #""debug""#, "debug", "debug"), ("log-format", #""json""#, "json", "json"),
    ("log-messages", "true", "yes", true), ("page", "false", "no", false), ("metrics", "false", "FALSE", false),
  ]

  @Test("Every setting can come from the file and from the environment, and is printed with its origin")
  func everySetting() throws {
    #expect(Self.others.map(\.name) == ServerSetting.all.map(\.name))
    for other in Self.others {
      let file = try load(file: "{\"\(other.name)\": \(other.json)}")
      #expect(file.settings != ServerSettings(), "\(other.name)")
      #expect(file.json[other.name]?["value"] == other.printed, "\(other.name)")
      #expect(file.json[other.name]?["origin"]?.stringValue?.hasSuffix("key \"\(other.name)\"") == true)
      let variable = ServerSetting.named(other.name).variable
      let environment = try load(environment: [variable: other.text])
      #expect(environment.settings == file.settings, "\(other.name)")
      #expect(environment.json[other.name]?["origin"] == .string("\(variable) in the environment"))
      #expect(environment.origins.count == 1)
    }
  }

  @Test("Printed settings have every setting once, in the table's order, null for what nobody chose")
  func printing() throws {
    let json = try #require(try load(flags: ["page": .flag(false)]).json.objectValue)
    #expect(json.keys == ServerSetting.all.map(\.name))
    #expect(json["port"] == ["value": 8_642, "origin": "default"])
    #expect(json["context"] == ["value": nil, "origin": "default"])
    #expect(json["page"] == ["value": false, "origin": "--page"])
    #expect(json["request-timeout"] == ["value": 600, "origin": "default"])
  }

  @Test(
    "Sizes have units of a thousand or 1,024, in any case, and fractions",
    arguments: [
      ("2000000", 2_000_000), ("2000000B", 2_000_000), ("2000kB", 2_000_000), ("2MB", 2_000_000),
      ("2GB", 2_000_000_000),
      ("2TB", 2_000_000_000_000), ("2048KiB", 2 << 20), ("2MiB", 2 << 20), ("2GiB", 2 << 30), ("2TiB", 2 << 40),
      ("1.5gib", 3 << 29), ("1.5 GB", 1_500_000_000), ("0.002gB", 2_000_000),
    ])
  func sizes(text: String, bytes: Int) throws {
    #expect(try load(environment: ["MOSO_SERVE_KV_MEMORY": text]).settings.keyValueMemory == bytes)
  }

  @Test("The names in the environment are those of the table")
  func variables() {
    #expect(ServerSetting.named("port").variable == "MOSO_SERVE_PORT")
    #expect(ServerSetting.named("prompt-tokens-beside-answers").variable == "MOSO_SERVE_PROMPT_TOKENS_BESIDE_ANSWERS")
    #expect(Set(ServerSetting.all.map(\.variable)).count == ServerSetting.all.count)
  }

  @Test(
    "A value that may not be is refused with its origin and what may be",
    arguments: [
      ("port", "65536", "a whole number from 0 to 65535"), ("port", "-1", "a whole number from 0 to 65535"),
      ("port", "http", "a whole number"), ("port", "8642.5", "a whole number"), ("port", "80 ", "a whole number"),
      ("port", "tcp://10.0.0.1:8642", "a whole number"), ("context", "1", "from 2 to"),
      ("host", "127.1", "an address, a name, or unix:PATH"), ("no-keys", "maybe", "true or false"),
      ("cache", "f64", "one of f32, f16, bf16, q8_0"), ("log-level", "INFO", "one of trace, debug"),
      ("thinking", "true", "one of auto, on, off"), ("drain", "-1", "a number of seconds from 0 to 3600"),
      ("drain", "nan", "a number of seconds"), ("drain", "inf", "a number of seconds"),
      ("max-body", "2GiB", "a size such as"), ("max-body", "1", "from 1024 to"), ("max-body", "lots", "a size such as"),
      ("max-body", "-5MB", "a size such as"), ("max-body", "MB", "a size such as"),
      ("max-body", "1e6", "a size such as"),
      ("kv-memory", "99999999999999999999TB", "a size such as"), ("kv-memory", "9999999999TiB", "a size such as"),
      ("models", "a,,b", "a list of model references"), ("models", "=b", "a list of model references"),
      ("models", "a=", "a list of model references"), ("models", "a\u{1B}b", "a list of model references"),
      ("allowed-hosts", "a.example:80", "a list of host names"), ("allowed-origins", "*", "a list of origins"),
      ("allowed-origins", "null", "a list of origins"), ("allowed-origins", "https://a.example/", "a list of origins"),
    ])
  func invalidVariables(name: String, text: String, expectation: String) {
    let variable = ServerSetting.named(name).variable
    let sentence = sentence(environment: [variable: text])
    #expect(sentence.hasPrefix("\(variable) in the environment: found "), "\(sentence)")
    #expect(sentence.contains("expected ") && sentence.contains(expectation), "\(sentence)")
  }

  @Test(
    "A value of another kind in a file is refused with the key",
    arguments: [
      (#"{"port": "80"}"#, "port", "\"80\""), (#"{"port": [80]}"#, "port", "an array"),
      (#"{"port": 80.5}"#, "port", "a number"), (#"{"port": true}"#, "port", "true or false"),
      (#"{"page": 1}"#, "page", "a number"), (#"{"models": "a"}"#, "models", "\"a\""),
      (#"{"models": ["a", 1]}"#, "models", "an array"), (#"{"host": {}}"#, "host", "an object"),
      (#"{"max-body": true}"#, "max-body", "true or false"), (#"{"drain": "1"}"#, "drain", "\"1\""),
      (#"{"keys": ""}"#, "keys", "\"\""), (#"{"port": 65536}"#, "port", "65536"),
    ])
  func invalidFiles(file: String, key: String, found: String) {
    let sentence = sentence(file: file)
    #expect(sentence.hasPrefix("\(folder.path("moso.json")), key \"\(key)\": found \(found), expected "), "\(sentence)")
  }

  @Test("A flag that may not be is named, and nothing but the command line is to blame")
  func invalidFlags() {
    let error = #expect(throws: SettingsError.self) { try load(flags: ["port": .integer(70_000)]) }
    #expect(error?.description == "--port: found 70000, expected a whole number from 0 to 65535")
    #expect(error?.isAboutFlags == true)
    let other = #expect(throws: SettingsError.self) { try load(environment: ["MOSO_SERVE_PORT": "x"]) }
    #expect(other?.isAboutFlags == false)
  }

  @Test(
    "A key that is no setting is refused, with the one that was meant",
    arguments: [
      ("prot", "port"), ("ohts", "host"), ("Port", "port"), ("max_body", "max-body"), ("allowed-host", "allowed-hosts"),
      ("nokeys", "no-keys"), ("log_level", "log-level"), ("promt-tokens-beside-answer", "prompt-tokens-beside-answers"),
    ])
  func unknownKeys(key: String, meant: String) {
    #expect(sentence(file: "{\"\(key)\": 1}").hasSuffix("\"\(key)\" is no setting; did you mean \"\(meant)\"?"))
  }

  @Test("A key like no setting gets no suggestion, however long")
  func strangeKeys() {
    for key in ["temperature", "x", String(repeating: "p", count: 10_000)] {
      #expect(sentence(file: "{\"\(key)\": 1}").contains("--print-config"))
    }
  }

  @Test("A file that is none is refused with its place")
  func brokenFiles() {
    #expect(sentence(file: "[]").hasSuffix("found an array, expected an object with settings"))
    #expect(sentence(file: "{\"port\": 1,\n}").contains("moso.json, line 2"))
    #expect(sentence(file: #"{"port": 1, "port": 2}"#).contains("a second time"))
    #expect(sentence(environment: ["MOSO_SERVE_CONFIG": folder.path("none.json")]).contains("does not exist"))
  }

  @Test("The environment can name the file, and an empty variable is none")
  func environment() throws {
    try folder.write(#"{"port": 5, "threads": null}"#, to: "moso.json")
    let loaded = try load(environment: ["MOSO_SERVE_CONFIG": folder.path("moso.json"), "MOSO_SERVE_PORT": ""])
    #expect(loaded.settings.port == 5)
    #expect(loaded.origin(of: "threads") == .standard)
    #expect(try load(environment: ["MOSO_SERVE_CONFIG": ""]).settings == ServerSettings())
  }

  @Test("A variable that looks like a setting and is none is remarked on")
  func unknownVariables() throws {
    let loaded = try load(environment: [
      "MOSO_SERVE_PROT": "1", "MOSO_SERVE_SERVICE_HOST": "10.0.0.1", "MOSO_HOME": "/x", "MOSO_SERVE_CONFIG": "",
    ])
    #expect(loaded.warnings.count == 2)
    #expect(loaded.warnings[0] == "\"MOSO_SERVE_PROT\" in the environment is no setting; did you mean MOSO_SERVE_PORT?")
    #expect(loaded.warnings[1] == "\"MOSO_SERVE_SERVICE_HOST\" in the environment is no setting")
  }

  @Test("Settings that do not go together are refused with both origins")
  func conflicts() {
    #expect(sentence(environment: ["MOSO_SERVE_MODELS": "a=x,a=y"]).contains("found the model \"a\" twice"))
    let model = sentence(flags: ["default-model": .text("c")], environment: ["MOSO_SERVE_MODELS": "a,b"])
    #expect(model == "--default-model: found \"c\", expected one of the models: a, b")
    let keys = sentence(flags: ["no-keys": .flag(true)], environment: ["MOSO_SERVE_KEYS": "k.json"])
    #expect(keys.hasPrefix("MOSO_SERVE_KEYS in the environment and --no-keys: "))
    let tokens = sentence(flags: ["prompt-tokens": .integer(100)])
    #expect(tokens.contains("128 tokens beside answers"))
  }

  @Test("Help says what each setting means, may be and usually is")
  func help() {
    #expect(
      ServerSetting.named("port").help
        == "The TCP port; 0 takes any that is free (a whole number from 0 to 65535; default 8642).")
    #expect(ServerSetting.named("drain").help.hasSuffix("(a number of seconds from 0 to 3600; default 30)."))
    #expect(ServerSetting.named("max-body").help.hasSuffix(" (a size such as 8GB or 512MiB; default 33554432)."))
    #expect(ServerSetting.named("page").help == "Serve the web page.")
    #expect(ServerSetting.named("host").help.hasSuffix("unix:PATH (default 127.0.0.1)."))
    #expect(ServerSetting.named("keys").help == "The file of API keys, as `moso keys` keeps it.")
    for setting in ServerSetting.all { #expect(!setting.meaning.hasSuffix(".")) }
  }
}
