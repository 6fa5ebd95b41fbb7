import MosoFormats

/// Puts the steps of an answer together to the whole answer.
public struct AnswerAssembler: Sendable {
  private var id = ""
  private var model = ""
  private var content: [ContentBlock] = []
  private var logProbabilities: [TokenLogProbability] = []
  private var open: ContentBlock?
  // What the open block has grown by. It is added at the end, so that no text is copied for each of its pieces.
  private var growth = ""
  private var signature = ""
  private var citations: [JSONValue] = []
  /// The whole answer; `nil` until it is complete.
  public private(set) var response: GenerationResponse?

  /// An answer of which nothing is there yet.
  public init() {}

  /// Takes the next step in.
  ///
  /// - Throws: The error that the answer ended with.
  public mutating func add(_ event: GenerationEvent) throws(RequestError) {
    switch event {
    case .started(let id, let model, _):
      self.id = id
      self.model = model
    case .blockStarted(_, let start): begin(start)
    case .blockGrew(_, let delta): grow(by: delta)
    case .blockStopped: end()
    case .finished(let reason, let usage):
      end()
      var response = GenerationResponse(id: id, model: model, content: content, stopReason: reason, usage: usage)
      response.logProbabilities = logProbabilities
      self.response = response
    case .failed(let error): throw error
    case .ping: break
    }
  }

  private mutating func begin(_ start: GenerationEvent.BlockStart) {
    end()
    switch start {
    case .text: open = .text("")
    case .thinking: open = ContentBlock(.thinking(ThinkingContent("", signature: "")))
    case .toolUse(let id, let name): open = ContentBlock(.toolUse(ToolUse(id: id, name: name, inputText: "")))
    case .other(let block): open = block
    }
  }

  private mutating func grow(by delta: GenerationEvent.BlockDelta) {
    switch delta {
    case .text(let piece, let tokens):
      growth += piece
      logProbabilities += tokens
    case .thinking(let piece), .inputJSON(let piece): growth += piece
    case .signature(let piece): signature += piece
    case .other(let value): if let citation = value["citation"] { citations.append(citation) }
    }
  }

  /// Gives the open block all that it has grown by.
  private mutating func end() {
    guard var block = open else { return }
    switch block.kind {
    case .text(var content):
      content.text += growth
      if !citations.isEmpty { content.citations = .array((content.citations?.arrayValue ?? []) + citations) }
      block.kind = .text(content)
    case .thinking(var content):
      content.text += growth
      content.signature += signature
      block.kind = .thinking(content)
    case .toolUse(let use):
      // A whole use may stand at the block's beginning; then nothing is added to it.
      if !growth.isEmpty { block.kind = .toolUse(ToolUse(id: use.id, name: use.name, inputText: growth)) }
    case .unknown:
      if !growth.isEmpty { block.unknown["input"] = (try? JSONValue(parsing: growth)) ?? .string(growth) }
    case .redactedThinking, .toolResult, .document, .image, .searchResult: break
    }
    content.append(block)
    open = nil
    growth = ""
    signature = ""
    citations = []
  }
}
