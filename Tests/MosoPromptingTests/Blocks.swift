import MosoConversation
import MosoFormats
import MosoPrompting
import Testing

/// A block put together from its events.
enum Block: Equatable, CustomStringConvertible {
  case text(String)
  case thinking(String, signature: String = "")
  case call(String, String)

  var description: String {
    switch self {
    case .text(let text): "text \(text.debugDescription)"
    case .thinking(let text, let signature): "thinking \(text.debugDescription) \(signature)"
    case .call(let name, let arguments): "call \(name) \(arguments)"
    }
  }
}

/// Puts events together, and checks that blocks never overlap and that none is empty but a call.
struct BlockCollector {
  var blocks: [Block] = []
  var identifiers: [String] = []
  var logProbabilities: [TokenLogProbability] = []
  private var isOpen = false

  mutating func take(_ events: [GenerationEvent]) {
    for event in events {
      switch event {
      case .blockStarted(let index, let start):
        #expect(!isOpen && index == blocks.count)
        isOpen = true
        switch start {
        case .text: blocks.append(.text(""))
        case .thinking: blocks.append(.thinking(""))
        case .toolUse(let id, let name):
          identifiers.append(id)
          blocks.append(.call(name, ""))
        case .other(let block): Issue.record("\(block)")
        }
      case .blockGrew(let index, let delta):
        #expect(isOpen && index == blocks.count - 1)
        switch (blocks[index], delta) {
        case (.text(let text), .text(let more, let values)):
          #expect(!more.isEmpty)
          blocks[index] = .text(text + more)
          logProbabilities += values
        case (.thinking(let text, ""), .thinking(let more)): blocks[index] = .thinking(text + more)
        case (.thinking(let text, ""), .signature(let proof)): blocks[index] = .thinking(text, signature: proof)
        case (.call(let name, let text), .inputJSON(let more)): blocks[index] = .call(name, text + more)
        default: Issue.record("\(delta) in \(blocks[index])")
        }
      case .blockStopped(let index):
        #expect(isOpen && index == blocks.count - 1)
        isOpen = false
      default: Issue.record("\(event)")
      }
    }
  }

  func end() {
    #expect(!isOpen)
    for block in blocks { #expect(block != .text("") && block != .thinking("")) }
  }
}

/// Which reader a test needs.
struct ReaderKind {
  var format: ToolCallFormat
  var thinking = ThinkingFormat.think
  var tools = ["weather", "add"]
  var start = Prompt.AnswerStart.text
  var isCertain = false
  var controlTokens: Set<String> = []
  var signs = false

  func reader() -> AnswerReader {
    var options = AnswerReader.Options()
    options.callsAreCertain = isCertain
    options.controlTokens = controlTokens
    options.generator = SeededGenerator(state: 1)
    if signs { options.sign = { "proof of \($0)" } }
    return AnswerReader(
      format: format, thinking: thinking, tools: tools.map { Self.described($0) }, start: start, options: options)
  }

  /// A tool whose schema tells texts from numbers, which some formats need.
  static func described(_ name: String) -> Tool {
    let properties: JSONValue = [
      "city": ["type": "string"], "unit": ["enum": ["c", "f"]], "a": ["type": "integer"], "list": ["type": "array"],
      "code": ["type": "string", "maxLength": 5],
    ]
    return Tool(name: name, inputSchema: ["type": "object", "properties": properties])
  }

  /// The blocks of an answer in pieces; those between `⟦` and `⟧` are control tokens.
  func blocks(_ pieces: [(text: String, isControl: Bool)]) -> [Block] {
    var reader = reader()
    var collector = BlockCollector()
    for piece in pieces { collector.take(reader.read(piece.text, isControl: piece.isControl)) }
    collector.take(reader.finish())
    collector.end()
    return collector.blocks
  }

  func blocks(_ answer: String) -> [Block] { blocks(Self.pieces(answer)) }

  /// An answer as pieces: text, and control tokens, which stand between `⟦` and `⟧`.
  static func pieces(_ answer: String) -> [(text: String, isControl: Bool)] {
    var pieces: [(text: String, isControl: Bool)] = []
    var text = ""
    for scalar in answer.unicodeScalars {
      guard scalar == "⟦" || scalar == "⟧" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      if !text.isEmpty { pieces.append((text, scalar == "⟧")) }
      text = ""
    }
    return text.isEmpty ? pieces : pieces + [(text, false)]
  }
}
