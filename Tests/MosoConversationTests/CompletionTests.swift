import MosoConversation
import MosoFormats
import Testing

@Suite("OpenAICodec, completions and embeddings") struct CompletionTests {
  private let codec = OpenAICodec()

  private func decode(_ text: String) throws -> CompletionRequest {
    try codec.decodeCompletionRequest(JSONValue(parsing: text))
  }

  @Test("The fields of a request are read") func fields() throws {
    let request = try decode(
      #"""
      {"model": "m", "prompt": "a", "max_tokens": 0, "echo": true, "logprobs": 1, "temperature": 0, "seed": 3, "n": 2,
       "best_of": 2, "stop": ["x"], "stream": true, "stream_options": {"include_usage": true, "y": 1}, "user": "u",
       "suffix": null, "foo": 1, "bar": null, "top_k": -1, "logit_bias": {"3": 1}}
      """#)
    var expected = CompletionRequest(model: "m", prompts: [.text("a")])
    expected.maximumTokens = 0
    expected.echoesPrompt = true
    expected.alternatives = 1
    expected.sampling.temperature = 0
    expected.sampling.seed = 3
    expected.sampling.topK = 0
    expected.sampling.logitBias = [3: 1]
    expected.count = 2
    expected.stopSequences = ["x"]
    expected.isStreamed = true
    expected.streamIncludesUsage = true
    expected.userID = "u"
    expected.unknownFields = ["stream_options.y", "foo"]
    #expect(request == expected)
  }

  @Test(
    "A prompt is a text, several texts, tokens, or lists of tokens",
    arguments: [
      (#""a""#, [.text("a")]), (#"["a", ""]"#, [.text("a"), .text("")]), ("[1, 2]", [.tokens([1, 2])]),
      ("[[1], [], [2147483647]]", [.tokens([1]), .tokens([]), .tokens([.max])]),
    ] as [(String, [CompletionRequest.Prompt])])
  func prompts(text: String, prompts: [CompletionRequest.Prompt]) throws {
    #expect(try decode("{\"model\": \"m\", \"prompt\": \(text)}").prompts == prompts)
  }

  @Test(
    "What breaks a rule is refused by the name of its field",
    arguments: [
      (#"{"prompt": "a"}"#, "model"), (#"{"model": "m"}"#, "prompt"), (#"{"model": "m", "prompt": []}"#, "prompt"),
      (#"{"model": "m", "prompt": {}}"#, "prompt"), (#"{"model": "m", "prompt": [{}]}"#, "prompt.0"),
      (#"{"model": "m", "prompt": ["a", 1]}"#, "prompt.1"), (#"{"model": "m", "prompt": [1, "a"]}"#, "prompt.1"),
      (#"{"model": "m", "prompt": [[1], "a"]}"#, "prompt.1"), (#"{"model": "m", "prompt": [[1, -1]]}"#, "prompt.0.1"),
      (#"{"model": "m", "prompt": [2147483648]}"#, "prompt.0"), (#"{"model": "m", "prompt": [0.5]}"#, "prompt.0"),
      (#"{"model": "m", "prompt": "a", "suffix": "b"}"#, "suffix"),
      (#"{"model": "m", "prompt": "a", "max_tokens": -1}"#, "max_tokens"),
      (#"{"model": "m", "prompt": "a", "logprobs": 21}"#, "logprobs"),
      (#"{"model": "m", "prompt": "a", "logprobs": true}"#, "logprobs"),
      (#"{"model": "m", "prompt": "a", "echo": 1}"#, "echo"),
      (#"{"model": "m", "prompt": "a", "best_of": 2}"#, "best_of"),
      (#"{"model": "m", "prompt": "a", "n": 0}"#, "n"), (#"{"model": "m", "prompt": "a", "stop": {}}"#, "stop"),
    ])
  func refused(text: String, field: String) {
    let error = #expect(throws: RequestError.self) { try decode(text) }
    #expect(error?.field == field)
  }

  @Test("No more texts are taken than allowed") func manyPrompts() throws {
    let list = [JSONValue](repeating: "a", count: OpenAICodec.maximumPromptCount + 1)
    let error = #expect(throws: RequestError.self) {
      try codec.decodeCompletionRequest(["model": "m", "prompt": .array(list)])
    }
    #expect(error?.message == "prompt has 2049 elements, but has to have at most 2048")
  }

  private func token(_ bytes: [UInt8], _ logProbability: Float?, best: [(String, Float)] = []) -> MeasuredToken {
    MeasuredToken(
      bytes: bytes, logProbability: logProbability,
      best: best.map {
        TokenLogProbability.Alternative(token: 0, bytes: Array($0.0.utf8), logProbability: $0.1)
      })
  }

  @Test("Log-probabilities are lists side by side, null before the first token, equal where the token was the best")
  func logProbabilities() throws {
    let tokens = [
      token(Array("Aé".utf8), nil), token([0xF0, 0x9F], -0.3, best: [("x", -0.1)]),
      token([0x98, 0x80], -1e-5, best: [("y", -2)]), token(Array("b".utf8), -0.123, best: [("b", -0.123), ("b", -7)]),
    ]
    let response = CompletionResponse(
      id: "cmpl-1", model: "m", choices: [.init(text: "Aé😀b", stopReason: .toolUse, tokens: tokens)],
      usage: Usage(input: 1, output: 3))
    let body = codec.encode(response, created: 7)
    #expect(body["object"] == "text_completion")
    let choice = try #require(body["choices"]?.arrayValue?.first)
    #expect(choice["text"] == "Aé😀b")
    #expect(choice["finish_reason"] == "stop")
    #expect(
      choice["logprobs"]?.serialized() == #"""
        {"tokens":["Aé","bytes:\\xf0\\x9f","bytes:\\x98\\x80","b"],"token_logprobs":[null,-0.3,-1e-05,-0.123],"top_logprobs":[null,{"x":-0.1,"bytes:\\xf0\\x9f":-0.3},{"y":-2.0,"bytes:\\x98\\x80":-1e-05},{"b":-0.123}],"text_offset":[0,2,2,3]}
        """#)
    #expect(body["usage"]?["total_tokens"] == 4)
    let plain = CompletionResponse.Choice(text: "a", stopReason: .contextFull)
    let other = codec.encode(CompletionResponse(id: "i", model: "m", choices: [plain], usage: Usage()), created: 0)
    #expect(
      other["choices"] == [["index": 0, "text": "a", "logprobs": nil, "finish_reason": "length"]])
  }

  @Test("A stream of continuations ends with the last of them and counts each prompt once") func stream() {
    var encoder = CompletionStreamEncoder(created: 7, includesUsage: true, countPerPrompt: 2)
    let finished = GenerationEvent.finished(.endOfTurn, usage: Usage(input: 3, output: 5))
    var text = ""
    func add(_ bytes: [UInt8]) { text += String(decoding: bytes, as: UTF8.self) }
    add(encoder.frames(for: .started(id: "i", model: "m", usage: Usage())))
    add(encoder.frames(for: .started(id: "i", model: "m", usage: Usage()), choice: 1))
    add(encoder.frames(forPrompt: "é", tokens: [token(Array("é".utf8), nil)]))
    let chosen = TokenLogProbability.Alternative(token: 1, bytes: [0x61], logProbability: -0.5)
    add(encoder.frames(for: .blockStarted(index: 0, .text)))
    add(encoder.frames(for: .blockGrew(index: 0, .text("a", [TokenLogProbability(chosen: chosen, best: [])]))))
    add(encoder.frames(for: .blockGrew(index: 0, .text("b\n", [])), choice: 1))
    add(encoder.frames(for: .blockGrew(index: 0, .text("", []))))
    add(encoder.frames(for: .ping))
    add(encoder.frames(for: finished))
    add(encoder.frames(for: finished, choice: 1))
    add(encoder.frames(for: .ping))
    let head = #"data: {"id":"i","object":"text_completion","created":7,"model":"m","choices":["#
    let tail = "}],\"usage\":null}\n\n"
    let first = #"{"tokens":["é"],"token_logprobs":[null],"top_logprobs":[null],"text_offset":[0]}"#
    let second = #"{"tokens":["a"],"token_logprobs":[-0.5],"top_logprobs":[{"a":-0.5}],"text_offset":[1]}"#
    let counts =
      #"{"prompt_tokens":3,"completion_tokens":10,"total_tokens":13,"#
      + #""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"#
      + #""completion_tokens_details":{"reasoning_tokens":0}}"#
    let expected =
      head + "{\"index\":0,\"text\":\"é\",\"logprobs\":\(first),\"finish_reason\":null" + tail
      + head + "{\"index\":0,\"text\":\"a\",\"logprobs\":\(second),\"finish_reason\":null" + tail
      + head + "{\"index\":1,\"text\":\"b\\n\",\"logprobs\":null,\"finish_reason\":null" + tail + ": ping\n\n"
      + head + "{\"index\":0,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"stop\"" + tail
      + head + "{\"index\":1,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"stop\"" + tail
      + head + "],\"usage\":\(counts)}\n\ndata: [DONE]\n\n"
    #expect(text == expected)
    var failing = CompletionStreamEncoder(created: 7, countPerPrompt: 2)
    // Also once the continuation has ended that is named with it.
    _ = failing.frames(for: .finished(.maximumTokens, usage: Usage()))
    let failure = String(decoding: failing.frames(for: .failed(RequestError(.server, "no"))), as: UTF8.self)
    #expect(failure.hasPrefix("data: {\"error\":"))
    #expect(failure.hasSuffix("\n\ndata: [DONE]\n\n"))
    #expect(failing.frames(for: .ping) == [])
  }

  @Test("Inputs of embeddings are read like prompts, but none may be empty") func embeddings() throws {
    func decode(_ text: String) throws -> EmbeddingRequest {
      try codec.decodeEmbeddingRequest(JSONValue(parsing: text))
    }
    var expected = EmbeddingRequest(model: "m", inputs: [.text("a"), .text("b")])
    expected.encoding = .base64
    expected.dimensions = 8
    expected.userID = "u"
    expected.unknownFields = ["foo"]
    #expect(
      try decode(
        #"{"model": "m", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 8, "user": "u", "foo": 1}"#)
        == expected)
    #expect(try decode(#"{"model": "m", "input": [1, 2]}"#).inputs == [.tokens([1, 2])])
    for (text, field) in [
      (#"{"model": "m", "input": ""}"#, "input"), (#"{"model": "m", "input": ["a", ""]}"#, "input.1"),
      (#"{"model": "m", "input": [[1], []]}"#, "input.1"),
      (#"{"model": "m", "input": "a", "encoding_format": "x"}"#, "encoding_format"),
      (#"{"model": "m", "input": "a", "dimensions": 0}"#, "dimensions"),
    ] {
      let error = #expect(throws: RequestError.self) { try decode(text) }
      #expect(error?.field == field)
    }
  }

  @Test("Vectors are written as numbers or as their bytes", arguments: 0...4) func vectors(count: Int) throws {
    let vector = Array([Float(1), -0.5, 0.1, 1e-30].prefix(count))
    // The values of Python's base64.b64encode(struct.pack("<…f", …)).
    let texts = ["", "AACAPw==", "AACAPwAAAL8=", "AACAPwAAAL/NzMw9", "AACAPwAAAL/NzMw9YEKiDQ=="]
    let body = codec.encodeEmbeddings([vector, []], model: "m", promptTokens: 3, encoding: .base64)
    #expect(
      body == [
        "object": "list",
        "data": [
          ["object": "embedding", "index": 0, "embedding": .string(texts[count])],
          ["object": "embedding", "index": 1, "embedding": ""],
        ], "model": "m", "usage": ["prompt_tokens": 3, "total_tokens": 3],
      ])
    let numbers = codec.encodeEmbeddings([vector], model: "m", promptTokens: 3, encoding: .float)
    let read = numbers["data"]?.arrayValue?[0]["embedding"]?.arrayValue?.compactMap { $0.doubleValue.map(Float.init) }
    #expect(read == vector)
  }
}
