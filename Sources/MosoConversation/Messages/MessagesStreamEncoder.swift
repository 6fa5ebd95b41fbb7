import MosoFormats

/// Writes the steps of an answer as the server-sent events of the Messages API.
///
/// Steps go in as they come; the bytes that come out are the body of the reply. Nothing is written after the answer's end.
public struct MessagesStreamEncoder: Sendable {
  private let requestID: String?
  private var isOver = false

  /// An encoder for one answer; an error within the stream names `requestID`.
  public init(requestID: String? = nil) {
    self.requestID = requestID
  }

  /// The frames that say `event`; none for a step that this API has no word for.
  public mutating func frames(for event: GenerationEvent) -> [UInt8] {
    guard !isOver else { return [] }
    var frame = WireText()
    switch event {
    case .started(let id, let model, let usage): writeStart(id: id, model: model, usage, to: &frame)
    case .blockStarted(let index, let start): write(start, index: index, to: &frame)
    case .blockGrew(let index, let delta): write(delta, index: index, to: &frame)
    case .blockStopped(let index):
      frame.append("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":")
      frame.append(index)
      frame.append("}\n\n")
    case .finished(let reason, let usage):
      isOver = true
      writeEnd(reason, usage, to: &frame)
    case .failed(let error):
      isOver = true
      frame.append("event: error\ndata: ")
      frame.append(MessagesCodec.body(of: error, requestID: requestID).serializedBytes())
      frame.append("\n\n")
    case .ping: frame.append("event: ping\ndata: {\"type\":\"ping\"}\n\n")
    }
    return frame.bytes
  }

  private func writeStart(id: String, model: String, _ usage: Usage, to frame: inout WireText) {
    let message: JSONValue = [
      "id": .string(id), "type": "message", "role": "assistant", "model": .string(model), "content": [],
      "stop_reason": nil, "stop_sequence": nil, "usage": MessagesCodec.json(usage),
    ]
    frame.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":")
    frame.append(message.serializedBytes())
    frame.append("}\n\n")
  }

  private func writeEnd(_ reason: StopReason, _ usage: Usage, to frame: inout WireText) {
    let delta: JSONValue = [
      "stop_reason": .string(MessagesCodec.wireName(of: reason)),
      "stop_sequence": MessagesCodec.stopSequence(of: reason),
    ]
    frame.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":")
    frame.append(delta.serializedBytes())
    frame.append(",\"usage\":")
    frame.append(MessagesCodec.json(usage).serializedBytes())
    frame.append("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
  }

  private func write(_ start: GenerationEvent.BlockStart, index: Int, to frame: inout WireText) {
    frame.append("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":")
    frame.append(index)
    frame.append(",\"content_block\":")
    switch start {
    case .text: frame.append("{\"type\":\"text\",\"text\":\"\"}")
    case .thinking: frame.append("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
    case .toolUse(let id, let name):
      frame.append("{\"type\":\"tool_use\",\"id\":")
      frame.appendQuoted(id)
      frame.append(",\"name\":")
      frame.appendQuoted(name)
      frame.append(",\"input\":{}}")
    case .other(let block): frame.append(MessagesCodec.json(block).serializedBytes())
    }
    frame.append("}\n\n")
  }

  private func write(_ delta: GenerationEvent.BlockDelta, index: Int, to frame: inout WireText) {
    switch delta {
    // Log-probabilities have no place here, and tokens may bring no text of their own.
    case .text("", _), .thinking(""): return
    case .text(let text, _): writeDelta("text_delta\",\"text", text, index: index, to: &frame)
    case .thinking(let text): writeDelta("thinking_delta\",\"thinking", text, index: index, to: &frame)
    case .signature(let text): writeDelta("signature_delta\",\"signature", text, index: index, to: &frame)
    case .inputJSON(let text): writeDelta("input_json_delta\",\"partial_json", text, index: index, to: &frame)
    case .other(let value):
      frame.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
      frame.append(index)
      frame.append(",\"delta\":")
      frame.append(value.serializedBytes())
      frame.append("}\n\n")
    }
  }

  /// Writes a delta of one text; `names` are its type and the field of the text.
  private func writeDelta(_ names: String, _ text: String, index: Int, to frame: inout WireText) {
    frame.bytes.reserveCapacity(160 + text.utf8.count)
    frame.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
    frame.append(index)
    frame.append(",\"delta\":{\"type\":\"")
    frame.append(names)
    frame.append("\":")
    frame.appendQuoted(text)
    frame.append("}}\n\n")
  }
}
