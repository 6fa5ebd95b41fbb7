import MosoFormats

extension ModelReference {
  /// What may have been meant by a text that names nothing.
  static func suggestion(for text: String) -> String? {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if names.count == 2, let reference = try? HubReference(parsing: text[...]) { return reference.description }
    let word = (parts.first ?? text).lowercased()
    let known = WellKnownModel.all.flatMap { [$0.name] + $0.aliases }
    return Spelling.nearest(to: word, among: known).flatMap { WellKnownModel.named($0)?.name }
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
}
