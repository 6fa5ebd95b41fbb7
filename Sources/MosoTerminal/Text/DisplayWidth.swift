/// Measures how many terminal columns text takes, one scalar at a time.
///
/// The rules are those modern terminals share: East Asian wide and emoji take two columns, combining marks none, and a
/// sequence that draws one picture (zero-width joiners, skin tones, flags, variation selectors) counts as one picture. A
/// streamed answer may be cut anywhere, so the meter keeps the little state that lets a later scalar change what an earlier
/// one was worth: `advance` returns the difference, which is negative for a text variation selector after a wide emoji.
struct DisplayMeter: Equatable {
  private enum Previous: Equatable {
    case nothing
    case plain
    case emoji(width: Int, takesModifier: Bool)
    case joined
    case regionalIndicator
  }

  private var previous = Previous.nothing

  /// The columns `scalar` adds to the text measured so far; control characters add none.
  mutating func advance(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      // Latin text takes this path; digits and signs are remembered because a variation selector can widen them.
      if value < 0x20 || (0x7F..<0xA0).contains(value) {
        previous = .nothing
        return 0
      }
      switch value {
      case 0x23, 0x2A, 0x30...0x39, 0xA9, 0xAE: previous = .emoji(width: 1, takesModifier: false)
      default: previous = .plain
      }
      return 1
    }
    switch value {
    case 0xFE0F: return applyVariation(width: 2)
    case 0xFE0E: return applyVariation(width: 1)
    case 0x200D:
      if case .emoji = previous { previous = .joined }
      return 0
    case 0x1F3FB...0x1F3FF:
      if case .emoji(let width, takesModifier: true) = previous {
        previous = .emoji(width: 2, takesModifier: false)
        return 2 - width
      }
    case 0x1F1E6...0x1F1FF:
      if previous == .regionalIndicator {
        previous = .plain
        return 0
      }
      previous = .regionalIndicator
      return 2
    default: break
    }
    let width = Self.width(of: scalar)
    if width == 0 { return 0 }
    guard scalar.properties.isEmoji else {
      previous = .plain
      return width
    }
    let isPartOfPicture = previous == .joined
    previous = .emoji(width: isPartOfPicture ? 2 : width, takesModifier: scalar.properties.isEmojiModifierBase)
    return isPartOfPicture ? 0 : width
  }

  private mutating func applyVariation(width wanted: Int) -> Int {
    guard case .emoji(let width, let takesModifier) = previous, width != wanted else { return 0 }
    previous = .emoji(width: wanted, takesModifier: takesModifier)
    return wanted - width
  }

  /// The columns a scalar takes when it stands alone.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if isWide(value) { return 2 }
    // Vowels and final consonants of decomposed Hangul are drawn inside the square of the leading consonant.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .lineSeparator, .paragraphSeparator: return 0
    case .format: return isVisibleFormat(value) ? 1 : 0
    default: return scalar.properties.isDefaultIgnorableCodePoint ? 0 : 1
    }
  }

  /// Arabic and Indic signs that enclose the digits after them: format characters by category, but they are drawn.
  private static func isVisibleFormat(_ value: UInt32) -> Bool {
    switch value {
    case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD: true
    default: false
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideScalarRanges.count / 2
    while low < high {
      let middle = (low + high) / 2
      if wideScalarRanges[2 * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < wideScalarRanges.count / 2 && wideScalarRanges[2 * low] <= value
  }
}

extension Character {
  /// The columns this character takes on a terminal: 0, 1, 2, or more for clusters of several letters.
  var displayWidth: Int {
    var meter = DisplayMeter()
    return unicodeScalars.reduce(0) { $0 + meter.advance($1) }
  }
}

extension StringProtocol {
  /// The columns this text takes on a terminal when it is written on one line, not counting escape sequences.
  public var displayWidth: Int {
    var meter = DisplayMeter()
    return unicodeScalars.reduce(0) { $0 + meter.advance($1) }
  }
}
