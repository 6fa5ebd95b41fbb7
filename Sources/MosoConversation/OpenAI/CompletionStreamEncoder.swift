import MosoFormats

/// Writes the steps of continuations as the chunks of OpenAI's completions.
///
/// Several continuations share a stream: each step says which one it belongs to. Thoughts and uses of tools have no place
/// in this API and are passed over.
public struct CompletionStreamEncoder: Sendable {
  private let created: Int
  private let includesUsage: Bool
  private let countPerPrompt: Int
  private var id = ""
  private var model = ""
  private var usage = Usage()
  /// How many characters each continuation has so far.
  private var offsets: [Int]
  private var isFinished: [Bool]
  private var isOver = false

  /// An encoder for one stream.
  ///
  /// - Parameters:
  ///   - created: When the continuations are made, in seconds since 1970.
  ///   - includesUsage: Whether the last chunk tells the count of tokens.
  ///   - promptCount: How many texts are continued.
  ///   - countPerPrompt: How many continuations each of them gets; those of the first come first.
  /// - Precondition: Both counts are at least 1.
  public init(created: Int, includesUsage: Bool = false, promptCount: Int = 1, countPerPrompt: Int = 1) {
    precondition(
      promptCount >= 1 && countPerPrompt >= 1, "a stream of \(promptCount) × \(countPerPrompt) continuations")
    self.created = created
    self.includesUsage = includesUsage
    self.countPerPrompt = countPerPrompt
    offsets = [Int](repeating: 0, count: promptCount * countPerPrompt)
    isFinished = [Bool](repeating: false, count: promptCount * countPerPrompt)
  }

  /// The chunk that says a piece of a prompt that is echoed, before the pieces of its continuation.
  ///
  /// - Precondition: `choice` is the number of a continuation, counted from 0.
  public mutating func frames(forPrompt text: String, tokens: [MeasuredToken]?, choice: Int = 0) -> [UInt8] {
    precondition(offsets.indices.contains(choice), "continuation \(choice) of \(offsets.count)")
    return isOver ? [] : chunk(text, tokens, choice)
  }

  /// The chunks that say `event` of the continuation `choice`; none for a step that this API has no word for.
  ///
  /// - Precondition: `choice` is the number of a continuation, counted from 0.
  public mutating func frames(for event: GenerationEvent, choice: Int = 0) -> [UInt8] {
    precondition(offsets.indices.contains(choice), "continuation \(choice) of \(offsets.count)")
    guard !isOver else { return [] }
    // What fails is all of them, also where the one that is named has ended.
    if case .failed = event {} else if isFinished[choice] { return [] }
    switch event {
    case .started(let id, let model, _):
      self.id = id
      self.model = model
      return []
    case .blockGrew(_, .text(let text, let tokens)):
      if text.isEmpty, tokens.isEmpty { return [] }
      return chunk(text, tokens.isEmpty ? nil : tokens.map(MeasuredToken.init), choice)
    case .blockStarted, .blockGrew, .blockStopped: return []
    case .finished(let reason, let usage): return finish(reason, usage, choice)
    case .failed(let error):
      isOver = true
      return Array("data: ".utf8) + OpenAICodec.body(of: error).serializedBytes() + Array("\n\ndata: [DONE]\n\n".utf8)
    case .ping: return Array(": ping\n\n".utf8)
    }
  }

  private mutating func chunk(_ text: String, _ tokens: [MeasuredToken]?, _ choice: Int) -> [UInt8] {
    var frame = WireText()
    open(&frame)
    frame.append("{\"index\":")
    frame.append(choice)
    frame.append(",\"text\":")
    frame.appendQuoted(text)
    frame.append(",\"logprobs\":")
    if let tokens {
      frame.append(OpenAICodec.json(tokens, offset: &offsets[choice]).serializedBytes())
    } else {
      frame.append("null")
      offsets[choice] += text.unicodeScalars.count
    }
    frame.append(includesUsage ? ",\"finish_reason\":null}],\"usage\":null}\n\n" : ",\"finish_reason\":null}]}\n\n")
    return frame.bytes
  }

  private mutating func finish(_ reason: StopReason, _ usage: Usage, _ choice: Int) -> [UInt8] {
    var frame = WireText()
    open(&frame)
    frame.append("{\"index\":")
    frame.append(choice)
    frame.append(",\"text\":\"\",\"logprobs\":null,\"finish_reason\":")
    frame.appendQuoted(OpenAICodec.completionName(of: reason))
    frame.append(includesUsage ? "}],\"usage\":null}\n\n" : "}]}\n\n")
    isFinished[choice] = true
    // A prompt counts once, however often it is continued.
    let counted =
      choice % countPerPrompt == 0 ? usage : Usage(output: usage.output, thinking: usage.thinking)
    self.usage = self.usage + counted
    guard isFinished.allSatisfy({ $0 }) else { return frame.bytes }
    isOver = true
    if includesUsage {
      open(&frame)
      frame.append("],\"usage\":")
      frame.append(OpenAICodec.json(self.usage).serializedBytes())
      frame.append("}\n\n")
    }
    frame.append("data: [DONE]\n\n")
    return frame.bytes
  }

  private func open(_ frame: inout WireText) {
    frame.append("data: {\"id\":")
    frame.appendQuoted(id)
    frame.append(",\"object\":\"text_completion\",\"created\":")
    frame.append(created)
    frame.append(",\"model\":")
    frame.appendQuoted(model)
    frame.append(",\"choices\":[")
  }
}
