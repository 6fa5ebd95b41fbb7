/// The methods of strings.
extension Renderer {
  func call(_ method: Method, on text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = method.rawValue
    switch method {
    case .split, .rsplit: return try split(text, method, arguments)
    case .splitlines:
      let keepsEnds = flag(try bind(name, arguments, ["keepends"])[0], default: false)
      return try texts(text.lines(keepingEnds: keepsEnds))
    case .partition, .rpartition: return try partition(text, method, arguments)
    case .strip, .lstrip, .rstrip:
      let characters = try optionalText(try bind(name, arguments, ["chars"])[0], for: "'\(name)'")
      let side: MarkedText.Side = method == .strip ? .both : method == .lstrip ? .left : .right
      return .text(try stripped(text, characters, side: side))
    case .startswith, .endswith: return .bool(try hasAffix(text, method, arguments))
    case .removeprefix, .removesuffix: return .text(try removeAffix(text, method, arguments))
    case .find, .rfind, .index, .rindex, .count: return .integer(try position(text, method, arguments))
    case .replace:
      let values = try bind(name, arguments, ["old", "new", "count"], required: 2)
      let old = try self.text(values[0], for: "'replace'", default: "")
      let new = try self.text(values[1], for: "'replace'", default: "")
      return .text(
        try replace(text, old, with: new, count: try integer(values[2], for: "'replace'", default: -1)))
    case .join:
      let parts = try bind(name, arguments, ["iterable"], required: 1)[0] ?? .none
      return .text(try join(parts, with: text))
    case .format: return .text(try formatFields(text, arguments))
    case .center, .ljust, .rjust, .zfill: return .text(try pad(text, method, arguments))
    case .expandtabs:
      let size = try integer(try bind(name, arguments, ["tabsize"])[0], for: "'expandtabs'", default: 8)
      return .text(try expandTabs(text, size))
    default: return try callPlain(method, on: text, arguments)
    }
  }

  /// The methods without arguments.
  private func callPlain(_ method: Method, on text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> Value {
    _ = try bind(method.rawValue, arguments, [])
    switch method {
    case .upper, .lower, .title, .capitalize, .swapcase, .casefold:
      try claim(copying: text)
      try spend(mapping: text)
      return .text(changeCase(text, method))
    case .isalpha: return .bool(text.allScalars(\.isLetter))
    case .isalnum: return .bool(text.allScalars { $0.isLetter || $0.properties.numericType != nil })
    case .isdecimal: return .bool(text.allScalars { $0.properties.numericType == .decimal })
    case .isdigit: return .bool(text.allScalars { [.decimal, .digit].contains($0.properties.numericType) })
    case .isnumeric: return .bool(text.allScalars { $0.properties.numericType != nil })
    case .isspace: return .bool(text.allScalars(Whitespace.contains))
    case .isascii: return .bool(text.isASCII)
    case .islower: return .bool(text.isCase(\.properties.isLowercase, not: \.properties.isUppercase))
    case .isupper: return .bool(text.isCase(\.properties.isUppercase, not: \.properties.isLowercase))
    case .istitle: return .bool(text.isTitle)
    default: throw fail(.unsupported("the method '\(method.rawValue)' of a string"))
    }
  }

  private func changeCase(_ text: MarkedText, _ method: Method) -> MarkedText {
    switch method {
    case .upper: text.uppercased()
    case .title: text.titlecased()
    case .capitalize: text.capitalized()
    case .swapcase: text.caseSwapped()
    default: text.lowercased()
    }
  }

  func texts(_ pieces: [MarkedText]) throws(TemplateError) -> Value {
    try claim(elements: pieces.count)
    try spend(pieces.count)
    return .list(pieces.map { .text($0) })
  }

  private func split(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = "'\(method.rawValue)'"
    let values = try bind(method.rawValue, arguments, ["sep", "maxsplit"])
    let count = try integer(values[1], for: name, default: -1)
    let limit = count < 0 ? Int.max : count
    try claim(copying: text)
    guard let separator = try optionalText(values[0], for: name) else {
      return try texts(text.words(limit: limit, fromRight: method == .rsplit))
    }
    guard !separator.isEmpty else { throw invalid(name, "an empty separator", expected: "at least one character") }
    let offsets =
      method == .split ? text.offsets(of: separator, limit: limit) : text.offsetsFromRight(of: separator, limit: limit)
    try claim(elements: offsets.count)
    return try texts(text.pieces(between: offsets, length: separator.bytes.count))
  }

  private func partition(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError) -> Value {
    let name = "'\(method.rawValue)'"
    let value = try bind(method.rawValue, arguments, ["sep"], required: 1)[0]
    let separator = try self.text(value, for: name, default: "")
    guard !separator.isEmpty else { throw invalid(name, "an empty separator", expected: "at least one character") }
    let found =
      method == .partition ? text.firstOffset(of: separator) : text.offsetsFromRight(of: separator, limit: 1).first
    let empty = Value.text("")
    guard let found else {
      return .tuple(method == .partition ? [.text(text), empty, empty] : [empty, empty, .text(text)])
    }
    let end = found + separator.bytes.count
    return .tuple([.text(text[0..<found]), .text(text[found..<end]), .text(text[end..<text.bytes.count])])
  }

  private func hasAffix(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError) -> Bool {
    let values = try bind(method.rawValue, arguments, ["prefix", "start", "end"], required: 1)
    let part = try range(of: text, values[1], values[2], for: method)
    var candidates: [Value] = [values[0] ?? .none]
    if case .list(let list) = values[0], list.kind == .tuple { candidates = list.elements }
    for candidate in candidates {
      try spend()
      guard case .text(let affix) = candidate else {
        throw wrongType("'\(method.rawValue)'", candidate, expected: "a string or a tuple of strings")
      }
      guard let part else { continue }
      try spend(scanning: affix)
      if method == .startswith ? part.starts(with: affix) : part.ends(with: affix) { return true }
    }
    return false
  }

  private func removeAffix(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError)
    -> MarkedText
  {
    let value = try bind(method.rawValue, arguments, ["affix"], required: 1)[0]
    let affix = try self.text(value, for: "'\(method.rawValue)'", default: "")
    guard !affix.isEmpty else { return text }
    if method == .removeprefix {
      return text.starts(with: affix) ? text[affix.bytes.count..<text.bytes.count] : text
    }
    return text.ends(with: affix) ? text[0..<text.bytes.count - affix.bytes.count] : text
  }

  /// The part of a text between two optional bounds; `nil` when the first lies beyond the end.
  private func range(
    of text: MarkedText, _ start: Value?, _ end: Value?, for method: Method
  ) throws(TemplateError) -> MarkedText? {
    let bounds = try span(of: text, start, end, for: method)
    return bounds.map { text.scalars($0.lowerBound, $0.upperBound) }
  }

  private func span(
    of text: MarkedText, _ start: Value?, _ end: Value?, for method: Method
  ) throws(TemplateError) -> Range<Int>? {
    let count = text.count
    var low = try integer(start, for: "'\(method.rawValue)'", default: 0)
    var high = try integer(end, for: "'\(method.rawValue)'", default: count)
    if low < 0 { low = max(low < -count ? 0 : low + count, 0) }
    if high < 0 { high = max(high < -count ? 0 : high + count, 0) }
    high = min(high, count)
    return low <= high ? low..<high : nil
  }

  private func position(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError) -> Int {
    let values = try bind(method.rawValue, arguments, ["sub", "start", "end"], required: 1)
    guard case .text(let wanted) = values[0] else {
      throw wrongType("'\(method.rawValue)'", values[0] ?? .none, expected: "a string")
    }
    let bounds = try span(of: text, values[1], values[2], for: method)
    guard let bounds else { return try notFound(method, wanted) }
    let part = text.scalars(bounds.lowerBound, bounds.upperBound)
    try claim(copying: part)
    if method == .count { return wanted.isEmpty ? part.count + 1 : part.offsets(of: wanted).count }
    let isFromRight = method == .rfind || method == .rindex
    var found = isFromRight ? part.offsetsFromRight(of: wanted, limit: 1).first : part.firstOffset(of: wanted)
    if wanted.isEmpty { found = isFromRight ? part.bytes.count : 0 }
    guard let found else { return try notFound(method, wanted) }
    return bounds.lowerBound + part.scalarIndex(ofOffset: found)
  }

  private func notFound(_ method: Method, _ wanted: MarkedText) throws(TemplateError) -> Int {
    switch method {
    case .count: return 0
    case .find, .rfind: return -1
    default:
      throw invalid("'\(method.rawValue)'", Value.text(wanted).kindName, expected: "a part of the string")
    }
  }

  private func join(_ parts: Value, with separator: MarkedText) throws(TemplateError) -> MarkedText {
    if case .undefined = parts { return MarkedText() }
    var result = MarkedText()
    for (index, part) in try elements(of: parts, for: "'join'").enumerated() {
      guard case .text(let text) = part else { throw wrongType("'join'", part, expected: "strings only") }
      try spend()
      if index > 0 { try append(separator, to: &result) }
      try append(text, to: &result)
    }
    return result
  }

  private func pad(_ text: MarkedText, _ method: Method, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let name = "'\(method.rawValue)'"
    let values = try bind(
      method.rawValue, arguments, method == .zfill ? ["width"] : ["width", "fillchar"], required: 1)
    let width = try integer(values[0], for: name, default: 0)
    if method == .zfill {
      let hasSign = text.starts(with: MarkedText("-")) || text.starts(with: MarkedText("+"))
      let sign = text.scalars(0, hasSign ? 1 : 0)
      let digits = text.scalars(hasSign ? 1 : 0, text.count)
      guard width > 0 else { return text }
      var result = sign
      result.append(try padded(digits, width: width - sign.count, side: .left, fill: MarkedText("0")))
      return result
    }
    let fill = try self.text(values[1], for: name, default: " ")
    guard fill.count == 1 else {
      throw invalid(name, Value.text(fill).kindName, expected: "one character to fill with")
    }
    let side: MarkedText.Side = method == .center ? .both : method == .rjust ? .left : .right
    return try padded(text, width: width, side: side, fill: fill)
  }

  private func expandTabs(_ text: MarkedText, _ size: Int) throws(TemplateError) -> MarkedText {
    try claim(copying: text)
    try spend(mapping: text)
    var result = MarkedText()
    var column = 0
    for (range, scalar) in text.scalarRanges() {
      if scalar == "\t" {
        guard size > 0 else { continue }
        let spaces = size - column % size
        try claim(textBytes: spaces > limits.textBytes ? .max : spaces)
        guard spaces <= limits.textBytes - result.bytes.count else {
          throw fail(.limit(.textBytes, allowed: limits.textBytes))
        }
        result.append(String(repeating: " ", count: spaces), origin: text.origin(at: range.lowerBound))
        column += spaces
      } else {
        result.append(scalar, origin: text.origin(at: range.lowerBound))
        column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
      }
    }
    return result
  }
}
