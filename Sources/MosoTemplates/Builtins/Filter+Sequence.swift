extension Renderer {
  func applyToSequence(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch filter {
    case .first: return try first(value, arguments)
    case .last: return try last(value, arguments)
    case .list:
      _ = try bind("list", arguments, [])
      let elements = try elements(of: value, for: "'list'")
      try claim(elements: elements.count)
      return .list(elements)
    case .items: return try items(value, arguments)
    case .reverse: return try reversed(value, arguments)
    case .join: return .text(try join(value, arguments))
    case .sum: return try sum(value, arguments)
    case .batch: return try batches(value, arguments)
    case .slice: return try slices(value, arguments)
    case .sort, .dictsort, .unique, .min, .max: return try applyOrdered(filter, value, arguments)
    default: throw fail(.unsupported("the filter '\(filter.rawValue)'"))
    }
  }

  private func first(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    _ = try bind("first", arguments, [])
    let missing = Value.undefined(Undefined(name: "the first element of an empty sequence"))
    switch value {
    case .generator(let generator): return generator.takeFirst() ?? missing
    case .text(let text): return text.isEmpty ? missing : .text(text.scalars(0, 1))
    default: return try elements(of: value, for: "'first'").first ?? missing
    }
  }

  private func last(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    _ = try bind("last", arguments, [])
    let missing = Value.undefined(Undefined(name: "the last element of an empty sequence"))
    switch value {
    case .generator: throw wrongType("'last'", value, expected: "a list; put '|list' before it")
    case .text(let text):
      try spend(reading: text)
      return text.isEmpty ? missing : .text(text.scalars(text.count - 1, text.count))
    default: return try elements(of: value, for: "'last'").last ?? missing
    }
  }

  private func items(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    _ = try bind("items", arguments, [])
    if case .undefined = value { return .generator(GeneratorValue([])) }
    guard case .dictionary(let dictionary) = value else {
      throw wrongType("'items'", value, expected: "a dictionary")
    }
    try claim(elements: dictionary.count * 3)
    return .generator(GeneratorValue(dictionary.items))
  }

  private func reversed(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    _ = try bind("reverse", arguments, [])
    if case .text(let text) = value {
      try claim(copying: text)
      try spend(mapping: text)
      var result = MarkedText()
      for (range, scalar) in text.scalarRanges().reversed() {
        result.append(scalar, origin: text.origin(at: range.lowerBound))
      }
      return .text(result)
    }
    let elements = try elements(of: value, for: "'reverse'")
    try claim(elements: elements.count)
    return .generator(GeneratorValue(elements.reversed()))
  }

  private func join(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let values = try bind("join", arguments, ["d", "attribute"])
    let separator = try text(of: values[0] ?? .text(""))
    var result = MarkedText()
    for (index, element) in try elements(of: value, for: "'join'").enumerated() {
      try spend()
      let part = try text(of: try attribute(values[1], of: element))
      if index > 0 { try append(separator, to: &result) }
      try append(part, to: &result)
    }
    return result
  }

  private func sum(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("sum", arguments, ["attribute", "start"])
    var total = values[1] ?? .integer(0)
    if case .text = total { throw wrongType("'sum'", total, expected: "a number; use 'join' for strings") }
    for element in try elements(of: value, for: "'sum'") {
      try spend()
      total = try compute(total, .add, try attribute(values[0], of: element))
    }
    return total
  }

  private func batches(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("batch", arguments, ["linecount", "fill_with"], required: 1)
    let size = try integer(values[0], for: "the size of 'batch'", default: 0)
    var elements = try elements(of: value, for: "'batch'")
    guard size > 0 else { throw invalid("'batch'", "the size \(size)", expected: "at least 1") }
    try claim(elements: elements.count)
    let missing = elements.count % size == 0 ? 0 : size - elements.count % size
    if let fill = values[1], missing > 0, !isNone(fill) {
      try claim(elements: missing)
      elements += Array(repeating: fill, count: missing)
    }
    let starts = stride(from: 0, to: elements.count, by: size)
    return .generator(
      GeneratorValue(starts.map { .list(Array(elements[$0..<Swift.min(elements.count - $0, size) + $0])) }))
  }

  private func slices(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("slice", arguments, ["slices", "fill_with"], required: 1)
    let count = try integer(values[0], for: "the count of 'slice'", default: 0)
    let elements = try elements(of: value, for: "'slice'")
    guard count > 0 else { throw invalid("'slice'", "the count \(count)", expected: "at least 1") }
    try claim(elements: count)
    try claim(elements: elements.count)
    let (size, longer) = elements.count.quotientAndRemainder(dividingBy: count)
    var slices: [Value] = []
    var start = 0
    for index in 0..<count {
      let end = start + size + (index < longer ? 1 : 0)
      var part = Array(elements[start..<end])
      if let fill = values[1], !isNone(fill), index >= longer { part.append(fill) }
      slices.append(.list(part))
      start = end
    }
    return .generator(GeneratorValue(slices))
  }

  private func isNone(_ value: Value) -> Bool { if case .none = value { true } else { false } }
}
