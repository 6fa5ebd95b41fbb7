import MosoFormats

/// Reads the chunks of OpenAI's chat completions as the steps of an answer, however the bytes are cut.
///
/// Only the first answer of a stream is read. Text, thoughts and calls become blocks one after another.
public struct ChatStreamDecoder: Sendable {
  private enum Block: Equatable {
    case none, text, thinking
    case call(Int)
  }

  private static let maximumCall = 1 << 20

  private let codec = OpenAICodec()
  private var parser: ServerSentEventParser
  private var block = Block.none
  private var blockCount = 0
  private var callCount = 0
  private var usage = Usage()
  private var stopReason: StopReason?
  private var hasStarted = false
  /// Whether the answer has come to its end, good or bad.
  public private(set) var isOver = false

  /// A decoder at the start of a stream.
  public init(maximumEventBytes: Int = 64 << 20) {
    parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
  }

  /// Reads more of the stream.
  ///
  /// - Returns: The steps that are complete now; after `failed` or `finished` there are no more.
  /// - Throws: `RequestError` of the kind `server` at what is no such stream; the decoder is of no more use then.
  public mutating func events(in bytes: some Sequence<UInt8>) throws(RequestError) -> [GenerationEvent] {
    var events: [GenerationEvent] = []
    for frame in try parser.events(in: bytes) where !isOver && !frame.data.isEmpty {
      if frame.data == "[DONE]" {
        end(&events)
        continue
      }
      let value: JSONValue
      do throws(JSONError) {
        value = try JSONValue(parsing: frame.data)
      } catch {
        throw RequestError(.server, "a chunk of the stream is no JSON: \(error)")
      }
      do throws(RequestError) {
        var fields = try FieldReader(value, at: "")
        try read(&fields, &events)
      } catch {
        throw error.ofAnswer
      }
    }
    return events
  }

  /// The last steps of a stream that has no more bytes; some servers leave out the `[DONE]` at its end.
  ///
  /// - Throws: `RequestError` when the stream ended before the answer did.
  public mutating func finish() throws(RequestError) -> [GenerationEvent] {
    guard !isOver else { return [] }
    guard stopReason != nil else {
      throw RequestError(.server, "the stream ended early: a chunk with a finish_reason was expected")
    }
    var events: [GenerationEvent] = []
    end(&events)
    return events
  }

  private mutating func end(_ events: inout [GenerationEvent]) {
    stopBlock(&events)
    isOver = true
    events.append(.finished(stopReason ?? .endOfTurn, usage: usage))
  }

  private mutating func read(_ fields: inout FieldReader, _ events: inout [GenerationEvent]) throws(RequestError) {
    if fields.value("error") != nil {
      isOver = true
      events.append(.failed(codec.decodeError(status: 500, body: .object(fields.object))))
      return
    }
    if !hasStarted {
      hasStarted = true
      events.append(.started(id: try fields.string("id") ?? "", model: try fields.string("model") ?? "", usage: usage))
    }
    if var counts = try fields.fields("usage") { usage = try OpenAICodec.usage(&counts) }
    for (index, value) in (try fields.array("choices") ?? []).enumerated() {
      var choice = try FieldReader(value, at: "choices.\(index)")
      guard try choice.wholeNumber("index", in: 0...Int.max) ?? 0 == 0 else { continue }
      try read(choice: &choice, &events)
    }
  }

  private mutating func read(
    choice: inout FieldReader, _ events: inout [GenerationEvent]
  ) throws(RequestError) {
    if var delta = try choice.fields("delta") {
      if let thoughts = try delta.string("reasoning_content"), !thoughts.isEmpty {
        begin(.thinking, .thinking, &events)
        grow(.thinking(thoughts), &events)
      }
      var tokens: [TokenLogProbability] = []
      if var logProbabilities = try choice.fields("logprobs") {
        tokens = try OpenAICodec.logProbabilities(&logProbabilities)
      }
      if let text = try delta.string("content"), !text.isEmpty || !tokens.isEmpty {
        begin(.text, .text, &events)
        grow(.text(text, tokens), &events)
      }
      for (index, call) in (try delta.array("tool_calls") ?? []).enumerated() {
        var reader = try FieldReader(call, at: delta.place("tool_calls.\(index)"))
        try read(call: &reader, &events)
      }
    }
    if let reason = try OpenAICodec.stopReason(&choice) { stopReason = reason }
  }

  private mutating func read(call: inout FieldReader, _ events: inout [GenerationEvent]) throws(RequestError) {
    let index = try call.wholeNumber("index", in: 0...Self.maximumCall) ?? callCount
    var function = try call.fields("function")
    let arguments = try function?.string("arguments") ?? ""
    if block != .call(index) {
      guard index >= callCount else {
        throw RequestError(.server, "call \(index) grows, but call \(callCount) has to begin: calls may not overlap")
      }
      guard let name = try function?.string("name") else {
        throw RequestError(.server, "call \(index) begins without a name")
      }
      callCount = index + 1
      begin(.call(index), .toolUse(id: try call.string("id") ?? "call_\(index)", name: name), &events)
    }
    if !arguments.isEmpty { grow(.inputJSON(arguments), &events) }
  }

  // MARK: Blocks

  private mutating func begin(
    _ next: Block, _ start: GenerationEvent.BlockStart, _ events: inout [GenerationEvent]
  ) {
    guard block != next else { return }
    stopBlock(&events)
    block = next
    events.append(.blockStarted(index: blockCount, start))
  }

  private func grow(_ delta: GenerationEvent.BlockDelta, _ events: inout [GenerationEvent]) {
    events.append(.blockGrew(index: blockCount, delta))
  }

  private mutating func stopBlock(_ events: inout [GenerationEvent]) {
    guard block != .none else { return }
    events.append(.blockStopped(index: blockCount))
    block = .none
    blockCount += 1
  }
}
