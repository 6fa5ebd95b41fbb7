extension ModelReference {
  /// What may have been meant by a text that names nothing.
  static func suggestion(for text: String) -> String? {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if names.count == 2, let reference = try? HubReference(parsing: text[...]) { return reference.description }
    let word = (parts.first ?? text).lowercased()
    let near = WellKnownModel.all.flatMap { [$0.name] + $0.aliases }.map { ($0, editDistance(word, $0)) }
    guard let best = near.min(by: { $0.1 < $1.1 }), best.1 <= max(2, best.0.count / 3) else { return nil }
    return WellKnownModel.named(best.0)?.name
  }

  /// The reference for the address of a page of the hub: `https://huggingface.co/owner/name/blob/main/file.gguf`.
  static func suggestion(forAddress text: String) -> String? {
    var address = text[...]
    if let scheme = text.firstRange(of: "://") { address = text[scheme.upperBound...] }
    let words = address.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map(String.init)
    guard let host = words.first?.lowercased(), words.count >= 3 else { return nil }
    guard ["huggingface.co", "www.huggingface.co", "hf.co"].contains(host) else { return nil }
    var reference = words[1] + "/" + words[2]
    let tail = Array(words.dropFirst(3))
    if tail.count >= 3, ["blob", "resolve", "raw"].contains(tail[0]) {
      if tail[1] != "main" { reference += "@" + tail[1] }
      reference += ":" + tail[2...].joined(separator: "/")
    }
    return (try? HubReference(parsing: reference[...]))?.description
  }

  /// How many letters must be inserted, removed or replaced to make one word of the other (Levenshtein); words beyond
  /// 64 letters count as far away.
  static func editDistance(_ left: String, _ right: String) -> Int {
    let (from, to) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    guard from.count <= 64, to.count <= 64 else { return Int.max }
    var row = Array(0...to.count)
    for (i, letter) in from.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in to.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[to.count]
  }
}
