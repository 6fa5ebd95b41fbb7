/// A variable's name as a number, so that looking a variable up compares integers. See ``NameTable``.
typealias NameID = Int

/// An expression of a template, and where it starts in the source.
///
/// Chains of operators are kept as flat lists, so that the depth of this tree is the depth of the source's nesting and
/// walking it cannot exhaust the stack.
struct Expression: Sendable {
  /// The byte offset in the source.
  let offset: Int
  let kind: Kind

  indirect enum Kind: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case text(MarkedText)
    case name(NameID)
    case list([Expression])
    case tuple([Expression])
    case dictionary([Pair])
    case negate(Expression)
    case plus(Expression)
    case not(Expression)
    /// Operands joined by `and`: the first false one, or the last.
    case and([Expression])
    /// Operands joined by `or`: the first true one, or the last.
    case or([Expression])
    /// `a + b - c`, `a * b / c` or `a ** b ** c`, from left to right.
    case arithmetic(Expression, [ArithmeticStep])
    /// `a ~ b ~ c`.
    case concatenation([Expression])
    /// `a < b <= c`, which holds when each neighbouring pair does.
    case comparison(Expression, [ComparisonStep])
    /// `value if condition else otherwise`; without `else` it may be undefined.
    case conditional([ConditionalBranch], otherwise: Expression?)
    /// A value followed by attributes, subscripts, calls, filters and tests.
    case postfix(Expression, [Suffix])
  }

  struct Pair: Sendable {
    let key: Expression
    let value: Expression
  }

  struct ConditionalBranch: Sendable {
    let condition: Expression
    let value: Expression
  }

  struct ArithmeticStep: Sendable {
    let operation: ArithmeticOperator
    let operand: Expression
    let offset: Int
  }

  struct ComparisonStep: Sendable {
    let operation: ComparisonOperator
    let operand: Expression
    let offset: Int
  }
}

enum ArithmeticOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case isNotIn = "not in"
}

/// One step after a value.
struct Suffix: Sendable {
  let offset: Int
  let kind: Kind

  enum Kind: Sendable {
    case attribute(AttributeName)
    case subscripted(Expression)
    case slice(from: Expression?, to: Expression?, step: Expression?)
    case call(CallArguments)
    case filter(FilterCall)
    case test(TestCall)
  }
}

/// The name after a dot, ready for each way it may be looked up.
struct AttributeName: Sendable {
  let text: String
  let key: DictionaryKey
  let method: Method?

  init(_ text: String) {
    self.text = text
    key = .text(Array(text.utf8))
    method = Method(rawValue: text)
  }
}

/// A filter; one that does not exist is an error only when it is reached, as a template may guard it.
struct FilterCall: Sendable {
  let offset: Int
  let name: String
  let filter: Filter?
  let arguments: CallArguments
}

/// A test, as after `is`.
struct TestCall: Sendable {
  let offset: Int
  let name: String
  let test: Test?
  let arguments: CallArguments
  let negated: Bool
}

/// The arguments as written in a call.
struct CallArguments: Sendable {
  var positional: [Expression] = []
  var keywords: [Keyword] = []
  /// `*list`
  var spread: Expression?
  /// `**dictionary`
  var keywordSpread: Expression?

  struct Keyword: Sendable {
    let name: String
    let value: Expression
  }
}
