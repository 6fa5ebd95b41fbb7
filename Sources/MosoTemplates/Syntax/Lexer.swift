/// Cuts a template into tokens, with the white-space rules that Hugging Face renders chat templates with
/// (`trim_blocks` and `lstrip_blocks` on, `keep_trailing_newline` off).
struct Lexer {
  let source: Source
  var bytes: [UInt8] { source.bytes }
  var position = 0
  var tokens: [Token] = []
  /// Whether the last match ended a line, so that white space before the next tag begins a line.
  private var lineStarting = true

  init(_ source: Source) { self.source = source }

  /// All tokens of a template, the last one being `.end`.
  static func tokens(of source: Source) throws(TemplateError) -> [Token] {
    var lexer = Lexer(source)
    while lexer.position < lexer.bytes.count { try lexer.readTextAndTag() }
    lexer.tokens.append(Token(kind: .end, offset: lexer.bytes.count))
    return lexer.tokens
  }

  func byte(_ distance: Int = 0) -> UInt8? {
    let index = position + distance
    return index < bytes.count ? bytes[index] : nil
  }

  func matches(_ text: StaticString, at offset: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset + count <= bytes.count else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[offset..<offset + count]) }
  }

  mutating func add(_ kind: Token.Kind, at offset: Int) { tokens.append(Token(kind: kind, offset: offset)) }
}

// MARK: - Text and tags

extension Lexer {
  /// The marker right after `{%`, `{{` or `{#`: `-` strips white space before the tag and `+` keeps it.
  private enum Sign { case strip, keep, none }

  private func sign(at offset: Int) -> Sign {
    guard offset < bytes.count else { return .none }
    return bytes[offset] == UInt8(ascii: "-") ? .strip : bytes[offset] == UInt8(ascii: "+") ? .keep : .none
  }

  private mutating func readTextAndTag() throws(TemplateError) {
    let start = position
    var open = start
    while open < bytes.count, !(matches("{{", at: open) || matches("{%", at: open) || matches("{#", at: open)) {
      open += 1
    }
    guard open < bytes.count else {
      addText(start..<open)
      position = open
      return
    }
    let sign = sign(at: open + 2)
    let isPrint = matches("{{", at: open)
    addText(start..<textEnd(start..<open, before: sign, isPrint: isPrint))
    position = open + (sign == .none ? 2 : 3)
    lineStarting = false
    if isPrint {
      add(.printBegin, at: open)
      try readExpression(closing: .printEnd, from: open)
    } else if matches("{#", at: open) {
      try skipComment(from: open)
    } else if let bodyStart = rawBodyStart(after: open) {
      try readRaw(from: open, bodyStart: bodyStart)
    } else {
      add(.blockBegin, at: open)
      try readExpression(closing: .blockEnd, from: open)
    }
    lineStarting = position > 0 && bytes[position - 1] == 0x0A
  }

  /// Where the text in `range` ends once the white space that the tag after it removes is gone.
  private func textEnd(_ range: Range<Int>, before sign: Sign, isPrint: Bool) -> Int {
    switch sign {
    case .strip: return Whitespace.trailingStart(of: bytes, in: range)
    case .keep: return range.upperBound
    case .none:
      guard !isPrint else { return range.upperBound }
      let lastBreak = bytes[range].lastIndex(of: 0x0A)
      guard lastBreak != nil || lineStarting else { return range.upperBound }
      let lineStart = lastBreak.map { $0 + 1 } ?? range.lowerBound
      let blank = Whitespace.leadingEnd(of: bytes, in: lineStart..<range.upperBound) == range.upperBound
      return blank ? lineStart : range.upperBound
    }
  }

  private mutating func addText(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    add(.text(String(decoding: bytes[range], as: UTF8.self)), at: range.lowerBound)
  }

  private mutating func skipComment(from open: Int) throws(TemplateError) {
    var close = position
    while !matches("#}", at: close) {
      guard close < bytes.count else {
        throw source.error(.syntax(found: "the end of the template", expected: "'#}' to end the comment"), at: open)
      }
      close += 1
    }
    let sign = close > position ? self.sign(at: close - 1) : .none
    position = close + 2
    skipAfterClose(sign)
  }

  /// Applies the marker before `%}` or `#}`: `-` strips what follows, none drops one line end, `+` keeps all.
  private mutating func skipAfterClose(_ sign: Sign) {
    switch sign {
    case .strip: position = Whitespace.leadingEnd(of: bytes, in: position..<bytes.count)
    case .keep: break
    case .none: if byte() == 0x0A { position += 1 }
    }
  }
}

// MARK: - Raw blocks

extension Lexer {
  private func skipWhitespace(from offset: Int) -> Int {
    offset < bytes.count ? Whitespace.leadingEnd(of: bytes, in: offset..<bytes.count) : offset
  }

  /// The offset after `{% raw %}` when the tag at `open` is one.
  private func rawBodyStart(after open: Int) -> Int? {
    var offset = open + (sign(at: open + 2) == .none ? 2 : 3)
    offset = skipWhitespace(from: offset)
    guard matches("raw", at: offset) else { return nil }
    offset = skipWhitespace(from: offset + 3)
    if matches("-%}", at: offset) { return skipWhitespace(from: offset + 3) }
    return matches("%}", at: offset) ? offset + 2 : nil
  }

  private mutating func readRaw(from open: Int, bodyStart: Int) throws(TemplateError) {
    lineStarting = bytes[bodyStart - 1] == 0x0A
    var close = bodyStart
    while close < bytes.count {
      if matches("{%", at: close) {
        let sign = sign(at: close + 2)
        var offset = skipWhitespace(from: close + (sign == .none ? 2 : 3))
        if matches("endraw", at: offset) {
          offset = skipWhitespace(from: offset + 6)
          let closing = self.sign(at: offset)
          offset += closing == .none ? 0 : 1
          if matches("%}", at: offset) {
            addText(bodyStart..<textEnd(bodyStart..<close, before: sign, isPrint: false))
            position = offset + 2
            skipAfterClose(closing)
            return
          }
        }
      }
      close += 1
    }
    throw source.error(.syntax(found: "the end of the template", expected: "'{% endraw %}'"), at: open)
  }
}

// MARK: - Inside a tag

extension Lexer {
  /// Reads the tokens of a tag up to and including its end.
  private mutating func readExpression(closing: Token.Kind, from open: Int) throws(TemplateError) {
    var brackets: [(expected: Symbol, offset: Int)] = []
    while true {
      if brackets.isEmpty, readClose(closing) { return }
      guard position < bytes.count else {
        let expected = brackets.last.map { "'\($0.expected.rawValue)'" } ?? "\(closing)"
        throw source.error(
          .syntax(found: "the end of the template", expected: "\(expected) to end what starts here"),
          at: brackets.last?.offset ?? open)
      }
      let (scalar, length) = UTF8Text.scalar(in: bytes, at: position)
      if Whitespace.contains(scalar) {
        position += length
      } else if let symbol = try readToken() {
        try balance(symbol, &brackets)
      }
    }
  }

  private mutating func readClose(_ closing: Token.Kind) -> Bool {
    let isPrint = closing == .printEnd
    let start = position
    let sign = sign(at: start)
    // `+` has a meaning before `%}` only; before `}}` it is an operator.
    let hasSign = sign == .strip || (sign == .keep && !isPrint)
    let end = start + (hasSign ? 1 : 0)
    guard isPrint ? matches("}}", at: end) : matches("%}", at: end) else { return false }
    add(closing, at: start)
    position = end + 2
    if isPrint {
      if hasSign { position = skipWhitespace(from: position) }
    } else {
      skipAfterClose(hasSign ? sign : .none)
    }
    return true
  }

  private func balance(
    _ symbol: Symbol, _ brackets: inout [(expected: Symbol, offset: Int)]
  ) throws(TemplateError) {
    let offset = position - symbol.rawValue.utf8.count
    switch symbol {
    case .leftBrace: brackets.append((.rightBrace, offset))
    case .leftParenthesis: brackets.append((.rightParenthesis, offset))
    case .leftBracket: brackets.append((.rightBracket, offset))
    case .rightBrace, .rightParenthesis, .rightBracket:
      guard let open = brackets.popLast() else {
        throw source.error(
          .syntax(found: "'\(symbol.rawValue)'", expected: "a value or the end of the tag"), at: offset)
      }
      guard open.expected == symbol else {
        throw source.error(
          .syntax(found: "'\(symbol.rawValue)'", expected: "'\(open.expected.rawValue)'"), at: offset)
      }
    default: break
    }
  }
}
