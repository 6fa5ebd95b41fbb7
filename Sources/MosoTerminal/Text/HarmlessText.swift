/// Makes text from a model, a file or the network safe to write to a terminal.
///
/// A terminal obeys control characters: an escape sequence can move the cursor over earlier lines, set the window's title,
/// write to the clipboard or make the terminal type answers back into the program. So nothing but printable text, newlines
/// and tabs may pass. Controls become their visible pictures (`␛`), so that the reader sees that something was there.
public enum HarmlessText {
  /// Whether a terminal could act on the scalar instead of drawing it, or draw its neighbours in another order.
  static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x09: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x2028, 0x2029: true
    // Embeddings, overrides and isolates reorder the text around them: what is shown is then not what was written.
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// The scalar to draw in place of `scalar`; `nil` leaves it out.
  static func replacement(for scalar: Unicode.Scalar, isUTF8: Bool) -> Unicode.Scalar? {
    guard isUTF8 else {
      // Outside UTF-8 a terminal may take single bytes of an encoded letter for controls, so only ASCII passes.
      return scalar.isASCII && !isDangerous(scalar) ? scalar : "?"
    }
    guard isDangerous(scalar) else { return scalar }
    switch scalar.value {
    case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value)
    case 0x7F: return "\u{2421}"
    case 0x80..<0xA0: return "\u{FFFD}"
    case 0x2028, 0x2029: return "\n"
    default: return nil
    }
  }

  /// `text` without anything a terminal would act on, except newlines and tabs.
  ///
  /// For a terminal that does not read UTF-8, everything outside ASCII becomes `?`.
  public static func lines(_ text: String, isUTF8: Bool = true) -> String {
    var result = String.UnicodeScalarView()
    var previousWasReturn = false
    for scalar in text.unicodeScalars {
      if previousWasReturn && scalar != "\n", let picture = replacement(for: "\r", isUTF8: isUTF8) {
        result.append(picture)
      }
      // The line ending of other systems is a newline like any other; a lone carriage return would overwrite the line.
      previousWasReturn = scalar == "\r"
      if previousWasReturn { continue }
      if let safe = replacement(for: scalar, isUTF8: isUTF8) { result.append(safe) }
    }
    if previousWasReturn, let picture = replacement(for: "\r", isUTF8: isUTF8) { result.append(picture) }
    return String(result)
  }

  /// `text` as one line that a terminal only draws: newlines and tabs become spaces.
  public static func line(_ text: String, isUTF8: Bool = true) -> String {
    var result = String.UnicodeScalarView()
    for scalar in lines(text, isUTF8: isUTF8).unicodeScalars {
      result.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
    }
    return String(result)
  }
}
