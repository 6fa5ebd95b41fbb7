import MosoFormats

/// Writes the steps of answers as the chunks of OpenAI's chat completions.
///
/// Several answers to one request share a stream: each step says which answer it belongs to. The stream ends with the last
/// of them, after the count of tokens where that was asked for.
public struct ChatStreamEncoder: Sendable {
  /// What is known of one answer.
  private struct Choice {
    var isOver = false
    var callCount = 0
    /// Whether the open block is a call whose arguments have not begun.
    var lacksArguments = false
  }

  private let created: Int
  private let includesUsage: Bool
  private var choices: [Choice]
  private var usage: Usage?
  /// The start of every chunk, up to the number of the answer.
  private var head: [UInt8] = []
  private var isOver = false

  /// An encoder for one stream.
  ///
  /// - Parameters:
  ///   - created: When the answers are made, in seconds since 1970.
  ///   - includesUsage: Whether the last chunk tells the count of tokens.
  ///   - choiceCount: How many answers there are.
  /// - Precondition: `choiceCount` is at least 1.
  public init(created: Int, includesUsage: Bool = false, choiceCount: Int = 1) {
    precondition(choiceCount >= 1, "a stream of \(choiceCount) answers")
    self.created = created
    self.includesUsage = includesUsage
    choices = [Choice](repeating: Choice(), count: choiceCount)
  }

  /// The chunks that say `event` of the answer `choice`; none for a step that this API has no word for.
  ///
  /// - Precondition: `choice` is the number of an answer, counted from 0.
  public mutating func frames(for event: GenerationEvent, choice: Int = 0) -> [UInt8] {
    precondition(choices.indices.contains(choice), "answer \(choice) of \(choices.count)")
    guard !isOver else { return [] }
    // What fails is all of them, also where the one that is named has ended.
    if case .failed = event {} else if choices[choice].isOver { return [] }
    var frame = WireText()
    switch event {
    case .started(let id, let model, _):
      if head.isEmpty { begin(id: id, model: model) }
      write("{\"role\":\"assistant\",\"content\":\"\"}", choice, to: &frame)
    case .blockStarted(_, .toolUse(let id, let name)):
      open(&frame, choice)
      frame.append("{\"tool_calls\":[{\"index\":")
      frame.append(choices[choice].callCount)
      frame.append(",\"id\":")
      frame.appendQuoted(id)
      frame.append(",\"type\":\"function\",\"function\":{\"name\":")
      frame.appendQuoted(name)
      frame.append(",\"arguments\":\"\"}}]}")
      close(&frame)
      choices[choice].callCount += 1
      choices[choice].lacksArguments = true
    case .blockStarted: break
    case .blockGrew(_, let delta): write(delta, choice, to: &frame)
    case .blockStopped:
      // Clients read the arguments as JSON, which no text at all is not.
      if choices[choice].lacksArguments { writeArguments("{}", choice, to: &frame) }
    case .finished(let reason, let usage): finish(reason, usage, choice, to: &frame)
    case .failed(let error):
      isOver = true
      frame.append("data: ")
      frame.append(OpenAICodec.body(of: error).serializedBytes())
      frame.append("\n\ndata: [DONE]\n\n")
    case .ping: frame.append(": ping\n\n")
    }
    return frame.bytes
  }

  private mutating func begin(id: String, model: String) {
    var text = WireText()
    text.append("data: {\"id\":")
    text.appendQuoted(id)
    text.append(",\"object\":\"chat.completion.chunk\",\"created\":")
    text.append(created)
    text.append(",\"model\":")
    text.appendQuoted(model)
    text.append(",\"choices\":[")
    head = text.bytes
  }

  private mutating func finish(_ reason: StopReason, _ usage: Usage, _ choice: Int, to frame: inout WireText) {
    write("{}", choice, finishReason: OpenAICodec.wireName(of: reason), to: &frame)
    choices[choice].isOver = true
    if var sum = self.usage {
      sum.output += usage.output
      sum.thinking += usage.thinking
      self.usage = sum
    } else {
      self.usage = usage
    }
    guard choices.allSatisfy(\.isOver) else { return }
    isOver = true
    if includesUsage {
      frame.append(head)
      frame.append("],\"usage\":")
      frame.append(OpenAICodec.json(self.usage ?? usage).serializedBytes())
      frame.append("}\n\n")
    }
    frame.append("data: [DONE]\n\n")
  }

  // MARK: Deltas

  private mutating func write(_ delta: GenerationEvent.BlockDelta, _ choice: Int, to frame: inout WireText) {
    switch delta {
    case .text("", let tokens) where tokens.isEmpty: return
    case .text(let text, let tokens):
      frame.bytes.reserveCapacity(head.count + 96 + text.utf8.count)
      open(&frame, choice)
      frame.append("{\"content\":")
      frame.appendQuoted(text)
      frame.append("}")
      close(&frame, logProbabilities: tokens)
    case .thinking(""): return
    case .thinking(let text):
      open(&frame, choice)
      frame.append("{\"reasoning_content\":")
      frame.appendQuoted(text)
      frame.append("}")
      close(&frame)
    case .inputJSON(""): return
    case .inputJSON(let text): writeArguments(text, choice, to: &frame)
    // Neither the proof of thoughts nor what other servers say has a place here.
    case .signature, .other: return
    }
  }

  private mutating func writeArguments(_ text: String, _ choice: Int, to frame: inout WireText) {
    choices[choice].lacksArguments = false
    open(&frame, choice)
    frame.append("{\"tool_calls\":[{\"index\":")
    frame.append(max(choices[choice].callCount - 1, 0))
    frame.append(",\"function\":{\"arguments\":")
    frame.appendQuoted(text)
    frame.append("}}]}")
    close(&frame)
  }

  // MARK: Chunks

  private func write(_ delta: String, _ choice: Int, finishReason: String? = nil, to frame: inout WireText) {
    open(&frame, choice)
    frame.append(delta)
    close(&frame, finishReason: finishReason)
  }

  private func open(_ frame: inout WireText, _ choice: Int) {
    frame.append(head)
    frame.append("{\"index\":")
    frame.append(choice)
    frame.append(",\"delta\":")
  }

  private func close(
    _ frame: inout WireText, logProbabilities: [TokenLogProbability] = [], finishReason: String? = nil
  ) {
    frame.append(",\"logprobs\":")
    if logProbabilities.isEmpty {
      frame.append("null")
    } else {
      frame.append(OpenAICodec.json(logProbabilities).serializedBytes())
    }
    frame.append(",\"finish_reason\":")
    if let finishReason {
      frame.appendQuoted(finishReason)
    } else {
      frame.append("null")
    }
    frame.append(includesUsage ? "}],\"usage\":null}\n\n" : "}]}\n\n")
  }
}
