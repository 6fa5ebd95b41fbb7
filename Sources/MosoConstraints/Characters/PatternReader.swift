/// Reads a regular expression of ECMA-262.
///
/// What is not regular (look-around, word boundaries, back-references), or depends on Unicode's tables, is an error.
struct PatternReader {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0
  private let path: String

  /// Groups inside one another; the reader, and what is made of its result, are recursive.
  private static let maximumDepth = 48
  /// More copies of a part would not fit an automaton anyway.
  private static let maximumCount = 5_000

  private init(_ text: String, path: String) {
    scalars = Array(text.unicodeScalars)
    self.path = path
  }

  static func read(_ text: String, path: String) throws(GrammarError) -> Pattern {
    var reader = PatternReader(text, path: path)
    let pattern = try reader.alternatives()
    if reader.position < reader.scalars.count { throw reader.malformed("a ')' that closes nothing") }
    return pattern
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func take(_ text: String) -> Bool {
    guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  private mutating func alternatives() throws(GrammarError) -> Pattern {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw GrammarError(path: path, reason: .tooComplex("the pattern nests more than \(Self.maximumDepth) groups"))
    }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(GrammarError) -> Pattern {
    var parts: [Pattern] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let (part, isAssertion) = try term()
      parts.append(try quantified(part, isAssertion: isAssertion))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func term() throws(GrammarError) -> (pattern: Pattern, isAssertion: Bool) {
    guard let scalar = next else { return (.sequence([]), false) }
    position += 1
    switch scalar {
    case "^": return (.start, true)
    case "$": return (.end, true)
    case ".": return (.characters(CharacterSet.lineTerminators.inverted), false)
    case "(": return (try group(), false)
    case "[": return (.characters(try characterClass()), false)
    case "\\": return (.characters(try escape(inClass: false)), false)
    case "*", "+", "?": throw malformed("'\(scalar)' with nothing before it")
    case "{" where quantifierFollows(): throw malformed("a count with nothing before it")
    default: return (.characters(CharacterSet(scalar)), false)
    }
  }

  private mutating func group() throws(GrammarError) -> Pattern {
    if take("?") {
      if take("=") || take("!") || take("<=") || take("<!") {
        throw unsupported("look-ahead or look-behind in a pattern")
      }
      if take("<") {
        while let scalar = next, scalar != ">" { position += 1; _ = scalar }
        if !take(">") { throw malformed("a group's name that does not end") }
      } else if !take(":") {
        throw malformed("an unknown kind of group")
      }
    }
    let inner = try alternatives()
    if !take(")") { throw malformed("a group that is not closed") }
    return inner
  }

  private mutating func quantified(_ part: Pattern, isAssertion: Bool) throws(GrammarError) -> Pattern {
    var minimum = 0
    var maximum: Int?
    if take("*") {
    } else if take("+") {
      minimum = 1
    } else if take("?") {
      maximum = 1
    } else if next == "{" {
      position += 1
      guard let count = counts() else {
        position -= 1
        return part
      }
      (minimum, maximum) = count
    } else {
      return part
    }
    _ = take("?")  // Lazy or greedy, it is the same language.
    if isAssertion { throw malformed("a repeated anchor") }
    if next == "*" || next == "+" || next == "?" { throw malformed("two counts for one part") }
    guard minimum <= Self.maximumCount, maximum ?? 0 <= Self.maximumCount else {
      throw GrammarError(
        path: path,
        reason: .tooComplex("the pattern repeats a part more than \(Self.maximumCount) times; use maxLength for length")
      )
    }
    if let maximum, maximum < minimum { throw malformed("a count whose maximum is below its minimum") }
    return .repeated(part, minimum: minimum, maximum: maximum)
  }

  /// Whether the text after `{` is a count, without taking it.
  private func quantifierFollows() -> Bool {
    var copy = self
    return copy.counts() != nil
  }

  /// The rest of `{n}`, `{n,}` or `{n,m}` after its brace; `nil`, and nothing taken, for anything else.
  private mutating func counts() -> (minimum: Int, maximum: Int?)? {
    let start = position
    guard let minimum = number() else { return nil }
    var maximum: Int? = minimum
    if take(",") { maximum = next == "}" ? nil : number() ?? -1 }
    guard maximum != -1, take("}") else {
      position = start
      return nil
    }
    return (minimum, maximum)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
      position += 1
    }
    return value
  }

  private mutating func characterClass() throws(GrammarError) -> CharacterSet {
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while let scalar = next, scalar != "]" {
      let low = try classMember()
      if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
        position += 1
        let high = try classMember()
        if let first = low.single, let last = high.single {
          guard first <= last else { throw malformed("a range of characters whose end is before its beginning") }
          ranges.append(first...last)
        } else {
          ranges += low.ranges + high.ranges + [0x2D...0x2D]
        }
      } else {
        ranges += low.ranges
      }
      _ = scalar
    }
    if !take("]") { throw malformed("a class of characters that is not closed") }
    let set = CharacterSet(ranges).intersection(.all)
    return isInverted ? set.inverted : set
  }

  private mutating func classMember() throws(GrammarError) -> CharacterSet {
    guard let scalar = next else { throw malformed("a class of characters that is not closed") }
    position += 1
    return scalar == "\\" ? try escape(inClass: true) : CharacterSet(scalar)
  }

  /// What a backslash and the characters after it stand for.
  private mutating func escape(inClass: Bool) throws(GrammarError) -> CharacterSet {
    guard let scalar = next else { throw malformed("a backslash with nothing after it") }
    position += 1
    switch scalar {
    case "d": return .digits
    case "D": return CharacterSet.digits.inverted
    case "w": return .word
    case "W": return CharacterSet.word.inverted
    case "s": return .space
    case "S": return CharacterSet.space.inverted
    case "t": return CharacterSet("\t")
    case "n": return CharacterSet("\n")
    case "r": return CharacterSet("\r")
    case "v": return CharacterSet("\u{0B}")
    case "f": return CharacterSet("\u{0C}")
    case "b" where inClass: return CharacterSet("\u{08}")
    case "b", "B": throw unsupported("a word boundary (\\\(scalar)) in a pattern")
    case "p", "P": throw unsupported("a Unicode property (\\\(scalar)) in a pattern")
    case "k", "1"..."9": throw unsupported("a back-reference in a pattern")
    case "0":
      if let digit = next, ("0"..."9").contains(digit) { throw malformed("an octal escape") }
      return CharacterSet("\u{00}")
    case "c":
      guard let letter = next, letter.properties.isASCIIHexDigit || letter.isASCIILetter else {
        throw malformed("a control escape without a letter")
      }
      position += 1
      return CharacterSet(Unicode.Scalar(UInt8(letter.value & 0x1F)))
    case "x": return try hexadecimal(digits: 2)
    case "u": return try unicodeEscape()
    default:
      if scalar.isASCIILetter { throw malformed("the unknown escape \\\(scalar)") }
      return CharacterSet(scalar)
    }
  }

  private mutating func unicodeEscape() throws(GrammarError) -> CharacterSet {
    if take("{") {
      var value: UInt32 = 0
      var count = 0
      while let digit = next.flatMap({ $0.hexadecimalValue }), count < 8 {
        value = value << 4 | digit
        count += 1
        position += 1
      }
      guard count > 0, take("}"), let scalar = Unicode.Scalar(value) else {
        throw malformed("a \\u{…} that is no character")
      }
      return CharacterSet(scalar)
    }
    let unit = try hexadecimalValue(digits: 4)
    if (0xD800...0xDBFF).contains(unit), take("\\u") {
      let low = try hexadecimalValue(digits: 4)
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw malformed("half a surrogate pair") }
      return CharacterSet(scalar)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw malformed("half a surrogate pair") }
    return CharacterSet(scalar)
  }

  private mutating func hexadecimal(digits: Int) throws(GrammarError) -> CharacterSet {
    guard let scalar = Unicode.Scalar(try hexadecimalValue(digits: digits)) else {
      throw malformed("an escape that is no character")
    }
    return CharacterSet(scalar)
  }

  private mutating func hexadecimalValue(digits: Int) throws(GrammarError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = next.flatMap({ $0.hexadecimalValue }) else {
        throw malformed("an escape with fewer than \(digits) hexadecimal digits")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private func malformed(_ found: String) -> GrammarError {
    GrammarError(
      path: path, reason: .malformed(found: "\(found) at character \(position)", expected: "an ECMA-262 pattern"))
  }

  private func unsupported(_ found: String) -> GrammarError {
    GrammarError(
      path: path,
      reason: .unsupported(
        found: found, supported: "anchors, classes, groups, alternatives and counts are supported in patterns"))
  }
}

extension CharacterSet {
  /// The only member of the set, if there is just one.
  fileprivate var single: UInt32? {
    guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
    return range.lowerBound
  }
}

extension Unicode.Scalar {
  fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

  fileprivate var hexadecimalValue: UInt32? {
    switch self {
    case "0"..."9": value - 0x30
    case "a"..."f": value - 0x61 + 10
    case "A"..."F": value - 0x41 + 10
    default: nil
    }
  }
}
