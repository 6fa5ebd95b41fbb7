/// A model on a Hugging Face hub, as it is written after `hf:`: `owner/name[@revision][:file-or-quantisation]`.
public struct HubReference: Sendable, Hashable {
  /// Which of a repository's files are wanted.
  public enum Selection: Sendable, Hashable {
    /// The safetensors weights, or the best GGUF file where there are none.
    case standard
    /// The GGUF file quantised so, such as `Q4_K_M`; in upper case.
    case quantisation(String)
    /// One file by its path in the repository.
    case file(String)
  }

  /// The user or organisation.
  public let owner: String
  /// The repository's name below its owner.
  public let name: String
  /// A branch, tag or commit; `nil` for the main branch.
  public let revision: String?
  /// Which of its files are wanted.
  public let selection: Selection

  /// Creates a reference from parts that follow the hub's rules for names.
  ///
  /// - Precondition: `owner` and `name` are valid (`HubReference.isValidName`).
  public init(owner: String, name: String, revision: String? = nil, selection: Selection = .standard) {
    precondition(Self.isValidName(owner) && Self.isValidName(name), "\(owner)/\(name) is not a repository")
    self.owner = owner
    self.name = name
    self.revision = revision
    self.selection = selection
  }

  /// The repository as the hub writes it: `owner/name`.
  public var repository: String { owner + "/" + name }

  /// Whether a text may be an owner or a repository: up to 96 letters, digits, `-`, `_` and `.`, the last two not at
  /// the ends and never doubled.
  public static func isValidName(_ text: String) -> Bool {
    guard text.utf8.count <= 96, let first = text.utf8.first, let last = text.utf8.last else { return false }
    let edges: [UInt8] = [UInt8(ascii: "-"), UInt8(ascii: ".")]
    guard text.utf8.allSatisfy(Self.isNameByte), !edges.contains(first), !edges.contains(last) else { return false }
    return !text.contains("--") && !text.contains("..")
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension HubReference: CustomStringConvertible {
  public var description: String {
    let suffix =
      switch selection {
      case .standard: ""
      case .quantisation(let name): ":" + name
      case .file(let path): ":" + path
      }
    return "hf:" + repository + (revision.map { "@" + $0 } ?? "") + suffix
  }
}

extension HubReference {
  /// Reads what stands after `hf:`.
  init(parsing text: Substring) throws(ModelReferenceError) {
    let whole = "hf:" + text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let place = parts.first ?? ""
    let revised = place.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let names = (revised.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2 else {
      throw .badRepository(text: whole, found: String(revised.first ?? ""))
    }
    guard Self.isValidName(names[0]), Self.isValidName(names[1]) else {
      throw .badRepository(text: whole, found: String(revised.first ?? ""))
    }
    var revision: String?
    if revised.count == 2 {
      guard let path = SafePath(String(revised[1])), path.text.utf8.allSatisfy({ Self.isNameByte($0) || $0 == 0x2F })
      else { throw .badRevision(text: whole, found: String(revised[1])) }
      revision = path.text == "main" ? nil : path.text
    }
    var selection = Selection.standard
    if parts.count == 2 {
      guard let chosen = Selection(parsing: String(parts[1])) else {
        throw .badSelection(text: whole, found: String(parts[1]))
      }
      selection = chosen
    }
    self.init(owner: names[0], name: names[1], revision: revision, selection: selection)
  }
}

extension HubReference.Selection {
  /// A name with a known ending or a folder is a file; anything else of a few letters and digits is a quantisation.
  init?(parsing text: String) {
    guard let path = SafePath(text) else { return nil }
    let lower = text.lowercased()
    if lower.hasSuffix(".gguf") || lower.hasSuffix(".safetensors") || text.contains("/") {
      self = .file(path.text)
    } else if text.utf8.count <= 40, text.utf8.allSatisfy(HubReference.isNameByte) {
      self = .quantisation(text.uppercased())
    } else {
      return nil
    }
  }
}
