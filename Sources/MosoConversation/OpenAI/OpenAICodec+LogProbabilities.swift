import MosoFormats

extension OpenAICodec {
  /// Log-probabilities of the tokens of an answer as chats have them; `null` when there are none.
  static func json(_ tokens: [TokenLogProbability]) -> JSONValue {
    guard !tokens.isEmpty else { return .null }
    let content: [JSONValue] = tokens.map { token in
      var fields = json(token.chosen)
      fields["top_logprobs"] = .array(token.best.map { .object(json($0)) })
      return .object(fields)
    }
    return ["content": .array(content), "refusal": nil]
  }

  private static func json(_ token: TokenLogProbability.Alternative) -> JSONObject {
    [
      "token": .string(String(decoding: token.bytes, as: UTF8.self)), "logprob": json(token.logProbability),
      "bytes": .array(token.bytes.map { .integer(Int($0)) }),
    ]
  }

  /// A log-probability, with as many digits as reading it back needs; what JSON cannot say becomes the API's -9999.
  static func json(_ logProbability: Float) -> JSONValue {
    let least: Float = -9_999
    guard logProbability.isFinite, logProbability > least else { return .number(Double(least)) }
    return .number(Double(logProbability.description) ?? Double(logProbability))
  }

  /// Reads the log-probabilities of a chat's answer, which name tokens by their text alone.
  static func logProbabilities(_ fields: inout FieldReader) throws(RequestError) -> [TokenLogProbability] {
    var tokens: [TokenLogProbability] = []
    for (index, element) in (try fields.array("content") ?? []).enumerated() {
      var token = try FieldReader(element, at: fields.place("content.\(index)"))
      let chosen = try alternative(&token)
      var best: [TokenLogProbability.Alternative] = []
      for (index, element) in (try token.array("top_logprobs") ?? []).enumerated() {
        var reader = try FieldReader(element, at: token.place("top_logprobs.\(index)"))
        best.append(try alternative(&reader))
      }
      tokens.append(TokenLogProbability(chosen: chosen, best: best))
    }
    return tokens
  }

  private static func alternative(
    _ fields: inout FieldReader
  ) throws(RequestError) -> TokenLogProbability.Alternative {
    let text = try fields.requiredString("token")
    guard let value = try fields.number("logprob", in: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude) else {
      throw fields.wrong("logprob", expected: "a number")
    }
    var bytes = Array(text.utf8)
    if let list = try fields.array("bytes") {
      bytes = []
      for element in list {
        guard let byte = element.integerValue.flatMap({ UInt8(exactly: $0) }) else {
          throw fields.wrong("bytes", expected: "an array of numbers from 0 to 255")
        }
        bytes.append(byte)
      }
    }
    return TokenLogProbability.Alternative(
      token: TokenLogProbability.Alternative.unknownToken, bytes: bytes, logProbability: Float(value))
  }
}
