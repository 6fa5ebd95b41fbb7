/// The methods that values have; the names are Python's.
enum Method: String, Sendable, CaseIterable {
  // Of strings.
  case capitalize, casefold, center, endswith, expandtabs, find, format, isalnum, isalpha, isascii, isdecimal, isdigit
  case islower, isnumeric, isspace, istitle, isupper, join, ljust, lower, lstrip, partition, removeprefix
  case removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit, rstrip, split, splitlines, startswith, strip
  case swapcase, title, upper, zfill
  // Of strings and lists.
  case count, index
  // Of dictionaries.
  case get, items, keys, values
  // Of dictionaries and lists.
  case copy
  // These would change a list or a dictionary, which templates may not.
  case append, clear, extend, insert, pop, popitem, remove, reverse, setdefault, sort, update
  // Of a template's own objects.
  case changed, cycle, next, reset

  private static let changingLists: Set<Method> = [.append, .clear, .extend, .insert, .pop, .remove, .reverse, .sort]
  private static let changingDictionaries: Set<Method> = [.clear, .pop, .popitem, .setdefault, .update]
  private static let notOfTexts: Set<Method> = changingLists.union(changingDictionaries).union([
    .get, .items, .keys, .values, .copy, .changed, .cycle, .next, .reset,
  ])

  /// Whether a value of this kind has the method.
  func exists(on value: Value) -> Bool {
    switch value {
    case .text: !Self.notOfTexts.contains(self)
    case .list(let list):
      switch list.kind {
      case .list: [.count, .index, .copy].contains(self) || Self.changingLists.contains(self)
      case .tuple, .range: [.count, .index].contains(self)
      case .view: false
      }
    case .dictionary: [.get, .items, .keys, .values, .copy].contains(self) || Self.changingDictionaries.contains(self)
    case .cycler: [.next, .reset].contains(self)
    default: false
    }
  }
}

extension Renderer {
  func call(_ method: Method, on receiver: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
    switch receiver {
    case .text(let text):
      try spend(reading: text)
      return try call(method, on: text, arguments)
    case .list(let list): return try call(method, on: list, arguments)
    case .dictionary(let dictionary): return try call(method, on: dictionary, arguments)
    case .loop(let loop): return try call(method, on: loop, arguments)
    case .cycler(let cycler):
      _ = try bind(method.rawValue, arguments, [])
      let current = cycler.items[cycler.index]
      cycler.index = method == .reset ? 0 : (cycler.index + 1) % cycler.items.count
      return method == .reset ? .none : current
    default: throw wrongType("the method '\(method.rawValue)'", receiver, expected: "a value that has it")
    }
  }

  private func refuseChange(_ method: Method, _ kind: String) -> TemplateError {
    fail(.unsupported("changing \(kind) with '\(method.rawValue)'"))
  }

  private func call(_ method: Method, on list: ListValue, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = method.rawValue
    switch method {
    case .copy:
      _ = try bind(name, arguments, [])
      return .list(list)
    case .count, .index:
      let wanted = try bind(name, arguments, ["value"], required: 1)[0] ?? .none
      var count = 0
      for (index, element) in list.elements.enumerated() where try isEqual(element, wanted) {
        if method == .index { return .integer(index) }
        count += 1
      }
      if method == .index { throw invalid("'index'", wanted.kindName, expected: "an element of the list") }
      return .integer(count)
    default: throw refuseChange(method, "a list")
    }
  }

  private func call(
    _ method: Method, on dictionary: DictionaryValue, _ arguments: Arguments
  ) throws(TemplateError) -> Value {
    let name = method.rawValue
    if method == .get {
      let values = try bind(name, arguments, ["key", "default"], required: 1)
      return dictionary[try key(for: values[0] ?? .none)] ?? values[1] ?? .none
    }
    guard [.items, .keys, .values, .copy].contains(method) else { throw refuseChange(method, "a dictionary") }
    _ = try bind(name, arguments, [])
    try claim(elements: dictionary.count * 2)
    switch method {
    case .items: return .list(ListValue(dictionary.items, kind: .view(name)))
    case .keys: return .list(ListValue(dictionary.keys, kind: .view(name)))
    case .values: return .list(ListValue(dictionary.values, kind: .view(name)))
    default: return .dictionary(dictionary)
    }
  }

  private func call(_ method: Method, on loop: LoopState, _ arguments: Arguments) throws(TemplateError) -> Value {
    guard arguments.keywords.isEmpty else { _ = try bind(method.rawValue, arguments, []); return .none }
    let values = arguments.positional
    if method == .cycle {
      guard !values.isEmpty else { throw invalid("'cycle'", "no items", expected: "at least one item") }
      return values[loop.index % values.count]
    }
    try retain(loop)
    defer { loop.lastChanged = values }
    guard let last = loop.lastChanged, last.count == values.count else { return .bool(true) }
    for (last, value) in zip(last, values) where !(try isEqual(last, value)) { return .bool(true) }
    return .bool(false)
  }
}
