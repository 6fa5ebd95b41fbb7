/// Filters that apply another filter or a test to every element.
extension Renderer {
  func applyToEach(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    var arguments = arguments
    let transform: (Value) throws(TemplateError) -> Value?
    switch filter {
    case .map: transform = try mapping(&arguments)
    case .select, .reject:
      let holds = try condition(filter, &arguments)
      transform = { (element) throws(TemplateError) in
        try holds(element) == (filter == .select) ? element : nil
      }
    default:
      guard !arguments.positional.isEmpty else {
        throw invalid("'\(filter.rawValue)'", "no attribute", expected: "the attribute's name")
      }
      let name = arguments.positional.removeFirst()
      let holds = try condition(filter, &arguments)
      transform = { (element) throws(TemplateError) in
        try holds(try self.attribute(name, of: element)) == (filter == .selectattr) ? element : nil
      }
    }
    var results: [Value] = []
    // Jinja does not look into a value that counts as false, whatever it is.
    guard isTrue(value) else { return .generator(GeneratorValue([])) }
    for element in try elements(of: value, for: "'\(filter.rawValue)'") {
      try spend()
      if let result = try transform(element) { results.append(result) }
    }
    try claim(elements: results.count)
    return .generator(GeneratorValue(results))
  }

  private func mapping(_ arguments: inout Arguments) throws(TemplateError) -> (Value) throws(TemplateError) -> Value? {
    if arguments.positional.isEmpty {
      let values = try bind("map", arguments, ["attribute", "default"])
      guard let name = values[0] else {
        throw invalid("'map'", "no filter", expected: "a filter's name or 'attribute'")
      }
      return { (element) throws(TemplateError) in
        try self.attribute(name, of: element, default: values[1])
      }
    }
    let name = try text(of: arguments.positional.removeFirst()).string
    try spend(name.utf8.count >> 6)
    guard let filter = Filter(name: name) else { throw fail(.unsupported("the filter '\(name)'")) }
    let rest = arguments
    return { (element) throws(TemplateError) in try self.nestedApply(filter, to: element, rest) }
  }

  /// `map('map', …)` nests, so it counts towards the depth.
  private func nestedApply(_ filter: Filter, to value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    try enter()
    let result = try apply(filter, to: value, arguments)
    leave()
    return result
  }

  /// The test that a `select` or `reject` names, or the truth of the element.
  private func condition(
    _ filter: Filter, _ arguments: inout Arguments
  ) throws(TemplateError) -> (Value) throws(TemplateError) -> Bool {
    guard !arguments.positional.isEmpty else {
      _ = try bind(filter.rawValue, arguments, [])
      return { (element) throws(TemplateError) in self.isTrue(element) }
    }
    let name = try text(of: arguments.positional.removeFirst()).string
    guard let test = Test(name: name) else { throw fail(.unsupported("the test '\(name)'")) }
    let rest = arguments
    return { (element) throws(TemplateError) in try self.apply(test, to: element, rest) }
  }

  /// An element's attribute by a path such as `function.name` or `0`; without a path, the element itself.
  /// What is undefined on the way is replaced by `default`.
  func attribute(
    _ path: Value?, of element: Value, default replacement: Value? = nil
  ) throws(TemplateError) -> Value {
    func step(_ key: Value, _ value: Value) throws(TemplateError) -> Value {
      let found = try item(key, of: value, at: offset)
      if let replacement, case .undefined = found { return replacement }
      return found
    }
    try spend()
    switch path {
    case nil, .some(.none): return element
    case .text(let text):
      var value = element
      try spend(mapping: text)
      for part in text.pieces(between: text.offsets(of: MarkedText(".")), length: 1) {
        let isIndex = part.allScalars { ("0"..."9").contains($0) }
        let key = isIndex ? Int(part.string).map { Value.integer($0) } ?? .text(part) : .text(part)
        value = try step(key, value)
      }
      return value
    case .some(let key): return try step(key, element)
    }
  }
}
