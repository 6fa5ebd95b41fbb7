/// Reads calls of tools byte by byte, following the steps of their format.
struct CallReader: Sendable {
  /// What became known of a call.
  enum Output: Sendable, Hashable {
    /// A call begins.
    case begin(name: String)
    /// Bytes of its arguments.
    case arguments([UInt8])
    /// It is complete.
    case end
  }

  /// What a byte did.
  enum Outcome: Sendable, Hashable {
    /// It belongs to the calls, which go on.
    case goesOn
    /// It belongs to the calls, and is their last.
    case ended
    /// The calls ended before it.
    case endedBefore
    /// It cannot stand here: what came since the last whole call is no call, and neither is this byte.
    case broken
  }

  private let steps: [ToolCallSyntax.Step]
  private let streams: Bool
  private let names: Set<String>?
  private let kinds: [String: [String: ArgumentKind]]
  private var position = 0
  /// How many bytes of the step's text came, and which of its branches they fit.
  private var matched = 0
  private var name: [UInt8] = []
  private var object: CallObjectScanner
  private var json = JSONTextScanner()
  private var elements: ElementScanner?
  private var arguments: [UInt8] = []
  /// Whether a call was begun and is not complete.
  private(set) var isInArguments = false
  /// Whether a call was complete.
  private(set) var hasCall = false
  /// Whether bytes of another call came since the last whole one, or since the beginning.
  private(set) var isInsideCall = false
  /// What became known and was not yet taken.
  private var outputs: [Output] = []

  /// A reader of calls.
  ///
  /// - Parameters:
  ///   - streams: Whether arguments are told as they come, before anybody knows that the call is a whole one.
  ///   - names: The names of tools; others are no calls. `nil` takes any name.
  ///   - kinds: What the arguments of each tool are, where they are elements of their own.
  init(
    _ steps: [ToolCallSyntax.Step], streams: Bool, names: Set<String>?, kinds: [String: [String: ArgumentKind]] = [:]
  ) {
    self.kinds = kinds
    self.steps = steps
    self.streams = streams
    self.names = names
    object = CallObjectScanner(streams: streams, names: names)
  }

  /// A reader of the arguments of a call whose name is known, up to their last brace.
  init(argumentsOf name: String, streams: Bool) {
    self.init([.space, .arguments], streams: streams, names: nil)
    self.name = Array(name.utf8)
  }

  /// What became known since the last time.
  mutating func takeOutputs() -> [Output] {
    defer { outputs = [] }
    return outputs
  }

  /// Takes the next byte.
  mutating func take(_ byte: UInt8) -> Outcome {
    // Steps that may be empty hand the byte on to the next.
    while position < steps.count {
      switch steps[position] {
      case .space:
        if byte.isJSONSpace { return .goesOn }
        advance()
      case .separators:
        return byte.isJSONSpace || byte == UInt8(ascii: ";") ? .goesOn : .endedBefore
      case .identifier:
        if byte.isNameByte { return .goesOn }
        advance()
      case .name:
        if byte.isNameByte && name.count < Self.longestName {
          name.append(byte)
          isInsideCall = true
          return .goesOn
        }
        guard isTool(name) else { return .broken }
        advance()
      case .text(let text):
        guard text[matched] == byte else { return .broken }
        matched += 1
        if matched == text.count { advance() }
        return outcomeAfterByte
      case .branch(let branches): return takeInBranch(byte, branches)
      case .arguments: return takeInArguments(byte)
      case .elements(let syntax): return takeInElements(byte, syntax)
      case .call: return takeInCall(byte)
      }
    }
    return .endedBefore
  }

  private static let longestName = 256

  private var outcomeAfterByte: Outcome { position == steps.count ? .ended : .goesOn }

  private mutating func advance(to step: Int? = nil) {
    position = step ?? position + 1
    matched = 0
    chosen = nil
  }

  private func isTool(_ name: [UInt8]) -> Bool {
    !name.isEmpty && names?.contains(String(decoding: name, as: UTF8.self)) != false
  }

  /// The branch that the bytes so far fit.
  private var chosen: Int?

  private mutating func takeInBranch(_ byte: UInt8, _ branches: [ToolCallSyntax.Branch]) -> Outcome {
    let so = chosen.map { Array(branches[$0].text[..<matched]) } ?? []
    guard let branch = branches.firstIndex(where: { $0.text.starts(with: so + [byte]) }) else { return .broken }
    chosen = branch
    matched += 1
    if matched == branches[branch].text.count {
      let step = branches[branch].step
      // Back to another call.
      if step < position {
        name = []
        isInsideCall = true
      }
      advance(to: step)
    }
    return outcomeAfterByte
  }

  private mutating func takeInArguments(_ byte: UInt8) -> Outcome {
    if json.depth == 0 && byte != UInt8(ascii: "{") { return .broken }
    guard json.take(byte) else { return .broken }
    isInsideCall = true
    if streams && !isInArguments { begin(String(decoding: name, as: UTF8.self)) }
    arguments.append(byte)
    if streams { flushArguments() }
    guard json.phase == .done else { return .goesOn }
    if !streams { begin(String(decoding: name, as: UTF8.self)) }
    end()
    json = JSONTextScanner()
    advance()
    return outcomeAfterByte
  }

  private mutating func takeInElements(_ byte: UInt8, _ syntax: ElementSyntax) -> Outcome {
    let name = String(decoding: name, as: UTF8.self)
    var scanner = elements ?? ElementScanner(syntax, kinds: kinds[name] ?? [:])
    elements = nil
    let outcome = scanner.take(byte)
    if outcome == .broken { return .broken }
    isInsideCall = true
    if streams {
      if !isInArguments { begin(name) }
      arguments = scanner.takeJSON()
      if !arguments.isEmpty { flushArguments() }
    }
    if outcome == .goesOn {
      elements = scanner
      return .goesOn
    }
    if !streams {
      begin(name)
      arguments = scanner.takeJSON()
    }
    end()
    advance()
    return outcomeAfterByte
  }

  private mutating func takeInCall(_ byte: UInt8) -> Outcome {
    isInsideCall = true
    guard let finding = object.take(byte) else { return .goesOn }
    switch finding {
    case .broken: return .broken
    case .argumentsBegin(let name):
      begin(name)
      arguments = [byte]
      flushArguments()
      return .goesOn
    case .argumentsGo, .argumentsEnd:
      arguments = [byte]
      flushArguments()
      return .goesOn
    case .call(let name, let text):
      begin(name)
      arguments = text
    case .end: break
    }
    end()
    object = CallObjectScanner(streams: streams, names: names)
    advance()
    return outcomeAfterByte
  }

  private mutating func begin(_ name: String) {
    isInArguments = true
    outputs.append(.begin(name: name))
  }

  private mutating func flushArguments() {
    outputs.append(.arguments(arguments))
    arguments = []
  }

  private mutating func end() {
    if !arguments.isEmpty { flushArguments() }
    outputs.append(.end)
    isInArguments = false
    isInsideCall = false
    hasCall = true
  }
}

extension UInt8 {
  /// Whether it may stand in the name of a tool.
  fileprivate var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
