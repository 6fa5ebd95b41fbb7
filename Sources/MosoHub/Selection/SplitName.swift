/// The name of one part of a model that is split over several files: `stem-00001-of-00003.gguf`.
struct SplitName: Hashable, Sendable {
  let stem: String
  let index: Int
  let count: Int
  let ending: String

  /// `nil` for a name that is not of this form, or counts more than 1,000 parts.
  init?(_ name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let words = name[..<dot].split(separator: "-", omittingEmptySubsequences: false)
    guard words.count >= 4, words[words.count - 2] == "of" else { return nil }
    let (first, last) = (words[words.count - 3], words[words.count - 1])
    guard first.utf8.count == 5, last.utf8.count == 5, let index = Int(first), let count = Int(last) else { return nil }
    guard (1...1_000).contains(count), (1...count).contains(index) else { return nil }
    stem = words.dropLast(3).joined(separator: "-")
    self.index = index
    self.count = count
    ending = String(name[dot...])
  }

  /// The names of all the parts, in order.
  var allNames: [String] {
    (1...count).map { stem + "-" + Self.padded($0) + "-of-" + Self.padded(count) + ending }
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
