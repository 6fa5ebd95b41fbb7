/// Letter case as Python's string methods see it: scalar by scalar, with Unicode's full mappings.
extension MarkedText {
  /// Every scalar replaced by a text; what stands for a scalar keeps its mark.
  func mapScalars(_ transform: (_ index: Int, _ scalar: Unicode.Scalar) -> String) -> MarkedText {
    var result = MarkedText()
    result.reserve(bytes.count)
    for (index, (range, scalar)) in scalarRanges().enumerated() {
      result.append(transform(index, scalar), origin: origin(at: range.lowerBound))
    }
    return result
  }

  func uppercased() -> MarkedText { mapScalars { $1.properties.uppercaseMapping } }

  func lowercased() -> MarkedText {
    let scalars = isASCII ? [] : scalarRanges().map(\.scalar)
    return mapScalars { index, scalar in
      scalar == "Σ" && Self.isFinal(index, in: scalars) ? "ς" : scalar.properties.lowercaseMapping
    }
  }

  /// Whether a sigma ends a word: letters before it and none after, marks aside.
  private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }

  /// The first character as in a title and the others in lower case.
  func capitalized() -> MarkedText {
    guard count > 0 else { return self }
    var result = scalars(0, 1).mapScalars { $1.properties.titlecaseMapping }
    result.append(scalars(1, count).lowercased())
    return result
  }

  /// Every word as ``capitalized()``; words begin after anything that has no case (`str.title`).
  func titlecased() -> MarkedText {
    var followsCased = false
    return mapScalars { _, scalar in
      defer { followsCased = scalar.properties.isCased }
      return followsCased ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
    }
  }

  /// Every word with its first character in upper case; words begin after spaces, hyphens and opening brackets (the
  /// filter `title`).
  func wordsCapitalized() -> MarkedText {
    var result = MarkedText()
    var start = 0
    func appendWord(upTo end: Int) {
      guard start < end else { return }
      let first = start + UTF8Text.scalar(in: bytes, at: start).1
      result.append(self[start..<first].uppercased())
      result.append(self[first..<end].lowercased())
    }
    for (range, scalar) in scalarRanges()
    where Whitespace.contains(scalar) || "-({[<".unicodeScalars.contains(scalar) {
      appendWord(upTo: range.lowerBound)
      result.append(self[range])
      start = range.upperBound
    }
    appendWord(upTo: bytes.count)
    return result
  }

  func caseSwapped() -> MarkedText {
    mapScalars { _, scalar in
      scalar.properties.isUppercase ? scalar.properties.lowercaseMapping : scalar.properties.uppercaseMapping
    }
  }
}

// MARK: - Kinds of characters

extension MarkedText {
  func allScalars(_ condition: (Unicode.Scalar) -> Bool) -> Bool {
    !isEmpty && scalarRanges().allSatisfy { condition($0.scalar) }
  }

  /// Whether there are letters with case and none of them is of the other case.
  func isCase(_ isWanted: (Unicode.Scalar) -> Bool, not isUnwanted: (Unicode.Scalar) -> Bool) -> Bool {
    let scalars = scalarRanges().map(\.scalar)
    return scalars.contains(where: isWanted) && !scalars.contains(where: isUnwanted)
  }

  var isTitle: Bool {
    var followsCased = false
    var found = false
    for (_, scalar) in scalarRanges() {
      let properties = scalar.properties
      if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
        if followsCased { return false }
        followsCased = true
        found = true
      } else if properties.isLowercase {
        if !followsCased { return false }
      } else {
        followsCased = false
      }
    }
    return found
  }
}

extension Unicode.Scalar {
  var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  /// Whether Python's `repr` writes the character as itself.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: self == " "
    default: true
    }
  }
}
