/// Checks a JSON text byte by byte as it comes, without keeping it.
struct JSONTextScanner: Sendable {
  /// What the next byte belongs to.
  enum Phase: Sendable, Hashable {
    /// A value has to begin; `mayEnd` right after a `[`.
    case value(mayEnd: Bool)
    /// A key has to begin; `mayEnd` right after a `{`.
    case key(mayEnd: Bool)
    case inKey
    case colon
    case inString
    case inNumber(Number)
    /// So many bytes of `true`, `false` or `null` came.
    case inWord(StaticWord, Int)
    /// A comma or the end of the innermost array or object.
    case comma
    case done
  }

  /// Where in a number the next byte is.
  enum Number: Sendable, Hashable {
    case minus, zero, whole, point, fraction, exponent, exponentSign, exponentDigits
    /// Whether the number may end here.
    var mayEnd: Bool { self == .zero || self == .whole || self == .fraction || self == .exponentDigits }
  }

  enum StaticWord: Sendable, Hashable {
    case isTrue, isFalse, null
    var bytes: StaticString {
      switch self {
      case .isTrue: "true"
      case .isFalse: "false"
      case .null: "null"
      }
    }
  }

  private(set) var phase = Phase.value(mayEnd: false)
  /// The open arrays and objects; whether each is an object.
  private var open: [Bool] = []
  /// How many hexadecimal digits are to come, and whether a backslash came.
  private var digitsToCome = 0
  private var isEscaped = false

  /// More than a grammar lets a model open, with the constants of a schema within.
  private static let mostDepth = 256

  /// How many arrays and objects are open.
  var depth: Int { open.count }

  /// Takes the next byte.
  ///
  /// - Returns: Whether the text can still be JSON.
  mutating func take(_ byte: UInt8) -> Bool {
    switch phase {
    case .inKey, .inString: return takeInString(byte)
    case .inNumber(let place): return takeInNumber(byte, place)
    case .inWord(let word, let count): return takeInWord(byte, word, count)
    default: break
    }
    if byte.isJSONSpace { return true }
    switch phase {
    case .value(let mayEnd): return mayEnd && byte == UInt8(ascii: "]") ? close() : takeValue(byte)
    case .key(let mayEnd):
      if mayEnd && byte == UInt8(ascii: "}") { return close() }
      phase = .inKey
      return byte == UInt8(ascii: "\"")
    case .colon:
      phase = .value(mayEnd: false)
      return byte == UInt8(ascii: ":")
    case .comma:
      guard let isObject = open.last else { return false }
      if byte == UInt8(ascii: isObject ? "}" : "]") { return close() }
      phase = isObject ? .key(mayEnd: false) : .value(mayEnd: false)
      return byte == UInt8(ascii: ",")
    default: return false
    }
  }

  private mutating func takeValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard open.count < Self.mostDepth else { return false }
      let isObject = byte == UInt8(ascii: "{")
      open.append(isObject)
      phase = isObject ? .key(mayEnd: true) : .value(mayEnd: true)
    case UInt8(ascii: "\""): phase = .inString
    case UInt8(ascii: "-"): phase = .inNumber(.minus)
    case UInt8(ascii: "0"): phase = .inNumber(.zero)
    case UInt8(ascii: "1")...UInt8(ascii: "9"): phase = .inNumber(.whole)
    case UInt8(ascii: "t"): phase = .inWord(.isTrue, 1)
    case UInt8(ascii: "f"): phase = .inWord(.isFalse, 1)
    case UInt8(ascii: "n"): phase = .inWord(.null, 1)
    default: return false
    }
    return true
  }

  private mutating func close() -> Bool {
    open.removeLast()
    endValue()
    return true
  }

  private mutating func endValue() { phase = open.isEmpty ? .done : .comma }

  private mutating func takeInString(_ byte: UInt8) -> Bool {
    if digitsToCome > 0 {
      digitsToCome -= 1
      return byte.isHexadecimalDigit
    }
    if isEscaped {
      isEscaped = false
      if byte == UInt8(ascii: "u") {
        digitsToCome = 4
        return true
      }
      return "\"\\/bfnrt".utf8.contains(byte)
    }
    switch byte {
    case UInt8(ascii: "\""): if phase == .inKey { phase = .colon } else { endValue() }
    case UInt8(ascii: "\\"): isEscaped = true
    default: return byte >= 0x20
    }
    return true
  }

  private mutating func takeInNumber(_ byte: UInt8, _ place: Number) -> Bool {
    let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    let next: Number? =
      switch place {
      case .minus: byte == UInt8(ascii: "0") ? .zero : isDigit ? .whole : nil
      case .whole where isDigit: .whole
      case .zero, .whole: byte == UInt8(ascii: ".") ? .point : byte | 0x20 == UInt8(ascii: "e") ? .exponent : nil
      case .point: isDigit ? .fraction : nil
      case .fraction: isDigit ? .fraction : byte | 0x20 == UInt8(ascii: "e") ? .exponent : nil
      case .exponent:
        isDigit ? .exponentDigits : byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") ? .exponentSign : nil
      case .exponentSign, .exponentDigits: isDigit ? .exponentDigits : nil
      }
    if let next {
      phase = .inNumber(next)
      return true
    }
    guard place.mayEnd, !open.isEmpty else { return false }
    endValue()
    return take(byte)
  }

  private mutating func takeInWord(_ byte: UInt8, _ word: StaticWord, _ count: Int) -> Bool {
    let bytes = word.bytes
    let isRight = bytes.withUTF8Buffer { unsafe $0[count] == byte }
    if count + 1 == bytes.utf8CodeUnitCount { endValue() } else { phase = .inWord(word, count + 1) }
    return isRight
  }
}

extension UInt8 {
  /// Whether it is white space in JSON.
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

  fileprivate var isHexadecimalDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
