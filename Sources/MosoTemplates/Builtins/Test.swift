/// The tests that may follow `is`; the names are Jinja's.
enum Test: String, CaseIterable, Sendable {
  case boolean, callable, defined, divisibleby, equal, escaped, even, `false`, filter, float, greater, greaterOrEqual
  case `in`, integer, iterable, less, lessOrEqual, lower, mapping, `none`, notEqual, number, odd, sameas, sequence
  case string, test, `true`, undefined, upper

  /// The test with this name or one of its other names.
  init?(name: String) {
    switch name {
    case "==", "eq", "equalto": self = .equal
    case "!=", "ne": self = .notEqual
    case ">", "gt", "greaterthan": self = .greater
    case ">=", "ge": self = .greaterOrEqual
    case "<", "lt", "lessthan": self = .less
    case "<=", "le": self = .lessOrEqual
    case "equal", "notEqual", "greater", "greaterOrEqual", "less", "lessOrEqual": return nil
    default: self.init(rawValue: name)
    }
  }

  fileprivate var comparison: ComparisonOperator? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .in: .isIn
    default: nil
    }
  }
}

extension Renderer {
  func apply(_ test: Test, to value: Value, _ arguments: Arguments) throws(TemplateError) -> Bool {
    if let comparison = test.comparison {
      let other = try bind(test.rawValue, arguments, ["other"], required: 1)[0] ?? .none
      return try holds(value, comparison, other)
    }
    switch test {
    case .divisibleby:
      let divisor = try bind("divisibleby", arguments, ["num"], required: 1)[0] ?? .none
      return !isTrue(try compute(value, .modulo, divisor))
    case .sameas:
      let other = try bind("sameas", arguments, ["other"], required: 1)[0] ?? .none
      return try isSame(value, other)
    default: break
    }
    _ = try bind(test.rawValue, arguments, [])
    switch test {
    case .even, .odd:
      return try isEqual(try compute(value, .modulo, .integer(2)), .integer(test == .odd ? 1 : 0))
    case .lower, .upper, .filter, .test: return try apply(test, to: try text(of: value))
    default: return hasKind(value, test)
    }
  }

  /// The tests of what a value prints as.
  private func apply(_ test: Test, to text: MarkedText) throws(TemplateError) -> Bool {
    try spend(reading: text)
    switch test {
    case .lower: return text.isCase(\.properties.isLowercase, not: \.properties.isUppercase)
    case .upper: return text.isCase(\.properties.isUppercase, not: \.properties.isLowercase)
    case .filter: return Filter(name: text.string) != nil
    default: return Test(name: text.string) != nil
    }
  }

  /// The tests that only look at what kind of value it is.
  private func hasKind(_ value: Value, _ test: Test) -> Bool {
    switch (test, value) {
    case (.defined, .undefined), (.escaped, _): false
    case (.defined, _), (.undefined, .undefined), (.none, .none), (.boolean, .bool), (.true, .bool(true)),
      (.false, .bool(false)), (.integer, .integer), (.float, .float), (.number, .integer), (.number, .float),
      (.number, .bool), (.string, .text), (.mapping, .dictionary):
      true
    // An undefined value has the methods of a sequence and of a function, which is all these tests look for.
    case (.sequence, .undefined), (.sequence, .text), (.sequence, .dictionary), (.iterable, .undefined),
      (.iterable, .text), (.iterable, .dictionary), (.iterable, .list), (.iterable, .generator), (.iterable, .loop):
      true
    case (.sequence, .list(let list)): if case .view = list.kind { false } else { true }
    case (.callable, .undefined), (.callable, .macro), (.callable, .function), (.callable, .method),
      (.callable, .loop), (.callable, .joiner):
      true
    default: false
    }
  }

  private func isSame(_ left: Value, _ right: Value) throws(TemplateError) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.bool(let left), .bool(let right)): left == right
    case (.bool, _), (_, .bool): false
    case (.integer(let left), .integer(let right)): left == right
    case (.integer, _), (_, .integer), (.float, _), (_, .float): false
    case (.list(let left), .list(let right)): left === right
    case (.dictionary(let left), .dictionary(let right)): left === right
    default: try isEqual(left, right)
    }
  }
}
