import MosoFormats

/// Reads the server-sent events of the Messages API as the steps of an answer, however the bytes are cut.
///
/// What a stream may not do (overlapping blocks, counts that are no numbers, an end before its time) is an error.
public struct MessagesStreamDecoder: Sendable {
  private let codec: MessagesCodec
  private var parser: ServerSentEventParser
  private var order = BlockOrder()
  private var usage = Usage()
  private var stopReason: StopReason?
  private var hasStarted = false
  /// Whether the answer has come to its end, good or bad.
  public private(set) var isOver = false

  /// A decoder at the start of a stream.
  public init(version: MessagesVersion = .v2023_06_01, maximumEventBytes: Int = 64 << 20) {
    codec = MessagesCodec(version: version)
    parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
  }

  /// Reads more of the stream.
  ///
  /// - Returns: The steps that are complete now; after `failed` or `finished` there are no more.
  /// - Throws: `RequestError` of the kind `server` at what is no such stream; the decoder is of no more use then.
  public mutating func events(in bytes: some Sequence<UInt8>) throws(RequestError) -> [GenerationEvent] {
    var events: [GenerationEvent] = []
    for frame in try parser.events(in: bytes) where !isOver {
      // Events without a name are not for readers of this API.
      guard let name = frame.name, !frame.data.isEmpty else { continue }
      if let event = try read(name, frame.data) { events.append(event) }
    }
    return events
  }

  /// Checks that the stream, which has no more bytes, has come to its end.
  public func finish() throws(RequestError) {
    guard !isOver else { return }
    throw RequestError(.server, "the stream ended early: message_stop was expected")
  }

  private mutating func read(_ name: String, _ data: String) throws(RequestError) -> GenerationEvent? {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: data)
    } catch {
      throw RequestError(.server, "the data of \(JSONValue.string(name).shown) is no JSON: \(error)")
    }
    do throws(RequestError) {
      var fields = try FieldReader(value, at: "")
      return try event(name, &fields)
    } catch {
      throw error.ofAnswer
    }
  }

  private mutating func event(_ name: String, _ fields: inout FieldReader) throws(RequestError) -> GenerationEvent? {
    switch name {
    case "ping": return .ping
    case "error":
      isOver = true
      let status = 200
      return .failed(codec.decodeError(status: status, body: .object(fields.object)))
    case "message_start": return try start(&fields)
    case "content_block_start":
      let index = try fields.requiredWholeNumber("index", in: 0...Int.max)
      try order.begin(index)
      return .blockStarted(index: index, try blockStart(&fields))
    case "content_block_delta":
      let index = try fields.requiredWholeNumber("index", in: 0...Int.max)
      try order.grow(index)
      return .blockGrew(index: index, try delta(&fields))
    case "content_block_stop":
      let index = try fields.requiredWholeNumber("index", in: 0...Int.max)
      try order.end(index)
      return .blockStopped(index: index)
    case "message_delta":
      try readMessageDelta(&fields)
      return nil
    case "message_stop":
      guard hasStarted, !order.isOpen else { throw RequestError(.server, "message_stop comes within a block") }
      isOver = true
      return .finished(stopReason ?? .endOfTurn, usage: usage)
    // New kinds of events may come at any time.
    default: return nil
    }
  }

  private mutating func start(_ fields: inout FieldReader) throws(RequestError) -> GenerationEvent {
    guard !hasStarted else { throw RequestError(.server, "message_start comes twice") }
    hasStarted = true
    guard var message = try fields.fields("message") else { throw fields.wrong("message", expected: "an object") }
    if var counts = try message.fields("usage") { usage = try MessagesCodec.usage(&counts, after: usage) }
    return .started(id: try message.requiredString("id"), model: try message.requiredString("model"), usage: usage)
  }

  private func blockStart(_ fields: inout FieldReader) throws(RequestError) -> GenerationEvent.BlockStart {
    let value = try fields.required("content_block", expected: "an object")
    let block = try codec.block(value, at: "content_block", in: .answer)
    switch block.kind {
    case .text(let content) where content.text.isEmpty && block.unknown.isEmpty && content.citations == nil:
      return .text
    case .thinking(let content) where content.text.isEmpty && content.signature.isEmpty: return .thinking
    case .toolUse(let use) where use.input == [:]: return .toolUse(id: use.id, name: use.name)
    default: return .other(block)
    }
  }

  private func delta(_ fields: inout FieldReader) throws(RequestError) -> GenerationEvent.BlockDelta {
    guard var delta = try fields.fields("delta") else { throw fields.wrong("delta", expected: "an object") }
    switch try delta.requiredString("type") {
    case "text_delta": return .text(try delta.requiredString("text"), [])
    case "thinking_delta": return .thinking(try delta.requiredString("thinking"))
    case "signature_delta": return .signature(try delta.requiredString("signature"))
    case "input_json_delta": return .inputJSON(try delta.requiredString("partial_json"))
    default: return .other(.object(delta.object))
    }
  }

  private mutating func readMessageDelta(_ fields: inout FieldReader) throws(RequestError) {
    if var delta = try fields.fields("delta"), let name = try delta.string("stop_reason") {
      stopReason = MessagesCodec.stopReason(named: name, sequence: try delta.string("stop_sequence"))
    }
    if var counts = try fields.fields("usage") { usage = try MessagesCodec.usage(&counts, after: usage) }
  }
}

/// Checks that blocks come one after another, counted from 0.
struct BlockOrder: Sendable {
  private var next = 0
  private(set) var isOpen = false

  mutating func begin(_ index: Int) throws(RequestError) {
    guard !isOpen, index == next else { throw Self.disorder("block \(index) begins", isOpen, next) }
    isOpen = true
  }

  func grow(_ index: Int) throws(RequestError) {
    guard isOpen, index == next else { throw Self.disorder("block \(index) grows", isOpen, next) }
  }

  mutating func end(_ index: Int) throws(RequestError) {
    guard isOpen, index == next else { throw Self.disorder("block \(index) ends", isOpen, next) }
    isOpen = false
    next += 1
  }

  private static func disorder(_ found: String, _ isOpen: Bool, _ next: Int) -> RequestError {
    RequestError(.server, "\(found), but \(isOpen ? "block \(next) is open" : "block \(next) has to begin")")
  }
}
