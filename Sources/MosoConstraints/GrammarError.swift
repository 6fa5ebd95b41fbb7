/// Why a schema or a grammar cannot be enforced, and where in it.
///
/// It is thrown before the first token is generated: what compiles is enforced completely.
public struct GrammarError: Error, Equatable, Sendable {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// A part of the language that is understood and cannot be enforced.
    case unsupported(found: String, supported: String)
    /// A value of a kind that the language does not have at this place.
    case malformed(found: String, expected: String)
    /// Nothing that could be written would be valid.
    case unsatisfiable(String)
    /// The automaton would be larger, or take longer to make, than is allowed.
    case tooComplex(String)
  }

  /// Where it was found, such as `$.properties.age.not`; `$` is the whole schema.
  public let path: String
  /// What went wrong.
  public let reason: Reason

  /// An error at a place of a schema.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

extension GrammarError: CustomStringConvertible {
  public var description: String {
    // Keys and patterns are the schema's own, which may be a megabyte long.
    "\(Self.shortened(path, to: 400)): \(Self.shortened(reason.description, to: 1_000))"
  }

  static func shortened(_ text: String, to length: Int) -> String {
    text.utf8.count <= length ? text : text.prefix(length / 4) + "…"
  }
}

extension GrammarError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unsupported(let found, let supported): "\(found) cannot be enforced while generating; \(supported)"
    case .malformed(let found, let expected): "found \(found) where \(expected) was expected"
    case .unsatisfiable(let why): "nothing can be valid here: \(why)"
    case .tooComplex(let what): "\(what); simplify this part of the schema"
    }
  }
}
