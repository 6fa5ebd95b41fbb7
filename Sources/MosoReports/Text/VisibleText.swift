/// Makes text from a model, a file or the network fit to be shown: every character is seen for what it is.
///
/// What nobody would see, or what would make others look different from how they were written, becomes its code
/// (`‹U+001B›`): controls, marks that reorder the letters around them, and characters that documents may not hold.
/// Works on scalars: to a `String`, `<` and a combining mark after it are one character that is not `<`.
enum VisibleText {
  /// `text` with its newlines and tabs; the line endings of other systems become newlines.
  static func lines(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      if scalar == "\r", next == "\n" { continue }
      append(scalar, to: &result)
    }
    return String(result)
  }

  /// `text` as one line: newlines and tabs become spaces.
  static func line(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in lines(text).unicodeScalars {
      result.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
    }
    return String(result)
  }

  /// `text` as one line of printable ASCII; every other character becomes `?`.
  static func asciiLine(_ text: String) -> String {
    String(line(text).map { $0.isASCII ? $0 : "?" })
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
    switch scalar.value {
    case 0x09, 0x0A: result.append(scalar)
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: appendCode(of: scalar, to: &result)
    case 0xFDD0...0xFDEF: appendCode(of: scalar, to: &result)
    case let value where value & 0xFFFE == 0xFFFE: appendCode(of: scalar, to: &result)
    default: result.append(scalar)
    }
  }

  private static func appendCode(of scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let padding = String(repeating: "0", count: max(0, 4 - digits.count))
    result.append(contentsOf: "‹U+\(padding)\(digits)›".unicodeScalars)
  }
}
