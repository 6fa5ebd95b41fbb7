public import MosoFormats

extension OpenAICodec {
  /// Writes whole continuations.
  ///
  /// - Parameters:
  ///   - response: The continuations.
  ///   - created: When they were made, in seconds since 1970.
  public func encode(_ response: CompletionResponse, created: Int) -> JSONValue {
    let choices: [JSONValue] = response.choices.enumerated().map { index, choice in
      var offset = 0
      return [
        "index": .integer(index), "text": .string(choice.text),
        "logprobs": choice.tokens.map { Self.json($0, offset: &offset) } ?? .null,
        "finish_reason": .string(Self.completionName(of: choice.stopReason)),
      ]
    }
    return [
      "id": .string(response.id), "object": "text_completion", "created": .integer(created),
      "model": .string(response.model), "choices": .array(choices), "usage": Self.json(response.usage),
    ]
  }

  /// The tokens of a text with their log-probabilities as completions have them: lists side by side.
  ///
  /// - Parameters:
  ///   - tokens: The tokens.
  ///   - offset: How many characters of the text come before them; afterwards, how many come before the next.
  static func json(_ tokens: [MeasuredToken], offset: inout Int) -> JSONValue {
    var texts: [JSONValue] = []
    var logProbabilities: [JSONValue] = []
    var best: [JSONValue] = []
    var offsets: [JSONValue] = []
    for token in tokens {
      texts.append(.string(text(of: token.bytes)))
      logProbabilities.append(token.logProbability.map(json) ?? .null)
      best.append(alternatives(to: token))
      // A token may begin within a character; its place is that of the character.
      let beginsWithin = token.bytes.first.map { $0 & 0xC0 == 0x80 } ?? false
      offsets.append(.integer(beginsWithin ? max(offset - 1, 0) : offset))
      for byte in token.bytes where byte & 0xC0 != 0x80 { offset += 1 }
    }
    return [
      "tokens": .array(texts), "token_logprobs": .array(logProbabilities), "top_logprobs": .array(best),
      "text_offset": .array(offsets),
    ]
  }

  /// The best tokens by their text, and the token itself, as the API has them; `null` where nothing was predicted.
  private static func alternatives(to token: MeasuredToken) -> JSONValue {
    guard let logProbability = token.logProbability else { return .null }
    var fields = JSONObject()
    for alternative in token.best {
      let name = text(of: alternative.bytes)
      // Of tokens with the same text, the best counts.
      if fields[name] == nil { fields[name] = json(alternative.logProbability) }
    }
    let name = text(of: token.bytes)
    if fields[name] == nil { fields[name] = json(logProbability) }
    return .object(fields)
  }

  /// A token's text; the bytes themselves in hexadecimal where they are no whole characters.
  private static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return "bytes:"
      + bytes.map { byte in
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count < 2 ? "0" : "") + digits
      }.joined()
  }

  /// Why a text ended; it cannot end in the use of a tool.
  static func completionName(of reason: StopReason) -> String {
    reason == .toolUse ? "stop" : wireName(of: reason)
  }
}
