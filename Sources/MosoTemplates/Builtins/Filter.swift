/// The filters that chat templates can use; the names are Jinja's.
enum Filter: String, CaseIterable, Sendable {
  case abs, attr, batch, capitalize, center, `default`, dictsort, escape, first, float, format, indent, int, items
  case join, last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round, safe, select
  case selectattr, slice, sort, string, sum, title, tojson, trim, truncate, unique, upper, wordcount

  /// The filter with this name or this second name.
  init?(name: String) {
    switch name {
    case "count": self = .length
    case "d": self = .default
    case "e", "forceescape": self = .escape
    default: self.init(rawValue: name)
    }
  }
}

extension Renderer {
  /// Applies a filter; grouped by what it works on.
  func apply(_ filter: Filter, to value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch filter {
    case .capitalize, .center, .escape, .format, .indent, .lower, .replace, .safe, .string, .title, .trim, .truncate,
      .upper, .wordcount:
      return .text(try applyToText(filter, value, arguments))
    case .abs, .float, .int, .round: return try applyToNumber(filter, value, arguments)
    case .map, .select, .reject, .selectattr, .rejectattr: return try applyToEach(filter, value, arguments)
    case .default: return try defaulted(value, arguments)
    case .attr: return try namedAttribute(of: value, arguments)
    case .tojson: return .text(try json(value, arguments))
    case .length: return .integer(try length(of: value, arguments))
    default: return try applyToSequence(filter, value, arguments)
    }
  }

  private func defaulted(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let values = try bind("default", arguments, ["default_value", "boolean"])
    let replacement = values[0] ?? .text("")
    if case .undefined = value { return replacement }
    return flag(values[1], default: false) && !isTrue(value) ? replacement : value
  }

  private func namedAttribute(of value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = try bind("attr", arguments, ["name"], required: 1)[0] ?? .none
    if case .text(let name) = name { try spend(reading: name) }
    guard case .dictionary = value else { return try attribute(AttributeName(try text(of: name).string), of: value) }
    // Unlike a dot, this filter does not look at keys.
    let found = Method(rawValue: try text(of: name).string).flatMap { $0.exists(on: value) ? $0 : nil }
    guard let found else { return .undefined(Undefined(name: "an attribute of a dictionary")) }
    return .method(BoundMethod(receiver: value, method: found))
  }

  private func length(of value: Value, _ arguments: Arguments) throws(TemplateError) -> Int {
    _ = try bind("length", arguments, [])
    switch value {
    case .undefined: return 0
    case .text(let text): return text.count
    case .list(let list): return list.elements.count
    case .dictionary(let dictionary): return dictionary.count
    case .loop(let loop): return loop.items.count
    default: throw wrongType("'length'", value, expected: "a string, a list or a dictionary")
    }
  }

  private func json(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let values = try bind("tojson", arguments, ["ensure_ascii", "indent", "separators", "sort_keys"])
    var layout = JSONLayout()
    layout.escapesNonASCII = flag(values[0], default: false)
    layout.sortsKeys = flag(values[3], default: false)
    switch values[1] {
    case nil, .some(.none): break
    case .text(let text):
      try claim(copying: text)
      layout.indent = text.string
    case .some(let other):
      let width = try integer(other, for: "the indentation of 'tojson'", default: 0)
      try claim(textBytes: Swift.max(width, 0))
      layout.indent = String(repeating: " ", count: Swift.max(width, 0))
    }
    if layout.indent != nil { layout.itemSeparator = "," }
    if let separators = values[2], isTrue(separators) {
      let pair = try elements(of: separators, for: "the separators of 'tojson'")
      guard pair.count == 2, case .text(let item) = pair[0], case .text(let key) = pair[1] else {
        throw wrongType("the separators of 'tojson'", separators, expected: "two strings")
      }
      try claim(copying: item)
      try claim(copying: key)
      layout.itemSeparator = item.string
      layout.keySeparator = key.string
    }
    var writer = SerialWriter(renderer: self)
    try writer.writeJSON(value, layout)
    return writer.finished
  }
}
