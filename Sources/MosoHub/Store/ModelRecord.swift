public import MosoFormats

/// What `model.json` says about a model: where it came from, and every file of it with its size and hash.
///
/// Members that this type does not know, such as those a training run adds, are kept as they are.
public struct ModelRecord: Sendable, Hashable {
  /// The name of the file, in the model's folder.
  public static let fileName = "model.json"
  /// What the member `format` says in this version.
  static let format = "moso.model/1"

  /// One file of a model.
  public struct File: Sendable, Hashable {
    /// Where it is in the model's folder.
    public let path: String
    /// Its size in bytes.
    public let size: Int
    /// Its SHA-256, in lower-case hexadecimal digits.
    public let sha256: String

    /// A file as it was verified.
    public init(path: String, size: Int, sha256: String) {
      self.path = path
      self.size = size
      self.sha256 = sha256
    }
  }

  /// Where a model came from.
  public enum Source: Sendable, Hashable {
    /// A file in a Python package.
    case package(name: String, version: String, member: String)
    /// A repository of a hub; `commit` is the exact one.
    case hub(endpoint: String, repository: String, commit: String)
  }

  /// The reference it is pulled as.
  public let name: String
  /// Where the files came from; `nil` when nobody noted it.
  public let source: Source?
  /// Which reader the weights need.
  public let kind: LocalModel.Kind
  /// Every file, those of weights included.
  public let files: [File]
  /// The paths of the files of weights, in order.
  public let weights: [String]
  /// When it was pulled, such as `2026-11-23T17:03:26Z`.
  public let pulled: String?
  /// The name of the architecture, once somebody has looked into the file.
  public var architecture: String?
  /// Members of the file that this version does not know.
  public var others: JSONObject

  /// A record of files that are all there.
  public init(
    name: String, source: Source?, kind: LocalModel.Kind, files: [File], weights: [String], pulled: String?,
    architecture: String? = nil, others: JSONObject = JSONObject()
  ) {
    self.name = name
    self.source = source
    self.kind = kind
    self.files = files
    self.weights = weights
    self.pulled = pulled
    self.architecture = architecture
    self.others = others
  }

  /// The bytes of all the files together.
  public var size: Int {
    // The sizes were read from a file, so their sum may be anything.
    files.reduce(0) { sum, file in
      let (total, overflow) = sum.addingReportingOverflow(file.size)
      return overflow ? Int.max : total
    }
  }
}
