public import MosoConversation

/// Reads what a model writes into blocks: text, thoughts and uses of tools.
///
/// Text goes in as it is generated, in pieces of any size; events come out as soon as it is known what they are. Only
/// what may be the beginning of a marker, and white space before one, is held back. How the text is cut into pieces
/// makes no difference to the blocks.
///
/// - Thoughts begin at the model's marker where nothing else was said before, or where the prompt opened them. White
///   space around them is dropped; empty thoughts are no block.
/// - A use of a tool begins at the marker of the model's format. White space around it is dropped. What looks like one
///   and is none stays text, marker included.
/// - Arguments come as the model wrote them: the pieces together are exactly its JSON.
///
/// ```swift
/// var reader = AnswerReader(prompt: prompt)
/// for piece in pieces { handle(reader.read(piece)) }
/// handle(reader.finish())
/// ```
public struct AnswerReader: Sendable {
  /// How to take what cannot be told from the answer alone.
  public struct Options: Sendable {
    /// Whether a grammar makes sure that what begins like a call is one: then arguments come as they are generated.
    /// Without it they come once the call is known to be whole.
    public var callsAreCertain = false
    /// Markers that the tokenizer has as control tokens: the same letters in text are just letters.
    public var controlTokens: Set<String> = []
    /// Proves that thoughts are unchanged when they come back; `nil` gives no proof.
    public var sign: (@Sendable (String) -> String)?
    /// What the names of uses of tools are drawn from.
    public var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()

    /// Calls that may turn out to be text, and thoughts without proof.
    public init() {}
  }

  /// What the next byte belongs to.
  enum Mode: Sendable {
    case text
    case thinking
    case calls(CallReader)
    /// The header of a message on a channel (`AnswerReader+Channels.swift`).
    case header
  }

  let options: Options
  let toolNames: Set<String>
  /// What the arguments of each tool are, where the format has an element for each.
  let argumentKinds: [String: [String: ArgumentKind]]
  let syntax: ToolCallSyntax?
  let markers: AnswerMarkers
  var mode: Mode
  var blocks: BlockWriter
  /// Bytes that may be the beginning of a marker.
  private var held: [UInt8] = []
  /// White space that belongs to the block only if more of it follows.
  var space: [UInt8] = []
  /// Whether white space at the beginning of the next block is dropped.
  var dropsSpace: Bool
  /// The bytes of a header or of calls that are not told yet, for the case that they are none.
  var untold: [UInt8] = []
  /// How many bytes came, and the log-probabilities of tokens whose text is not told yet, with the byte they end at.
  private var byteCount = 0
  private var waiting: [(end: Int, values: [TokenLogProbability])] = []

  /// A reader of the answer to a prompt.
  public init(prompt: Prompt, options: Options = Options()) {
    self.init(
      format: prompt.toolCallFormat, thinking: prompt.thinkingFormat, tools: prompt.tools,
      start: prompt.answerStart, options: options)
  }

  /// A reader of an answer.
  ///
  /// - Parameters:
  ///   - format: How the model writes calls.
  ///   - thinking: What stands around its thoughts.
  ///   - tools: The tools that it may call; without any, nothing is a call.
  ///   - start: What the first word belongs to.
  public init(
    format: ToolCallFormat, thinking: ThinkingFormat = .think, tools: [Tool],
    start: Prompt.AnswerStart = .text, options: Options = Options()
  ) {
    toolNames = Set(tools.map(\.name))
    self.options = options
    syntax = tools.isEmpty ? nil : format.syntax
    let hasElements = format == .qwenCoder || format == .glm
    argumentKinds =
      hasElements ? Dictionary(tools.map { ($0.name, ArgumentKind.all(of: $0)) }) { first, _ in first } : [:]
    markers = AnswerMarkers(
      thinking: thinking, callOpening: syntax?.opening, hasChannels: format == .harmony,
      controlTokens: options.controlTokens)
    blocks = BlockWriter(sign: options.sign, generator: options.generator)
    mode =
      switch start {
      case .text: .text
      case .thinking: .thinking
      case .header: .header
      }
    dropsSpace = start == .thinking
  }

  /// How many tools were called so far.
  public var toolUseCount: Int { blocks.toolUseCount }

  /// Whether the next word is a thought, as far as is known.
  public var isThinking: Bool { if case .thinking = mode { true } else { false } }
}

// MARK: - Reading

extension AnswerReader {
  /// Takes the next piece of the answer.
  ///
  /// - Parameters:
  ///   - piece: Text, or one control token's text.
  ///   - isControl: Whether the piece is a control token. One that means nothing here is dropped.
  ///   - logProbabilities: Those of the tokens that end with this piece; they come along with the text.
  /// - Returns: What became known.
  public mutating func read(
    _ piece: String, isControl: Bool = false, logProbabilities: [TokenLogProbability] = []
  ) -> [GenerationEvent] {
    let bytes = Array(piece.utf8)
    byteCount += bytes.count
    if isControl { takeControl(bytes) } else { for byte in bytes { take(byte) } }
    if !logProbabilities.isEmpty { waiting.append((byteCount, logProbabilities)) }
    tellLogProbabilities(upTo: byteCount - held.count - space.count - untold.count)
    return blocks.takeEvents()
  }

  /// Ends the answer: what was held back is told, and the open block closed.
  public mutating func finish() -> [GenerationEvent] {
    releaseHeld()
    switch mode {
    case .calls(let calls):
      // A call whose arguments were being told ends here, cut off; between calls only closing markers are missing.
      if !calls.isInArguments, calls.isInsideCall || !calls.hasCall { giveUp() }
      if calls.isInArguments { blocks.close() }
    case .header: giveUp()
    case .text, .thinking: break
    }
    // White space at the end is a part of a text, but not of thoughts.
    if !isThinking, !space.isEmpty { blocks.write(space, to: .text) }
    space = []
    untold = []
    tellLogProbabilities(upTo: byteCount)
    blocks.close()
    return blocks.takeEvents()
  }

  private mutating func tellLogProbabilities(upTo place: Int) {
    let ready = waiting.prefix { $0.end <= place }
    guard !ready.isEmpty else { return }
    blocks.add(ready.flatMap(\.values))
    waiting.removeFirst(ready.count)
  }

  /// Takes a byte of text.
  mutating func take(_ byte: UInt8) {
    switch mode {
    case .calls: if !takeInCalls(byte) { take(byte) }
    case .header: takeInHeader(byte)
    case .text, .thinking:
      held.append(byte)
      while !held.isEmpty {
        switch markers.match(held, isThinking: isThinking, isSaying: isSaying) {
        case .whole(let meaning):
          let marker = held
          held = []
          act(on: meaning, marker)
        case .beginning: return
        case .none: release(held.removeFirst())
        }
      }
    }
  }

  /// Takes a control token: as a marker, as a part of calls, or not at all.
  private mutating func takeControl(_ bytes: [UInt8]) {
    releaseHeld()
    switch mode {
    case .text, .thinking:
      if let meaning = markers.meaning(ofControl: bytes, isThinking: isThinking) { act(on: meaning, bytes) }
    case .header: for byte in bytes { take(byte) }
    case .calls:
      let before = self
      for (index, byte) in bytes.enumerated() {
        if case .calls = mode, takeInCalls(byte) { continue }
        // It fits wholly or not at all.
        if index > 0 {
          self = before
          giveUp()
        }
        return takeControl(bytes)
      }
    }
  }

  /// Lets all held bytes be no marker.
  private mutating func releaseHeld() {
    while !held.isEmpty { release(held.removeFirst()) }
  }

  /// Takes a byte that is no part of a marker.
  private mutating func release(_ byte: UInt8) {
    switch mode {
    case .calls: if !takeInCalls(byte) { take(byte) }
    case .header: takeInHeader(byte)
    case .text where byte == UInt8(ascii: "{") && !isSaying && syntax?.mayBeBare == true:
      beginCalls([])
      _ = takeInCalls(byte)
    case .text, .thinking: say(byte)
    }
  }

  /// Whether the open block is a text.
  private var isSaying: Bool { blocks.open == .text }

  /// Takes a byte of the open text or thoughts, or of those that begin with it.
  mutating func say(_ byte: UInt8) {
    let block = isThinking ? BlockWriter.OpenBlock.thinking : .text
    if byte.isJSONSpace {
      if !dropsSpace || blocks.open == block { space.append(byte) }
      return
    }
    blocks.write(space + [byte], to: block)
    space = []
    dropsSpace = false
  }

  /// Does what a marker says.
  private mutating func act(on meaning: AnswerMarkers.Meaning, _ marker: [UInt8]) {
    switch meaning {
    case .thinkingBegins:
      if isThinking { return }
      startBlock(.thinking)
    case .thinkingEnds: startBlock(.text)
    case .callsBegin: beginCalls(marker)
    case .headerBegins:
      startBlock(.header)
      untold = marker
    case .messageEnds, .answerEnds: startBlock(.text)
    }
  }

  /// Ends the open block without the white space at its end.
  mutating func startBlock(_ mode: Mode) {
    blocks.close()
    space = []
    dropsSpace = true
    self.mode = mode
  }
}
