import MosoTokenizers

/// Places in a conversation that are looked for in the rendered prompt.
///
/// A template puts the texts of a conversation wherever it likes. A mark is a text that nobody can guess, put into a
/// message before rendering; afterwards it is taken out of the prompt again, or replaced by what it stands for.
struct PromptMarks {
  /// What a mark stands for.
  enum Meaning {
    /// Nothing: its place is what matters.
    case place
    /// Text that may form control tokens, where the template can only be given text that may not.
    case controlText(String)
  }

  /// A mark by its number.
  typealias Number = Int

  /// What all marks of one prompt begin with: 128 random bits.
  private let beginning: [UInt8]
  private var meanings: [Meaning] = []

  init(using generator: inout some RandomNumberGenerator) {
    // Letters and digits only, which no filter of a template escapes.
    let numbers = [UInt64.random(in: .min ... .max, using: &generator), .random(in: .min ... .max, using: &generator)]
    beginning = Array(("m" + numbers.map { hexadecimal($0, digits: 16) }.joined()).utf8)
  }

  /// How many marks one prompt may have.
  private static let most = 0xFFFF
  private static let digits = 4

  /// A new mark: its number, and the text that stands for it; an empty text when there are too many.
  mutating func add(_ meaning: Meaning) -> (number: Number, text: String) {
    guard meanings.count < Self.most else { return (-1, "") }
    meanings.append(meaning)
    let number = meanings.count - 1
    return (number, String(decoding: beginning, as: UTF8.self) + hexadecimal(UInt64(number), digits: Self.digits))
  }

  /// The prompt without marks, and the byte at which each mark of a place was found that stood there exactly once.
  func resolve(_ segments: [TextSegment]) -> (segments: [TextSegment], places: [Number: Int]) {
    var output = SegmentWriter()
    var places: [Number: Int] = [:]
    var repeated: Set<Number> = []
    for segment in segments {
      let bytes = Array(segment.text.utf8)
      var position = 0
      while let found = bytes.firstRange(of: beginning, from: position),
        let number = number(in: bytes, at: found.upperBound)
      {
        output.append(bytes[position..<found.lowerBound], mayContainControlTokens: segment.mayContainControlTokens)
        position = found.upperBound + Self.digits
        switch meanings[number] {
        case .place: if places.updateValue(output.count, forKey: number) != nil { repeated.insert(number) }
        case .controlText(let text): output.append(Array(text.utf8)[...], mayContainControlTokens: true)
        }
      }
      output.append(bytes[position...], mayContainControlTokens: segment.mayContainControlTokens)
    }
    return (output.segments, places.filter { !repeated.contains($0.key) })
  }

  private func number(in bytes: [UInt8], at position: Int) -> Number? {
    guard position + Self.digits <= bytes.count else { return nil }
    let text = String(decoding: bytes[position..<position + Self.digits], as: UTF8.self)
    guard let number = Int(text, radix: 16), meanings.indices.contains(number) else { return nil }
    return number
  }
}

/// Puts pieces of a prompt together; neighbours with the same mark become one segment.
struct SegmentWriter {
  private(set) var segments: [TextSegment] = []
  /// How many bytes there are so far.
  private(set) var count = 0

  mutating func append(_ bytes: ArraySlice<UInt8>, mayContainControlTokens: Bool) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    let text = String(decoding: bytes, as: UTF8.self)
    if let last = segments.indices.last, segments[last].mayContainControlTokens == mayContainControlTokens {
      segments[last].text += text
    } else {
      segments.append(TextSegment(text, mayContainControlTokens: mayContainControlTokens))
    }
  }

  mutating func append(_ segment: TextSegment) {
    append(Array(segment.text.utf8)[...], mayContainControlTokens: segment.mayContainControlTokens)
  }
}

/// A number in so many hexadecimal digits.
private func hexadecimal(_ number: UInt64, digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
