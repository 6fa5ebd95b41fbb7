import MosoConversation

/// Writes an answer's blocks as events, one after another and never two at once.
struct BlockWriter: Sendable {
  /// The block that is open.
  enum OpenBlock: Sendable, Hashable { case text, thinking, toolUse }

  private(set) var open: OpenBlock?
  /// How many uses of tools began.
  private(set) var toolUseCount = 0
  private var count = 0
  private var events: [GenerationEvent] = []
  /// What the open block grew by and nobody was told of yet.
  private var growth: [UInt8] = []
  /// The thoughts so far, for their proof.
  private var thoughts: [UInt8] = []
  private var logProbabilities: [TokenLogProbability] = []
  private let sign: (@Sendable (String) -> String)?
  private var generator: any RandomNumberGenerator & Sendable

  init(sign: (@Sendable (String) -> String)?, generator: any RandomNumberGenerator & Sendable) {
    self.sign = sign
    self.generator = generator
  }

  /// The index of the open block.
  private var index: Int { count - 1 }

  mutating func write(_ bytes: some Collection<UInt8>, to block: OpenBlock) {
    guard !bytes.isEmpty else { return }
    if open != block {
      close()
      start(block == .thinking ? .thinking : .text, as: block)
    }
    growth.append(contentsOf: bytes)
    if block == .thinking { thoughts.append(contentsOf: bytes) }
  }

  mutating func beginToolUse(name: String) {
    close()
    toolUseCount += 1
    start(.toolUse(id: ToolUseIdentifier.random(using: &generator), name: name), as: .toolUse)
  }

  /// Adds to the arguments of the use of a tool that was begun.
  mutating func writeArguments(_ bytes: [UInt8]) { growth.append(contentsOf: bytes) }

  /// Says that tokens of the open text have these log-probabilities.
  mutating func add(_ more: [TokenLogProbability]) {
    if open == .text { logProbabilities += more }
  }

  /// Ends the open block, if there is one.
  mutating func close() {
    guard let block = open else { return }
    tellGrowth()
    if block == .thinking {
      if let sign {
        events.append(.blockGrew(index: index, .signature(sign(String(decoding: thoughts, as: UTF8.self)))))
      }
      thoughts = []
    }
    logProbabilities = []
    events.append(.blockStopped(index: index))
    open = nil
  }

  /// The events since the last time.
  mutating func takeEvents() -> [GenerationEvent] {
    tellGrowth()
    defer { events = [] }
    return events
  }

  private mutating func start(_ start: GenerationEvent.BlockStart, as block: OpenBlock) {
    count += 1
    open = block
    events.append(.blockStarted(index: index, start))
  }

  private mutating func tellGrowth() {
    guard let open, !growth.isEmpty else { return }
    let text = String(decoding: growth, as: UTF8.self)
    growth = []
    switch open {
    case .text:
      events.append(.blockGrew(index: index, .text(text, logProbabilities)))
      logProbabilities = []
    case .thinking: events.append(.blockGrew(index: index, .thinking(text)))
    case .toolUse: events.append(.blockGrew(index: index, .inputJSON(text)))
    }
  }
}
