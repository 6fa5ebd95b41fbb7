/// A control sequence from the keyboard: `ESC [`, parameter bytes, and the final byte that says which key it is.
struct KeySequence {
  private let numbers: [Int]
  private let isPrivate: Bool
  private let final: UInt8

  init(parameters: [UInt8], final: UInt8) {
    // A sub-parameter after a colon (kitty's key alternatives and event types) does not matter here.
    numbers = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
      let digits = field.prefix { $0 != UInt8(ascii: ":") }
      return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }
    isPrivate = parameters.first.map { (0x3C...0x3F).contains($0) } ?? false
    self.final = final
  }

  private func number(_ index: Int) -> Int {
    index < numbers.count ? numbers[index] : 0
  }

  var beginsPaste: Bool { final == UInt8(ascii: "~") && number(0) == 200 }

  /// The key, or `nil` for one that means nothing to an editor.
  var event: KeyEvent? {
    if isPrivate { return nil }
    switch final {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "C"): return modifiers(1).movesByWord ? .wordRight : .right
    case UInt8(ascii: "D"): return modifiers(1).movesByWord ? .wordLeft : .left
    case UInt8(ascii: "H"): return .home
    case UInt8(ascii: "F"): return .end
    case UInt8(ascii: "M") where number(0) == 0: return .enter  // keypad Enter after ESC O
    case UInt8(ascii: "R") where number(0) > 0 && number(1) > 0:
      return .cursorPosition(CursorPosition(row: number(0) - 1, column: number(1) - 1))
    case UInt8(ascii: "Z"): return .backTab
    case UInt8(ascii: "u"): return key(code: number(0), modifiers: modifiers(1))
    case UInt8(ascii: "~"): return numberedKey
    default: return nil
    }
  }

  /// The keys of the VT220 keyboard, which have numbers.
  private var numberedKey: KeyEvent? {
    switch number(0) {
    case 1, 7: .home
    case 4, 8: .end
    case 3: modifiers(1).movesByWord ? .wordDelete : .delete
    case 5: .pageUp
    case 6: .pageDown
    case 27: key(code: number(2), modifiers: modifiers(1))  // xterm's modifyOtherKeys
    default: nil
    }
  }

  /// A key given by its code point, as xterm and kitty send keys that have no sequence of their own.
  private func key(code: Int, modifiers: Modifiers) -> KeyEvent? {
    switch code {
    case 13: return modifiers.isEmpty ? .enter : .newline
    case 9: return modifiers.contains(.shift) ? .backTab : .tab
    case 27: return .escape
    case 8, 127: return modifiers.movesByWord ? .wordBackspace : .backspace
    default:
      guard code >= 0x20, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
      if HarmlessText.isDangerous(scalar) { return nil }
      // Kitty's keys without a character, such as Caps Lock, are in the private use area.
      if (0xE000...0xF8FF).contains(scalar.value) { return nil }
      if modifiers.contains(.control) {
        let letter = scalar.properties.lowercaseMapping.first ?? Character(scalar)
        return letter == "j" ? .newline : letter == "m" ? .enter : letter == "i" ? .tab : .control(letter)
      }
      return modifiers.contains(.alt) ? .alt(Character(scalar)) : .text(String(scalar))
    }
  }

  private struct Modifiers: OptionSet {
    let rawValue: Int
    static let shift = Modifiers(rawValue: 1)
    static let alt = Modifiers(rawValue: 2)
    static let control = Modifiers(rawValue: 4)

    var movesByWord: Bool { contains(.alt) || contains(.control) }
  }

  /// A modifier parameter is one more than the sum of its bits; Caps Lock and Num Lock are not asked for.
  private func modifiers(_ index: Int) -> Modifiers {
    Modifiers(rawValue: max(0, number(index) - 1) & 7)
  }
}
