/// Names the places of a page that links lead to, each differently.
struct ReportAnchors {
  private var taken: Set<String>

  /// Names of places that the page has anyway.
  init(taken: Set<String> = []) {
    self.taken = taken
  }

  /// A name made of the letters and digits of `text`, or of `fallback` where it has none.
  mutating func name(for text: String, fallback: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars.prefix(400) {
      guard name.utf8.count < 60 else { break }
      switch scalar {
      case "a"..."z", "0"..."9": name.unicodeScalars.append(scalar)
      case "A"..."Z": name += scalar.properties.lowercaseMapping
      default: if let last = name.last, last != "-" { name += "-" }
      }
    }
    while name.last == "-" { name.removeLast() }
    if name.isEmpty { name = fallback }
    var candidate = name
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(name)-\(number)"
      number += 1
    }
    return candidate
  }
}
