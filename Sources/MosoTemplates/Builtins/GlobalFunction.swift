/// The functions that every template can call.
enum GlobalFunction: String, CaseIterable, Sendable {
  case range, namespace, dict, cycler, joiner
  case raiseException = "raise_exception"
  case strftimeNow = "strftime_now"
}

extension Renderer {
  func call(_ function: GlobalFunction, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch function {
    case .range: return try range(arguments)
    case .dict: return try merged(arguments, for: "dict")
    case .namespace: return try namespace(arguments)
    case .cycler:
      guard !arguments.positional.isEmpty else { throw invalid("'cycler'", "no items", expected: "at least one item") }
      try claim(elements: arguments.positional.count)
      return .cycler(CyclerValue(arguments.positional))
    case .joiner: return .joiner(JoinerValue(try bind("joiner", arguments, ["sep"])[0] ?? .text(", ")))
    case .raiseException:
      let message = try bind("raise_exception", arguments, ["message"], required: 1)[0] ?? .none
      throw fail(.raised(message: try text(of: message).string))
    case .strftimeNow:
      let format = try bind("strftime_now", arguments, ["format"], required: 1)[0] ?? .none
      guard case .text(let pattern) = format else { throw wrongType("'strftime_now'", format, expected: "a string") }
      // The longest directive, `%c`, is some thirty characters.
      try claim(textBytes: pattern.bytes.count * 16)
      return .text(MarkedText(now.formatted(pattern.string), origin: pattern.hasInput ? .input : .template))
    }
  }

  private func range(_ arguments: Arguments) throws(TemplateError) -> Value {
    guard arguments.keywords.isEmpty, (1...3).contains(arguments.positional.count) else {
      throw invalid("'range'", "other arguments", expected: "an end, or a start, an end and a step")
    }
    var numbers: [Int] = []
    for argument in arguments.positional {
      guard let number = integer(argument) else { throw wrongType("'range'", argument, expected: "whole numbers") }
      numbers.append(number)
    }
    let from = numbers.count > 1 ? numbers[0] : 0
    let to = numbers.count > 1 ? numbers[1] : numbers[0]
    let step = numbers.count > 2 ? numbers[2] : 1
    guard step != 0 else { throw invalid("'range'", "the step 0", expected: "another number") }
    let isEmpty = step > 0 ? from >= to : from <= to
    let (distance, overflow) = to.subtractingReportingOverflow(from)
    let count = isEmpty ? 0 : overflow ? UInt.max : (distance.magnitude - 1) / step.magnitude + 1
    guard count <= UInt(max(limits.rangeCount, 0)) else { throw fail(.limit(.rangeCount, allowed: limits.rangeCount)) }
    try claim(elements: Int(count))
    let elements = (0..<Int(count)).map { Value.integer(from + $0 * step) }
    return .list(ListValue(elements, kind: .range(from: from, to: to, step: step)))
  }

  /// A dictionary made of a dictionary or of pairs, and of named values.
  private func merged(_ arguments: Arguments, for name: String) throws(TemplateError) -> Value {
    var entries: [(key: DictionaryKey, name: Value, value: Value)] = []
    let sources = try bind(name, Arguments(positional: arguments.positional), ["mapping"])
    switch sources[0] {
    case nil: break
    case .dictionary(let dictionary):
      try claim(elements: dictionary.count * 3)
      entries = dictionary.entries
    case .some(let other):
      for pair in try elements(of: other, for: "'\(name)'") {
        try spend()
        let parts = try elements(of: pair, for: "'\(name)'")
        guard parts.count == 2 else { throw wrongType("'\(name)'", other, expected: "pairs of a key and a value") }
        entries.append((key: try key(for: parts[0]), name: parts[0], value: parts[1]))
      }
    }
    for keyword in arguments.keywords {
      let text = MarkedText(keyword.name)
      entries.append((key: .text(text.bytes), name: .text(text), value: keyword.value))
    }
    try claim(elements: entries.count * 3)
    return try checked(.dictionary(DictionaryValue(entries)))
  }

  private func namespace(_ arguments: Arguments) throws(TemplateError) -> Value {
    guard case .dictionary(let merged) = try merged(arguments, for: "namespace") else { return .none }
    var attributes: [(name: String, value: Value)] = []
    for (key, value) in zip(merged.keys, merged.values) {
      let text = try text(of: key)
      guard text.bytes.count <= TemplateLimits.attributeNameBytes else {
        throw invalid(
          "'namespace'", "a name of \(text.bytes.count) bytes", expected: "at most \(TemplateLimits.attributeNameBytes)"
        )
      }
      let name = text.string
      guard !name.hasPrefix("_") else {
        throw invalid("'namespace'", "the name '\(name)'", expected: "a name that does not start with '_'")
      }
      attributes.append((name: name, value: value))
    }
    let namespace = NamespaceValue(attributes)
    try retain(namespace)
    return .namespace(namespace)
  }
}
