/// Filters on texts. Like Jinja's, they take any value and work on what it prints as.
extension Renderer {
  func applyToText(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let name = filter.rawValue
    let text = try text(of: value)
    try spend(reading: text)
    switch filter {
    case .indent:
      guard case .text = value else { throw wrongType("'indent'", value, expected: "a string") }
      return try indent(text, arguments)
    case .replace: return try replace(text, arguments)
    case .format: return try format(text, arguments)
    case .trim:
      let characters = try bind(name, arguments, ["chars"])[0]
      return try stripped(text, try optionalText(characters, for: "'trim'"))
    case .center:
      let width = try integer(try bind(name, arguments, ["width"])[0], for: "'center'", default: 80)
      return try padded(text, width: width, side: .both)
    case .truncate: return try truncate(text, arguments)
    default: break
    }
    _ = try bind(name, arguments, [])
    if filter == .safe || filter == .string { return text }
    // A mapping may make a text longer, at most three times.
    try claim(copying: text)
    try spend(mapping: text)
    switch filter {
    case .upper: return text.uppercased()
    case .lower: return text.lowercased()
    case .capitalize: return text.capitalized()
    case .title: return text.wordsCapitalized()
    case .escape: return text.escapedForHTML()
    case .wordcount: return MarkedText(String(text.wordCount))
    default: return text
    }
  }

  /// A text without white space, or without some characters, at its ends.
  func stripped(
    _ text: MarkedText, _ characters: MarkedText?, side: MarkedText.Side = .both
  ) throws(TemplateError) -> MarkedText {
    try claim(copying: text)
    if let characters { try spend(mapping: characters) }
    return text.stripped(characters, side: side)
  }

  func optionalText(_ value: Value?, for operation: String) throws(TemplateError) -> MarkedText? {
    switch value {
    case nil, .some(.none): return nil
    case .text(let text): return text
    case .some(let other): throw wrongType(operation, other, expected: "a string")
    }
  }

  private func replace(_ text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let values = try bind("replace", arguments, ["old", "new", "count"], required: 2)
    let count = try integer(values[2], for: "the count of 'replace'", default: -1)
    return try replace(
      text, try self.text(of: values[0] ?? .none), with: try self.text(of: values[1] ?? .none), count: count)
  }

  /// `str.replace`: at most `count` times, or everywhere when it is negative.
  func replace(
    _ text: MarkedText, _ old: MarkedText, with new: MarkedText, count: Int
  ) throws(TemplateError) -> MarkedText {
    let limit = count < 0 ? Int.max : count
    var offsets = text.offsets(of: old, limit: limit)
    if old.isEmpty {
      let all = text.scalarRanges().map(\.range.lowerBound) + [text.bytes.count]
      offsets = Array(all.prefix(limit))
    }
    let (growth, overflow) = offsets.count.multipliedReportingOverflow(by: new.bytes.count - old.bytes.count)
    try claim(textBytes: overflow ? .max : text.bytes.count + growth)
    try spend(offsets.count)
    return offsets.isEmpty ? text : text.replacing(offsets, length: old.bytes.count, with: new)
  }

  /// A text with spaces (or `fill`) added up to a width, on one side or on both.
  func padded(
    _ text: MarkedText, width: Int, side: MarkedText.Side, fill: MarkedText = MarkedText(" ")
  ) throws(TemplateError) -> MarkedText {
    guard width > text.count else { return text }
    let missing = width - text.count
    try claim(textBytes: missing > limits.textBytes ? .max : text.bytes.count + missing * fill.bytes.count)
    try claim(copying: text)
    // When the padding is odd, Python puts the larger half on the left only if the width is odd too.
    let left = side == .left ? missing : side == .right ? 0 : missing / 2 + (missing & width & 1)
    var result = fill.repeated(left)
    result.append(text)
    result.append(fill.repeated(missing - left))
    return result
  }

  private func indent(_ text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let values = try bind("indent", arguments, ["width", "first", "blank"])
    var unit = MarkedText()
    if case .text(let given) = values[0] {
      unit = given
    } else {
      let width = try integer(values[0], for: "the width of 'indent'", default: 4)
      unit = try padded(unit, width: width, side: .left)
    }
    let indentsFirst = flag(values[1], default: false)
    let indentsBlank = flag(values[2], default: false)
    var ended = text
    ended.append("\n")
    var result = MarkedText()
    for (index, line) in ended.lines(keepingEnds: false).enumerated() {
      try spend()
      if index > 0 { result.append("\n") }
      let isIndented = index == 0 ? indentsFirst : indentsBlank || !line.isEmpty
      if isIndented { try append(unit, to: &result) }
      try append(line, to: &result)
    }
    return result
  }

  private func truncate(_ text: MarkedText, _ arguments: Arguments) throws(TemplateError) -> MarkedText {
    let values = try bind("truncate", arguments, ["length", "killwords", "end", "leeway"])
    let length = try integer(values[0], for: "the length of 'truncate'", default: 255)
    let end = try self.text(values[2], for: "the end of 'truncate'", default: "...")
    let leeway = try integer(values[3], for: "the leeway of 'truncate'", default: 5)
    guard length >= end.count, leeway >= 0, leeway < Int.max / 2, length < Int.max / 2 else {
      throw invalid("'truncate'", "the length \(length)", expected: "at least as long as the end")
    }
    guard text.count > length + leeway else { return text }
    var kept = text.scalars(0, length - end.count)
    if !flag(values[1], default: false), let cut = kept.offsetsFromRight(of: MarkedText(" "), limit: 1).first {
      kept = kept[0..<cut]
    }
    kept.append(end)
    return kept
  }
}

extension MarkedText {
  fileprivate func escapedForHTML() -> MarkedText {
    mapScalars { _, scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "'": "&#39;"
      case "\"": "&#34;"
      default: String(scalar)
      }
    }
  }

  fileprivate var wordCount: Int {
    var count = 0
    var inWord = false
    for (_, scalar) in scalarRanges() {
      let isWord = scalar == "_" || scalar.isLetter || scalar.properties.numericType != nil
      if isWord, !inWord { count += 1 }
      inWord = isWord
    }
    return count
  }
}
