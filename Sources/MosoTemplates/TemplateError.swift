/// Why a chat template could not be read or rendered, and where in its source.
public struct TemplateError: Error, Equatable, Sendable {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// The source breaks the template language's grammar.
    case syntax(found: String, expected: String)
    /// The source uses a part of the language that chat templates have no need of.
    case unsupported(String)
    /// A value that does not exist was used as if it did.
    case undefined(name: String, use: String)
    /// An operation met a value of a kind that it cannot work on.
    case wrongType(operation: String, found: String, expected: String)
    /// A value of the right kind that is still not acceptable.
    case invalidValue(operation: String, found: String, expected: String)
    /// The template itself refused the conversation with `raise_exception`.
    case raised(message: String)
    /// The template went past one of its limits.
    case limit(Limit, allowed: Int)
  }

  /// A bound on the work of a template; see ``TemplateLimits``.
  public enum Limit: Equatable, Sendable {
    /// Evaluated expressions and statements, with long texts and lists counted by their size.
    case steps
    /// Macro calls, loops, statements and expressions inside one another while rendering.
    case depth
    /// UTF-8 bytes of the rendered prompt.
    case outputBytes
    /// UTF-8 bytes of one text that the template builds.
    case textBytes
    /// Bytes of all texts and lists that the template builds.
    case workingBytes
    /// Numbers in one `range()`.
    case rangeCount
    /// UTF-8 bytes of the template's source.
    case sourceBytes
    /// Statements and expressions inside one another in the source.
    case sourceDepth
    /// Lists and dictionaries inside one another in a value.
    case valueDepth
  }

  /// What went wrong.
  public let reason: Reason
  /// The line in the template, counted from 1.
  public let line: Int
  /// The character in the line, counted from 1.
  public let column: Int

  /// An error at a place in a template.
  public init(reason: Reason, line: Int, column: Int) {
    self.reason = reason
    self.line = line
    self.column = column
  }

  /// The message that the template passed to `raise_exception`, when that is what stopped it.
  public var raisedMessage: String? {
    if case .raised(let message) = reason { message } else { nil }
  }
}

extension TemplateError: CustomStringConvertible {
  public var description: String {
    // Names and messages are the template's own, which may be a megabyte long.
    let sentence = reason.description
    let shown = sentence.utf8.count <= Self.longestSentence ? sentence : sentence.prefix(Self.longestSentence / 4) + "…"
    return "chat template, line \(line), column \(column): \(shown)"
  }

  private static let longestSentence = 2_000
}

extension TemplateError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .syntax(let found, let expected): "found \(found) where \(expected) was expected"
    case .unsupported(let what): "\(what) is not supported in a chat template; rewrite the template without it"
    case .undefined(let name, let use): "\(name) is undefined, so \(use) is not possible; pass it or test it first"
    case .wrongType(let operation, let found, let expected):
      "\(operation) was given \(found) where \(expected) was expected"
    case .invalidValue(let operation, let found, let expected):
      "\(operation) was given \(found), but the value must be \(expected)"
    case .raised(let message): "the template refuses this conversation: \(message)"
    case .limit(let limit, let allowed): "\(limit.sentence(allowed))"
    }
  }
}

extension TemplateError.Limit {
  fileprivate func sentence(_ allowed: Int) -> String {
    switch self {
    case .steps: "rendering took more than the \(allowed) steps allowed; the template may never end"
    case .depth: "calls and blocks are nested more than the \(allowed) levels allowed while rendering"
    case .outputBytes: "the rendered prompt grew past the \(allowed) bytes allowed"
    case .textBytes: "a text grew past the \(allowed) bytes allowed"
    case .workingBytes: "the template built more than the \(allowed) bytes of values allowed"
    case .rangeCount: "a range has more than the \(allowed) numbers allowed"
    case .sourceBytes: "the template is longer than the \(allowed) bytes allowed"
    case .sourceDepth: "the source nests statements or expressions more than the \(allowed) levels allowed"
    case .valueDepth: "lists or dictionaries are nested more than the \(allowed) levels allowed"
    }
  }
}
