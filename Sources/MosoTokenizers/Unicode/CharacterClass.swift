/// What the pre-tokenizers ask about a character, one bit for each question.
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt16

  @inline(__always)
  init(rawValue: UInt16) { self.rawValue = rawValue }

  // The categories of Unicode 16.0, as far as a pattern tells them apart.

  /// `Lu` and `Lt`.
  static var upper: Self { Self(rawValue: 1 << 0) }
  /// `Ll`.
  static var lower: Self { Self(rawValue: 1 << 1) }
  /// `Lm` and `Lo`: letters without case.
  static var caseless: Self { Self(rawValue: 1 << 2) }
  /// `M`: accents and other characters that join the one before.
  static var mark: Self { Self(rawValue: 1 << 3) }
  /// `N`.
  static var number: Self { Self(rawValue: 1 << 4) }
  /// `P`.
  static var punctuation: Self { Self(rawValue: 1 << 5) }
  /// `S`.
  static var symbol: Self { Self(rawValue: 1 << 6) }
  /// `White_Space`, which is what `\s` means.
  static var space: Self { Self(rawValue: 1 << 7) }
  /// Carriage return and line feed.
  static var lineBreak: Self { Self(rawValue: 1 << 8) }
  /// A number of Unicode 17.0, which is what the pre-tokenizer `Digits` goes by.
  static var digit: Self { Self(rawValue: 1 << 9) }
  /// What `\w` means.
  static var word: Self { Self(rawValue: 1 << 10) }

  /// `L`.
  static var letter: Self { [.upper, .lower, .caseless] }

  /// Whether the two have a bit in common.
  @inline(__always)
  func meets(_ other: Self) -> Bool { rawValue & other.rawValue != 0 }

  /// The class a letter of `CharacterClassRuns` stands for.
  init(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "U"): self = [.upper, .word]
    case UInt8(ascii: "l"): self = [.lower, .word]
    case UInt8(ascii: "o"): self = [.caseless, .word]
    case UInt8(ascii: "M"): self = [.mark, .word]
    case UInt8(ascii: "d"): self = [.number, .digit, .word]
    case UInt8(ascii: "n"): self = [.number, .digit]
    case UInt8(ascii: "x"): self = [.digit]
    case UInt8(ascii: "P"): self = [.punctuation]
    case UInt8(ascii: "c"): self = [.punctuation, .word]
    case UInt8(ascii: "S"): self = [.symbol]
    case UInt8(ascii: "s"): self = [.symbol, .word]
    case UInt8(ascii: "w"): self = [.space]
    case UInt8(ascii: "r"): self = [.space, .lineBreak]
    case UInt8(ascii: "j"): self = [.word]
    default: self = []
    }
  }
}

/// The class of every code point, in two stages: blocks of 128 code points, equal blocks kept once.
struct CharacterClassTable: Sendable {
  /// Which block a code point's class is in, by the code point divided by 128.
  private let blocks: [UInt16]
  private let classes: [CharacterClass]

  static let shared = CharacterClassTable()

  private init() {
    var flat: [CharacterClass] = []
    flat.reserveCapacity(0x110000)
    let runs = CharacterClassRuns.text
    let text = unsafe UnsafeBufferPointer(start: runs.utf8Start, count: runs.utf8CodeUnitCount)
    var index = 0
    while index < text.count {
      let value = unsafe CharacterClass(letter: text[index])
      index += 1
      var count = 0
      while index < text.count, case let digit = unsafe text[index] &- UInt8(ascii: "0"), digit < 10 {
        count = count * 10 + Int(digit)
        index += 1
      }
      flat.append(contentsOf: repeatElement(value, count: max(count, 1)))
    }
    precondition(flat.count == 0x110000, "the runs cover every code point")

    var blocks: [UInt16] = []
    var classes: [CharacterClass] = []
    var known: [[UInt16]: UInt16] = [:]
    for start in stride(from: 0, to: flat.count, by: 128) {
      let block = flat[start..<start + 128]
      // Most blocks equal the one before, and comparing is quicker than hashing.
      if start > 0, block.elementsEqual(flat[start - 128..<start]), let same = blocks.last {
        blocks.append(same)
        continue
      }
      let number = known[block.map(\.rawValue), default: UInt16(classes.count / 128)]
      blocks.append(number)
      if Int(number) == classes.count / 128 {
        known[block.map(\.rawValue)] = number
        classes.append(contentsOf: block)
      }
    }
    self.blocks = blocks
    self.classes = classes
  }

  /// The class of an ASCII character; the first block is block 0.
  @inline(__always)
  func ascii(_ byte: UInt8) -> CharacterClass { classes[Int(byte & 0x7F)] }

  /// The class of a code point below 0x110000.
  @inline(__always)
  subscript(_ codePoint: UInt32) -> CharacterClass {
    classes[Int(blocks[Int(codePoint >> 7)]) << 7 | Int(codePoint & 0x7F)]
  }
}
