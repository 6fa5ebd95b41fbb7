/// Filters that compare elements.
extension Renderer {
  func applyOrdered(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch filter {
    case .sort: return try sort(value, arguments)
    case .dictsort: return try sortDictionary(value, arguments)
    case .unique: return try unique(value, arguments)
    default: return try extreme(filter, value, arguments)
    }
  }

  private func sort(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("sort", arguments, ["reverse", "case_sensitive", "attribute"])
    let elements = try elements(of: value, for: "'sort'")
    let isCaseSensitive = flag(values[1], default: false)
    // Several attributes, separated by commas, are compared one after another.
    var attributes: [Value?] = [values[2]]
    if case .text(let list) = values[2] {
      try spend(reading: list)
      let commas = list.offsets(of: MarkedText(","))
      try claim(elements: commas.count + 1)
      attributes = list.pieces(between: commas, length: 1).map { .text($0) }
    }
    var keys: [[Value]] = []
    for element in elements {
      try claim(elements: attributes.count)
      var key: [Value] = []
      for attribute in attributes {
        key.append(try comparable(try self.attribute(attribute, of: element), isCaseSensitive))
      }
      keys.append(key)
    }
    let order = try sortedIndices(of: keys, for: "'sort'", reverse: flag(values[0], default: false))
    return .list(order.map { elements[$0] })
  }

  private func sortDictionary(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("dictsort", arguments, ["case_sensitive", "by", "reverse"])
    guard case .dictionary(let dictionary) = value else {
      throw wrongType("'dictsort'", value, expected: "a dictionary")
    }
    let by = try text(values[1], for: "the order of 'dictsort'", default: "key").string
    guard by == "key" || by == "value" else {
      throw invalid("'dictsort'", "the order '\(by)'", expected: "'key' or 'value'")
    }
    let isCaseSensitive = flag(values[0], default: false)
    var keys: [[Value]] = []
    for part in by == "key" ? dictionary.keys : dictionary.values {
      keys.append([try comparable(part, isCaseSensitive)])
    }
    try claim(elements: keys.count * 3)
    let order = try sortedIndices(of: keys, for: "'dictsort'", reverse: flag(values[2], default: false))
    return .list(order.map { .tuple([dictionary.keys[$0], dictionary.values[$0]]) })
  }

  private func unique(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("unique", arguments, ["case_sensitive", "attribute"])
    let isCaseSensitive = flag(values[0], default: false)
    var seen: Set<DictionaryKey> = []
    var kept: [Value] = []
    for element in try elements(of: value, for: "'unique'") {
      let part = try comparable(try attribute(values[1], of: element), isCaseSensitive)
      if seen.insert(try key(for: part)).inserted { kept.append(element) }
    }
    try claim(elements: kept.count)
    return .generator(GeneratorValue(kept))
  }

  private func extreme(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = filter.rawValue
    let values = try bind(name, arguments, ["case_sensitive", "attribute"])
    let isCaseSensitive = flag(values[0], default: false)
    var best: (key: Value, element: Value)?
    for element in try elements(of: value, for: "'\(name)'") {
      let key = try comparable(try attribute(values[1], of: element), isCaseSensitive)
      guard let current = best else {
        best = (key, element)
        continue
      }
      let order = try compare(key, current.key, for: "'\(name)'")
      if filter == .min ? order < 0 : order > 0 { best = (key, element) }
    }
    return best?.element ?? .undefined(Undefined(name: "the '\(name)' of an empty sequence"))
  }

  /// A text in lower case, unless case matters; any other value as it is.
  private func comparable(_ value: Value, _ isCaseSensitive: Bool) throws(TemplateError) -> Value {
    guard !isCaseSensitive, case .text(let text) = value else { return value }
    try claim(copying: text)
    try spend(mapping: text)
    return .text(text.lowercased())
  }

  /// The positions of the keys in ascending (or descending) order; equal keys stay in their order.
  func sortedIndices(of keys: [[Value]], for operation: String, reverse: Bool) throws(TemplateError) -> [Int] {
    try claim(elements: keys.count)
    var order = Array(keys.indices)
    var scratch = order
    var width = 1
    // A merge sort of our own, because the standard library's cannot stop with a typed error.
    while width < order.count {
      for start in stride(from: 0, to: order.count, by: 2 * width) {
        let middle = Swift.min(start + width, order.count)
        let end = Swift.min(start + 2 * width, order.count)
        var left = start
        var right = middle
        for position in start..<end {
          let takesRight =
            left >= middle
            ? true : right >= end ? false : try precedes(keys[order[right]], keys[order[left]], operation, reverse)
          scratch[position] = order[takesRight ? right : left]
          if takesRight { right += 1 } else { left += 1 }
        }
      }
      swap(&order, &scratch)
      width *= 2
    }
    return order
  }

  private func precedes(
    _ left: [Value], _ right: [Value], _ operation: String, _ reverse: Bool
  ) throws(TemplateError) -> Bool {
    try spend()
    for (left, right) in zip(left, right) {
      if try isEqual(left, right) { continue }
      let order = try compare(left, right, for: operation)
      if order != 0 { return reverse ? order > 0 : order < 0 }
    }
    return false
  }
}
