/// Attributes, subscripts and slices. What is not there is undefined, which is an error only when it is used.
extension Renderer {
  func attribute(_ name: AttributeName, of value: Value) throws(TemplateError) -> Value {
    if case .undefined = value { throw wrongType("reading its attribute '\(name.text)'", value, expected: "a value") }
    try spend(name.text.utf8.count >> 6)
    // As in Python, a method hides a key of the same name; `value['items']` gives the key.
    if let found = try ownAttribute(name, of: value) { return found }
    if case .dictionary(let dictionary) = value, let found = dictionary[name.key] { return found }
    return try missing(name.text, of: value)
  }

  /// The value of `value[key]`.
  func item(_ key: Value, of value: Value, at position: Int) throws(TemplateError) -> Value {
    offset = position
    try spend()
    switch value {
    case .undefined: throw wrongType("reading its element \(try keyText(key))", value, expected: "a value")
    case .dictionary(let dictionary):
      if let key = try hashable(key), let found = dictionary[key] { return found }
    case .list(let list):
      if case .view = list.kind { break }
      if let index = index(key, count: list.elements.count) { return list.elements[index] }
    case .text(let text):
      if let index = index(key, count: text.count) {
        try spend(reading: text)
        return .text(text.scalars(index, index + 1))
      }
    default: break
    }
    if case .text(let name) = key {
      try spend(reading: name)
      if let found = try ownAttribute(AttributeName(name.string), of: value) { return found }
    }
    return try missing(try keyText(key), of: value)
  }

  private func keyText(_ key: Value) throws(TemplateError) -> String {
    if case .text(let text) = key { return text.count > 40 ? text.scalars(0, 40).string + "…" : text.string }
    return key.kindName
  }

  private func missing(_ name: String, of value: Value) throws(TemplateError) -> Value {
    let description = "'\(name)' of \(value.kindName)"
    try spend(description.utf8.count >> 6)
    return .undefined(Undefined(name: description))
  }

  /// An index into `count` elements, counted from the end when negative; `nil` when there is no such element.
  private func index(_ key: Value, count: Int) -> Int? {
    let index: Int
    switch key {
    case .integer(let value): index = value
    case .bool(let value): index = value ? 1 : 0
    default: return nil
    }
    let position = index < 0 ? index + count : index
    return (0..<count).contains(position) ? position : nil
  }

  /// Counts the work of looking through a namespace's names.
  func spend(searching namespace: NamespaceValue) throws(TemplateError) {
    try spend(namespace.attributes.count >> 3)
  }

  /// Methods, and the attributes of a template's own objects.
  private func ownAttribute(_ name: AttributeName, of value: Value) throws(TemplateError) -> Value? {
    switch value {
    case .namespace(let namespace):
      try spend(searching: namespace)
      return namespace[name.text]
    case .loop(let loop): return attribute(name.text, of: loop)
    case .macro(let macro) where name.text == "name": return .text(macro.definition.name)
    case .macro(let macro) where name.text == "arguments":
      try claim(elements: macro.definition.parameters.count * 2)
      return .tuple(macro.definition.parameters.map { .text($0.name) })
    case .cycler(let cycler) where name.text == "current": return cycler.items[cycler.index]
    default:
      guard let method = name.method, method.exists(on: value) else { return nil }
      return .method(BoundMethod(receiver: value, method: method))
    }
  }
}

// MARK: - Slices

extension Renderer {
  func slice(
    _ value: Value, _ from: Expression?, _ to: Expression?, _ step: Expression?, at position: Int
  ) throws(TemplateError) -> Value {
    let from = try bound(from)
    let to = try bound(to)
    let step = try bound(step)
    offset = position
    if case .undefined = value { throw wrongType("a slice", value, expected: "a list or a string") }
    guard let from, let to, let step else {
      throw invalid("a slice", "other bounds", expected: "given whole numbers as bounds")
    }
    if step.value == 0 { throw invalid("a slice", "the step 0", expected: "another number") }
    switch value {
    case .list(let list):
      if case .view = list.kind { break }
      let (start, count) = span(from.value, to.value, step.value ?? 1, count: list.elements.count)
      try claim(elements: count)
      let stride = step.value ?? 1
      let elements = (0..<count).map { list.elements[start + $0 * stride] }
      return .list(ListValue(elements, kind: list.kind == .tuple ? .tuple : .list))
    case .text(let text):
      return .text(try slice(text, from.value, to.value, step.value ?? 1))
    default: break
    }
    throw wrongType("a slice", value, expected: "a list or a string")
  }

  /// A bound of a slice; without a value it is open.
  private struct Bound {
    var value: Int?
  }

  /// A bound as written; `nil` when it is something other than a whole number or `none`.
  private func bound(_ expression: Expression?) throws(TemplateError) -> Bound? {
    guard let expression else { return Bound() }
    switch try evaluate(expression) {
    case .none: return Bound()
    case .integer(let value): return Bound(value: value)
    case .bool(let value): return Bound(value: value ? 1 : 0)
    default: return nil
    }
  }

  private func slice(_ text: MarkedText, _ from: Int?, _ to: Int?, _ step: Int) throws(TemplateError) -> MarkedText {
    let (start, count) = span(from, to, step, count: text.count)
    try spend(reading: text)
    try claim(copying: text)
    if step == 1 { return text.scalars(start, start + count) }
    try spend(mapping: text)
    let scalars = text.scalarRanges()
    var result = MarkedText()
    for position in 0..<count {
      let (range, scalar) = scalars[start + position * step]
      result.append(scalar, origin: text.origin(at: range.lowerBound))
    }
    return result
  }

  /// Where a slice starts and how many elements it has, by Python's rules.
  private func span(_ from: Int?, _ to: Int?, _ step: Int, count: Int) -> (start: Int, count: Int) {
    func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
      let position = bound < 0 ? (bound < -count ? -1 : bound + count) : bound
      return min(max(position, low), high)
    }
    if step > 0 {
      let start = from.map { clamp($0, 0, count) } ?? 0
      let end = to.map { clamp($0, 0, count) } ?? count
      return (start, start < end ? (end - start - 1) / step + 1 : 0)
    }
    let start = from.map { clamp($0, -1, count - 1) } ?? count - 1
    let end = to.map { clamp($0, -1, count - 1) } ?? -1
    // `step` may be the smallest integer, which has no positive twin.
    return (start, start > end ? Int((start - end - 1).magnitude / step.magnitude) + 1 : 0)
  }
}
