/// The combining classes, decompositions and compositions of Unicode 9.0.
///
/// That is the version Hugging Face's NFC knows; characters that are newer are left as they are.
struct CanonicalTable: Sendable {
  /// What the table says of a code point, in 16 bits.
  struct Entry: Sendable {
    var rawValue: UInt16 = 0

    /// The canonical combining class; zero for a starter.
    var combiningClass: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
    /// Whether composed text never holds the character.
    var isDecomposed: Bool { rawValue & 0x100 != 0 }
    /// Whether the character may join the one before it.
    var mayCompose: Bool { rawValue & 0x200 != 0 }
    /// Whether nothing before the character can change it, nor it what stands before.
    @inline(__always)
    var isBoundary: Bool { rawValue == 0 }

    fileprivate static var decomposed: UInt16 { 0x100 }
    fileprivate static var composing: UInt16 { 0x200 }
  }

  static let shared = CanonicalTable()

  private var blocks: [UInt16]
  private var entries: [Entry]
  private var decompositions: [UInt32: (first: UInt32, second: UInt32?)] = [:]
  private var compositions: [UInt64: UInt32] = [:]

  private init() {
    blocks = [UInt16](repeating: 0, count: 0x110000 >> 7)
    entries = [Entry](repeating: Entry(), count: 128)
    readCombiningClasses()
    readDecompositions()
    for jamo in Hangul.vowels { self[mutating: jamo].rawValue |= Entry.composing }
    for jamo in Hangul.trailing { self[mutating: jamo].rawValue |= Entry.composing }
  }

  /// What the table says of a code point below 0x110000.
  @inline(__always)
  subscript(_ codePoint: UInt32) -> Entry {
    entries[Int(blocks[Int(codePoint >> 7)]) << 7 | Int(codePoint & 0x7F)]
  }

  /// The one or two characters that a character decomposes into first.
  func decomposition(of codePoint: UInt32) -> (first: UInt32, second: UInt32?)? { decompositions[codePoint] }

  /// The character that two compose into.
  func composition(of first: UInt32, _ second: UInt32) -> UInt32? { compositions[UInt64(first) << 32 | UInt64(second)] }

  private subscript(mutating codePoint: UInt32) -> Entry {
    get { self[codePoint] }
    set {
      if blocks[Int(codePoint >> 7)] == 0 {
        blocks[Int(codePoint >> 7)] = UInt16(entries.count >> 7)
        entries.append(contentsOf: repeatElement(Entry(), count: 128))
      }
      entries[Int(blocks[Int(codePoint >> 7)]) << 7 | Int(codePoint & 0x7F)] = newValue
    }
  }

  private mutating func readCombiningClasses() {
    var codePoint: UInt32 = 0
    for run in Self.fields(of: NormalizationRuns.combiningClasses) {
      let numbers = run.split(separator: UInt8(ascii: ":")).map(Self.hexadecimal)
      codePoint += numbers[0]
      for _ in 0..<numbers[1] {
        self[mutating: codePoint].rawValue |= UInt16(numbers[2])
        codePoint += 1
      }
    }
  }

  private mutating func readDecompositions() {
    var codePoint: UInt32 = 0
    for field in Self.fields(of: NormalizationRuns.decompositions) {
      let sides = field.split(separator: UInt8(ascii: "="))
      let isNeverComposed = sides[0].last == UInt8(ascii: "!")
      codePoint += Self.hexadecimal(isNeverComposed ? sides[0].dropLast() : sides[0])
      let parts = sides[1].split(separator: UInt8(ascii: "+")).map(Self.hexadecimal)
      decompositions[codePoint] = (parts[0], parts.count > 1 ? parts[1] : nil)
      if isNeverComposed {
        self[mutating: codePoint].rawValue |= Entry.decomposed
      } else {
        compositions[UInt64(parts[0]) << 32 | UInt64(parts[1])] = codePoint
        self[mutating: parts[1]].rawValue |= Entry.composing
      }
    }
  }

  private static func fields(of text: StaticString) -> [ArraySlice<UInt8>] {
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    return bytes.split(separator: UInt8(ascii: " "))
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32 {
    digits.reduce(0) { $0 << 4 | UInt32($1 < 0x40 ? $1 - 0x30 : $1 - 0x61 + 10) }
  }
}

/// The arithmetic of Korean syllables (Unicode 16.0, section 3.12).
enum Hangul {
  static let leading: Range<UInt32> = 0x1100..<0x1113
  static let vowels: Range<UInt32> = 0x1161..<0x1176
  static let trailing: Range<UInt32> = 0x11A8..<0x11C3
  static let syllables: Range<UInt32> = 0xAC00..<0xD7A4

  /// The two or three letters of a syllable, the third being zero when there is none.
  static func letters(of syllable: UInt32) -> (leading: UInt32, vowel: UInt32, trailing: UInt32) {
    let index = syllable - syllables.lowerBound
    let tail = index % 28
    return (
      leading.lowerBound + index / 588, vowels.lowerBound + index % 588 / 28,
      tail == 0 ? 0 : trailing.lowerBound + tail - 1
    )
  }

  /// The syllable of a leading letter and a vowel, or of a syllable without a trailing letter and such a letter.
  static func composition(of first: UInt32, _ second: UInt32) -> UInt32? {
    if leading.contains(first), vowels.contains(second) {
      return syllables.lowerBound + (first - leading.lowerBound) * 588 + (second - vowels.lowerBound) * 28
    }
    if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0, trailing.contains(second) {
      return first + second - trailing.lowerBound + 1
    }
    return nil
  }
}
