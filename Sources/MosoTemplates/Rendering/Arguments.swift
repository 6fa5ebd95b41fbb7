/// The values a call was given.
struct Arguments {
  var positional: [Value] = []
  var keywords: [(name: String, value: Value)] = []
}

extension Renderer {
  func evaluate(_ written: CallArguments) throws(TemplateError) -> Arguments {
    var arguments = Arguments()
    for expression in written.positional { arguments.positional.append(try evaluate(expression)) }
    for keyword in written.keywords {
      arguments.keywords.append((name: keyword.name, value: try evaluate(keyword.value)))
    }
    if let spread = written.spread {
      arguments.positional += try elements(of: try evaluate(spread), for: "'*' in a call")
    }
    if let spread = written.keywordSpread {
      let value = try evaluate(spread)
      guard case .dictionary(let dictionary) = value else {
        throw wrongType("'**' in a call", value, expected: "a dictionary")
      }
      for (key, value) in zip(dictionary.keys, dictionary.values) {
        try spend()
        guard case .text(let name) = key else { throw wrongType("'**' in a call", key, expected: "string keys") }
        try claim(copying: name)
        arguments.keywords.append((name: name.string, value: value))
      }
    }
    return arguments
  }

  /// Sorts a call's arguments into the parameters of a built-in; a parameter without a value is `nil`.
  func bind(
    _ callee: String, _ arguments: Arguments, _ parameters: [String], required: Int = 0
  ) throws(TemplateError) -> [Value?] {
    guard arguments.positional.count <= parameters.count else {
      throw invalid(
        "'\(callee)'", "\(arguments.positional.count) arguments", expected: "at most \(parameters.count)")
    }
    var values: [Value?] = arguments.positional.map { $0 }
    values += Array(repeating: nil, count: parameters.count - values.count)
    for keyword in arguments.keywords {
      guard let index = parameters.firstIndex(of: keyword.name), values[index].isAbsent else {
        throw invalid(
          "'\(callee)'", "the argument '\(keyword.name)'",
          expected: parameters.isEmpty ? "left out" : "one of \(parameters.joined(separator: ", ")), given once")
      }
      values[index] = keyword.value
    }
    for index in 0..<required where values[index].isAbsent {
      throw invalid("'\(callee)'", "no '\(parameters[index])'", expected: "given")
    }
    return values
  }
}

// MARK: - Reading an argument

extension Renderer {
  /// An argument as a truth value.
  func flag(_ value: Value?, default defaultValue: Bool) -> Bool { value.map(isTrue) ?? defaultValue }

  /// An argument as a whole number; `none` counts as not given.
  func integer(_ value: Value?, for operation: String, default defaultValue: Int) throws(TemplateError) -> Int {
    switch value {
    case nil, .some(.none): return defaultValue
    case .integer(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    case .some(let other): throw wrongType(operation, other, expected: "a whole number")
    }
  }

  /// An argument as a text; `none` counts as not given.
  func text(_ value: Value?, for operation: String, default defaultValue: String) throws(TemplateError) -> MarkedText {
    switch value {
    case nil, .some(.none): return MarkedText(defaultValue)
    case .text(let text): return text
    case .some(let other): throw wrongType(operation, other, expected: "a string")
    }
  }
}

extension Value? {
  /// Whether no argument was given (`nil == .none` would be ambiguous with the template's `none`).
  fileprivate var isAbsent: Bool { if case .some = self { false } else { true } }
}
