/// A piece of a template's source.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    /// Text outside all tags, white-space control already applied.
    case text(String)
    case printBegin, printEnd
    case blockBegin, blockEnd
    case name(String)
    case string(String)
    case integer(Int)
    case float(Double)
    case symbol(Symbol)
    case end
  }

  let kind: Kind
  /// The byte offset in the source.
  let offset: Int
}

/// The operators and brackets of expressions.
enum Symbol: String, Sendable {
  case floorDivide = "//"
  case power = "**"
  case equal = "=="
  case notEqual = "!="
  case greaterOrEqual = ">="
  case lessOrEqual = "<="
  case plus = "+"
  case minus = "-"
  case divide = "/"
  case multiply = "*"
  case modulo = "%"
  case tilde = "~"
  case leftBracket = "["
  case rightBracket = "]"
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBrace = "{"
  case rightBrace = "}"
  case greater = ">"
  case less = "<"
  case assign = "="
  case dot = "."
  case colon = ":"
  case pipe = "|"
  case comma = ","
  case semicolon = ";"
}

extension Token.Kind: CustomStringConvertible {
  /// What error messages call the token.
  var description: String {
    switch self {
    case .text: "text"
    case .printBegin: "'{{'"
    case .printEnd: "'}}'"
    case .blockBegin: "'{%'"
    case .blockEnd: "'%}'"
    case .name(let name): "'\(name)'"
    case .string(let text): "the string '\(text.count > 40 ? String(text.prefix(40)) + "…" : text)'"
    case .integer(let value): "the number \(value)"
    case .float(let value): "the number \(value)"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .end: "the end of the template"
    }
  }
}
