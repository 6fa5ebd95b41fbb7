/// Messages on channels, as gpt-oss writes them (its format is called Harmony): a header such as
/// `<|channel|>commentary to=functions.weather <|constrain|>json`, `<|message|>`, and then what the message says.
extension AnswerReader {
  private static let headerEnd = Array("<|message|>".utf8)
  private static let longestHeader = 512

  /// Takes a byte of a header, or finds that it is none.
  mutating func takeInHeader(_ byte: UInt8) {
    untold.append(byte)
    if untold.suffix(Self.headerEnd.count).elementsEqual(Self.headerEnd) {
      endHeader(String(decoding: untold.dropLast(Self.headerEnd.count), as: UTF8.self))
    } else if untold.count > Self.longestHeader || !mayBeHeader {
      giveUp()
    }
  }

  /// Whether the bytes so far may be the beginning of a header.
  private var mayBeHeader: Bool {
    let bytes = untold.drop { $0.isJSONSpace }
    return ["<|", "to="].contains { zip($0.utf8, bytes).allSatisfy { $0 == $1 } }
  }

  private mutating func endHeader(_ header: String) {
    let channel = Self.word(after: "<|channel|>", in: header)
    let recipient = Self.word(after: "to=", in: header)
    guard let recipient else {
      untold = []
      startBlock(channel == "analysis" ? .thinking : .text)
      return
    }
    let prefix = "functions."
    let name = recipient.hasPrefix(prefix) ? String(recipient.dropFirst(prefix.count)) : recipient
    // A call of no tool that was named is text.
    guard toolNames.contains(name) else { return giveUp() }
    mode = .calls(CallReader(argumentsOf: name, streams: options.callsAreCertain))
  }

  /// What stands after a text, up to white space or the next token.
  private static func word(after text: String, in header: String) -> String? {
    let bytes = Array(header.utf8)
    guard let place = bytes.firstRange(of: Array(text.utf8), from: 0) else { return nil }
    let word = bytes[place.upperBound...].prefix { !$0.isJSONSpace && $0 != UInt8(ascii: "<") }
    return String(decoding: word, as: UTF8.self)
  }
}
