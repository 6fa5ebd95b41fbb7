extension Renderer {
  /// A value as it is printed: Python's `str`.
  func text(of value: Value) throws(TemplateError) -> MarkedText {
    if case .text(let text) = value { return text }
    if case .undefined = value { return MarkedText() }
    return try description(of: value)
  }

  /// A value as it is printed inside a list: Python's `repr`.
  func description(of value: Value) throws(TemplateError) -> MarkedText {
    var writer = SerialWriter(renderer: self)
    try writer.describe(value)
    return writer.finished
  }
}

/// Writes nested values as one text. The punctuation takes the side of the texts inside: with any input in it, the
/// whole text is input, so that it stays in one piece.
struct SerialWriter {
  let renderer: Renderer
  var text = MarkedText()
  private var hasInput = false

  init(renderer: Renderer) { self.renderer = renderer }

  var finished: MarkedText { text.marked(hasInput ? .input : .template) }

  mutating func write(_ string: String) throws(TemplateError) {
    try renderer.claim(textBytes: string.utf8.count)
    guard text.bytes.count + string.utf8.count <= renderer.limits.textBytes else {
      throw renderer.fail(.limit(.textBytes, allowed: renderer.limits.textBytes))
    }
    text.append(string)
  }

  mutating func write(_ source: MarkedText, _ quoted: String) throws(TemplateError) {
    if source.hasInput { hasInput = true }
    try write(quoted)
  }

  mutating func describe(_ value: Value) throws(TemplateError) {
    try renderer.spend()
    switch value {
    case .undefined: try write("Undefined")
    case .none: try write("None")
    case .bool(let flag): try write(flag ? "True" : "False")
    case .integer(let number): try write(String(number))
    case .float(let number): try write(PythonNumber.text(number))
    case .text(let text):
      try renderer.spend(mapping: text)
      try write(text, Self.quoted(text))
    case .list(let list): try describe(list)
    case .dictionary(let dictionary): try describe(zip(dictionary.keys, dictionary.values))
    case .generator: try write("<generator object>")
    case .namespace(let namespace):
      // A namespace may hold itself.
      try renderer.enter()
      try write("<Namespace ")
      try describe(namespace.attributes.map { (Value.text($0.name), $0.value) })
      try write(">")
      renderer.leave()
    case .macro(let macro): try write("<Macro \(Self.quoted(MarkedText(macro.definition.name)))>")
    case .function(let function): try write("<function \(function.rawValue)>")
    case .method(let bound): try write("<method \(bound.method.rawValue)>")
    case .loop(let loop): try write("<LoopContext \(loop.index + 1)/\(loop.items.count)>")
    case .cycler: try write("<Cycler>")
    case .joiner: try write("<Joiner>")
    }
  }

  private mutating func describe(_ list: ListValue) throws(TemplateError) {
    switch list.kind {
    case .list: try describe(list.elements, "[", "]")
    case .tuple: try describe(list.elements, "(", list.elements.count == 1 ? ",)" : ")")
    case .view(let name): try describe(list.elements, "dict_\(name)([", "])")
    case .range(let from, let to, let step): try write("range(\(from), \(to)\(step == 1 ? "" : ", \(step)"))")
    }
  }

  private mutating func describe(_ elements: [Value], _ open: String, _ close: String) throws(TemplateError) {
    try write(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { try write(", ") }
      try describe(element)
    }
    try write(close)
  }

  private mutating func describe(_ members: some Sequence<(Value, Value)>) throws(TemplateError) {
    try write("{")
    for (index, (key, value)) in members.enumerated() {
      if index > 0 { try write(", ") }
      try describe(key)
      try write(": ")
      try describe(value)
    }
    try write("}")
  }

  /// A text in Python's quotes.
  static func quoted(_ text: MarkedText) -> String {
    let scalars = text.string.unicodeScalars
    let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
    var result = String.UnicodeScalarView([quote])
    for scalar in scalars {
      switch scalar {
      case quote, "\\": result.append(contentsOf: ["\\", scalar])
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case _ where scalar.isPrintable: result.append(scalar)
      default: result.append(contentsOf: escape(scalar).unicodeScalars)
      }
    }
    result.append(quote)
    return String(result)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case ..<0x100: "\\x" + hexadecimal(scalar.value, digits: 2)
    case ..<0x10000: "\\u" + hexadecimal(scalar.value, digits: 4)
    default: "\\U" + hexadecimal(scalar.value, digits: 8)
    }
  }

  static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
