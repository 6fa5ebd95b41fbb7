extension Renderer {
  /// Whether a value counts as true.
  func isTrue(_ value: Value) -> Bool {
    switch value {
    case .undefined, .none: false
    case .bool(let flag): flag
    case .integer(let number): number != 0
    case .float(let number): number != 0
    case .text(let text): !text.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .dictionary(let dictionary): !dictionary.isEmpty
    case .generator, .namespace, .macro, .function, .method, .loop, .cycler, .joiner: true
    }
  }

  func holds(_ left: Value, _ operation: ComparisonOperator, _ right: Value) throws(TemplateError) -> Bool {
    switch operation {
    case .equal: try isEqual(left, right)
    case .notEqual: !(try isEqual(left, right))
    case .isIn: try contains(right, left)
    case .isNotIn: !(try contains(right, left))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: try isOrdered(left, operation, right)
    }
  }

  func isEqual(_ left: Value, _ right: Value) throws(TemplateError) -> Bool {
    try spend()
    if let left = integer(left), let right = integer(right) { return left == right }
    if let left = number(left), let right = number(right) { return left == right }
    switch (left, right) {
    case (.none, .none), (.undefined, .undefined): return true
    case (.text(let left), .text(let right)):
      try spend(scanning: left)
      return left == right
    case (.list(let left), .list(let right)):
      if left === right { return true }
      guard isComparable(left.kind, right.kind), left.elements.count == right.elements.count else { return false }
      for (left, right) in zip(left.elements, right.elements) {
        guard try isEqual(left, right) else { return false }
      }
      return true
    case (.dictionary(let left), .dictionary(let right)):
      if left === right { return true }
      guard left.count == right.count else { return false }
      for entry in left.entries {
        try spend(entry.key.weight >> 6)
        guard let other = right[entry.key], try isEqual(entry.value, other) else { return false }
      }
      return true
    default: return identity(left).map { $0 == identity(right) } ?? false
    }
  }

  private func isComparable(_ left: ListValue.Kind, _ right: ListValue.Kind) -> Bool {
    switch (left, right) {
    case (.list, .list), (.tuple, .tuple), (.range, .range), (.view, .view): true
    default: false
    }
  }

  private func identity(_ value: Value) -> ObjectIdentifier? {
    switch value {
    case .generator(let object): ObjectIdentifier(object)
    case .namespace(let object): ObjectIdentifier(object)
    case .macro(let object): ObjectIdentifier(object)
    case .loop(let object): ObjectIdentifier(object)
    case .cycler(let object): ObjectIdentifier(object)
    case .joiner(let object): ObjectIdentifier(object)
    default: nil
    }
  }

  private func isOrdered(
    _ left: Value, _ operation: ComparisonOperator, _ right: Value
  ) throws(TemplateError) -> Bool {
    if let left = number(left), let right = number(right), left.isNaN || right.isNaN { return false }
    let order = try compare(left, right, for: "'\(operation.rawValue)'")
    switch operation {
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    default: return order >= 0
    }
  }

  /// Negative, zero or positive as `left` comes before, with or after `right`.
  func compare(_ left: Value, _ right: Value, for operation: String) throws(TemplateError) -> Int {
    try spend()
    if let left = integer(left), let right = integer(right) { return left < right ? -1 : left > right ? 1 : 0 }
    if let left = number(left), let right = number(right) { return left < right ? -1 : left > right ? 1 : 0 }
    switch (left, right) {
    case (.text(let left), .text(let right)):
      try spend(reading: left.bytes.count < right.bytes.count ? left : right)
      return left < right ? -1 : left == right ? 0 : 1
    case (.list(let left), .list(let right))
    where left.kind == right.kind && (left.kind == .list || left.kind == .tuple):
      for (left, right) in zip(left.elements, right.elements) where !(try isEqual(left, right)) {
        return try compare(left, right, for: operation)
      }
      return left.elements.count - right.elements.count
    default:
      if case .undefined = left { throw wrongType(operation, left, expected: "a value") }
      if case .undefined = right { throw wrongType(operation, right, expected: "a value") }
      throw fail(
        .wrongType(
          operation: operation, found: "\(left.kindName) and \(right.kindName)",
          expected: "two values that have an order"))
    }
  }

  /// Whether `element` is in `container`.
  func contains(_ container: Value, _ element: Value) throws(TemplateError) -> Bool {
    switch container {
    case .text(let text):
      guard case .text(let part) = element else { throw wrongType("'in' a string", element, expected: "a string") }
      try spend(reading: text)
      return text.firstOffset(of: part) != nil
    case .dictionary(let dictionary): return dictionary[try key(for: element)] != nil
    case .list, .generator, .undefined:
      for candidate in try elements(of: container, for: "'in'") where try isEqual(candidate, element) { return true }
      return false
    default: throw wrongType("'in'", container, expected: "a string, a list or a dictionary")
    }
  }
}

// MARK: - Keys and elements

extension Renderer {
  /// A value as a dictionary's key; lists and dictionaries cannot be one.
  func key(for value: Value) throws(TemplateError) -> DictionaryKey {
    guard let key = try hashable(value) else {
      throw wrongType("a dictionary's key", value, expected: "a string, a number or a tuple of them")
    }
    return key
  }

  func hashable(_ value: Value) throws(TemplateError) -> DictionaryKey? {
    try spend()
    switch value {
    case .none: return DictionaryKey.none
    case .undefined: return .undefined
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .integer(let number): return .integer(number)
    case .float(let number): return Int(exactly: number).map { .integer($0) } ?? .float(number)
    case .text(let text):
      try spend(reading: text)
      return .text(text.bytes)
    case .list(let list) where list.kind == .tuple:
      var keys: [DictionaryKey] = []
      for element in list.elements {
        guard let key = try hashable(element) else { return nil }
        keys.append(key)
      }
      return .tuple(keys)
    default: return identity(value).map { .identity($0) }
    }
  }

  /// The elements of a list, the keys of a dictionary or the characters of a text, in order.
  func elements(of value: Value, for operation: String) throws(TemplateError) -> [Value] {
    switch value {
    case .undefined: return []
    case .list(let list):
      try spend(list.elements.count >> 3)
      return list.elements
    case .dictionary(let dictionary):
      try spend(dictionary.count >> 3)
      return dictionary.keys
    case .generator(let generator):
      let elements = generator.takeAll()
      try spend(elements.count >> 3)
      return elements
    case .text(let text):
      try claim(elements: text.count * 2)
      return text.scalarRanges().map { .text(text[$0.range]) }
    default: throw wrongType(operation, value, expected: "something with elements, such as a list")
    }
  }
}
