import MosoConversation
import MosoFormats

extension FuzzTarget {
  /// Requests, answers and streams of OpenAI's API: chats, completions and embeddings.
  package static let openAI = FuzzTarget(
    "openai", seeds: openAISeeds.map { FuzzSeed(Array($0.utf8), isText: true) }
  ) { (bytes: [UInt8]) throws(RequestError) in
    guard bytes.first == UInt8(ascii: "{") else { return try readChatStream(bytes) }
    let value = try WireCheck.json(bytes)
    let codec = OpenAICodec()
    if value["choices"] != nil {
      let answers = codec.encodeChat(try codec.decodeChat(value), created: 0)
      let again = codec.encodeChat(try codec.decodeChat(answers), created: 0)
      precondition(WireCheck.holds(again, answers), "an answer and its text read again are different")
    } else if value["prompt"] != nil {
      let request = try codec.decodeCompletionRequest(value)
      precondition(!request.prompts.isEmpty, "a request for nothing")
    } else if value["input"] != nil {
      let request = try codec.decodeEmbeddingRequest(value)
      precondition(!request.inputs.isEmpty, "a request for nothing")
    } else {
      let request = try codec.decodeChatRequest(value)
      precondition(WireCheck.holds(codec.encodeChatRequest(request), value), "a field of a request was lost")
      precondition(request.unknownFields.allSatisfy { !$0.isEmpty }, "an unknown field without a place")
      _ = request.unsupportedContent
      for version in MessagesVersion.allCases {
        WireCheck.write(MessagesCodec(version: version).encodeRequest(request))
      }
    }
  }

  private static func readChatStream(_ bytes: [UInt8]) throws(RequestError) {
    let events = try WireCheck.events(bytes, ChatStreamDecoder()) { (decoder, piece) throws(RequestError) in
      try decoder.events(in: piece)
    }
    var encoder = ChatStreamEncoder(created: 0, includesUsage: true)
    let text = events.flatMap { encoder.frames(for: $0) }
    var decoder = ChatStreamDecoder()
    let again = try decoder.events(in: text)
    precondition(again.count <= events.count + 1, "a stream and its text read again are different")
  }

  private static let openAISeeds = [
    #"""
    {"model": "m", "max_completion_tokens": 99, "temperature": 1.5, "top_k": -1, "seed": -7, "n": 2, "stop": "END",
     "logit_bias": {"50": -100, "7": 1.5}, "logprobs": true, "top_logprobs": 5, "stream_options": {"include_usage": true},
     "tool_choice": {"type": "function", "function": {"name": "ls"}}, "reasoning_effort": "minimal", "store": null,
     "tools": [{"type": "function", "function": {"name": "ls", "parameters": {"type": "object"}}}], "user": "u",
     "response_format": {"type": "json_schema", "json_schema": {"name": "N", "schema": {"z": 1, "a": 2.0}}}, "foo": [{}],
     "messages": [{"role": "developer", "content": "Be brief."},
      {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url":
        {"url": "data:image/png;base64,AA==", "detail": "low"}}, {"type": "input_audio", "input_audio": {"data": "x"}}]},
      {"role": "assistant", "content": null, "reasoning_content": "Hm", "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": "{\"b\":1, \"a\": 2.0}"}}]},
      {"role": "tool", "tool_call_id": "c1", "content": "none"}, {"role": "assistant", "content": "é"}]}
    """#,
    #"{"model": "m", "prompt": [[1, 2], [3]], "max_tokens": 1, "echo": true, "logprobs": 1, "temperature": 0, "suffix": null}"#,
    #"{"model": "m", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 8}"#,
    #"""
    {"id": "i", "model": "m", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant",
     "content": "é", "reasoning_content": "hm", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f",
     "arguments": "{}"}}]}, "logprobs": {"content": [{"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}]}}],
     "usage": {"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}}
    """#,
    """
    data: {"id":"i","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

    : ping

    data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}

    data: {"choices":[{"index":0,"delta":{"content":"a\\n"},"logprobs":{"content":[{"token":"a","logprob":-1}]}}]}

    data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{"}}]}}]}

    data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}

    data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

    data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}}

    data: [DONE]


    """,
  ]
}
