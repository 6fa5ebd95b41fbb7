import MosoConversation
import MosoFormats

extension FuzzTarget {
  /// Requests, answers and streams of the Messages API in both of its dialects.
  package static let messages = FuzzTarget(
    "messages", seeds: messagesSeeds.map { FuzzSeed(Array($0.utf8), isText: true) }
  ) { (bytes: [UInt8]) throws(RequestError) in
    guard bytes.first == UInt8(ascii: "{") else { return try readMessagesStream(bytes) }
    let value = try WireCheck.json(bytes)
    if value["stop_reason"] != nil {
      let codec = MessagesCodec()
      let answer = codec.encode(try codec.decodeResponse(value))
      let again = codec.encode(try codec.decodeResponse(answer))
      precondition(WireCheck.holds(again, answer), "an answer and its text read again are different")
    } else {
      let refusals = MessagesVersion.allCases.compactMap { readMessagesRequest(value, $0) }
      if let refusal = refusals.first, refusals.count == MessagesVersion.allCases.count { throw refusal }
    }
  }

  /// Reads a request, and returns why it was refused.
  private static func readMessagesRequest(_ value: JSONValue, _ version: MessagesVersion) -> RequestError? {
    do throws(RequestError) {
      let codec = MessagesCodec(version: version)
      let request = try codec.decodeRequest(value)
      let body = codec.encodeRequest(request)
      precondition(WireCheck.holds(body, value), "a field of a request was lost")
      precondition(request.unknownFields.allSatisfy { !$0.isEmpty }, "an unknown field without a place")
      _ = request.unsupportedContent
      WireCheck.write(OpenAICodec().encodeChatRequest(request))
      return nil
    } catch {
      return error
    }
  }

  private static func readMessagesStream(_ bytes: [UInt8]) throws(RequestError) {
    let events = try WireCheck.events(bytes, MessagesStreamDecoder()) { (decoder, piece) throws(RequestError) in
      try decoder.events(in: piece)
    }
    var encoder = MessagesStreamEncoder()
    let text = events.flatMap { encoder.frames(for: $0) }
    var decoder = MessagesStreamDecoder()
    let again = try decoder.events(in: text)
    // Pieces that say nothing are not written.
    precondition(again.count <= events.count, "a stream and its text read again are different")
  }

  private static let messagesSeeds = [
    #"""
    {"model": "m", "max_tokens": 4096, "temperature": 0.5, "top_k": 40, "stream": true, "stop_sequences": ["\n\nHuman:"],
     "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
     "tools": [{"name": "ls", "description": "é", "input_schema": {"type": "object", "properties": {"b": {}, "a": {}}}},
               {"type": "bash_20250124", "name": "bash"}], "tool_choice": {"type": "auto", "x": [1, -0.0]},
     "thinking": {"type": "enabled", "budget_tokens": 1024}, "metadata": {"user_id": "u"}, "foo": null,
     "messages": [{"role": "user", "content": "List."},
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "tool_use", "id": "t1", "name": "ls", "input": {"b": 1, "a": 2.0}}, {"type": "other", "y": 1}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "none", "is_error": true},
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "d"}]}, "title": "T"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}]},
      {"role": "system", "content": "Go on."}]}
    """#,
    #"""
    {"model": "m", "max_tokens": 64, "system": "s", "output_config": {"effort": "high", "format": {"type": "json_schema",
     "schema": {"type": "object"}}}, "cache_control": {"type": "ephemeral"}, "messages": [
      {"role": "user", "content": [{"type": "search_result", "source": "s", "title": "t", "content": [
        {"type": "text", "text": "found", "citations": []}], "citations": {"enabled": true}}]},
      {"role": "assistant", "content": "Sure:"}]}
    """#,
    #"""
    {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "é"},
     {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}], "stop_reason": "tool_use", "stop_sequence": null,
     "usage": {"input_tokens": 3, "cache_creation_input_tokens": 2, "cache_read_input_tokens": 1, "output_tokens": 9}}
    """#,
    """
    event: message_start\r
    data: {"type":"message_start","message":{"id":"i","model":"m","usage":{"input_tokens":3,"output_tokens":1}}}\r
    \r
    event: content_block_start
    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

    : comment
    event: content_block_delta
    data: {"type":"content_block_delta","index":0,
    data: "delta":{"type":"text_delta","text":"\\u00e9\\n"}}

    event: content_block_stop
    data: {"type":"content_block_stop","index":0}

    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}

    event: message_stop
    data: {"type":"message_stop"}


    """,
  ]
}

/// What has to hold for every text that a codec reads.
enum WireCheck {
  /// The text as a value, or a refusal as a server gives it.
  static func json(_ bytes: [UInt8]) throws(RequestError) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw RequestError(.invalidRequest, "the body is no JSON: \(error)")
    }
  }

  /// Whether `whole` has every member of `part`, at every depth.
  static func holds(_ whole: JSONValue, _ part: JSONValue) -> Bool {
    switch (whole, part) {
    case (.object(let whole), .object(let part)):
      part.allSatisfy { key, value in whole[key].map { holds($0, value) } ?? false }
    case (.array(let whole), .array(let part)):
      whole.count == part.count && zip(whole, part).allSatisfy { holds($0, $1) }
    default: whole == part
    }
  }

  /// Writes a value that no reader has to take.
  static func write(_ value: JSONValue) {
    precondition(!value.serializedBytes().isEmpty, "a value without a text")
  }

  /// The steps of a stream, which are the same when it comes byte by byte.
  static func events<Decoder>(
    _ bytes: [UInt8], _ decoder: Decoder,
    _ read: (inout Decoder, ArraySlice<UInt8>) throws(RequestError) -> [GenerationEvent]
  ) throws(RequestError) -> [GenerationEvent] {
    var pieces: [GenerationEvent] = []
    var failure: RequestError?
    var slow = decoder
    do throws(RequestError) {
      for index in bytes.indices { pieces += try read(&slow, bytes[index...index]) }
    } catch {
      failure = error
    }
    var fast = decoder
    do throws(RequestError) {
      let events = try read(&fast, bytes[...])
      precondition(failure == nil && events == pieces, "a stream in pieces is another one")
      return events
    } catch {
      precondition(failure == error, "a stream in pieces fails otherwise")
      throw error
    }
  }
}
