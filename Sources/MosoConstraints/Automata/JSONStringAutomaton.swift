/// Makes rules that read JSON strings, byte for byte.
struct JSONStringAutomaton {
  private typealias Bytes = ClosedRange<UInt8>

  private var states: [RuleAutomaton.State] = []
  private var shared: [[RuleAutomaton.ByteEdge]: Int32] = [:]

  /// The texts of `characters` as they are, without quotes and escapes: numbers.
  static func plain(_ characters: CharacterAutomaton) -> RuleAutomaton {
    var builder = JSONStringAutomaton()
    builder.addStates(of: characters, firstState: 0, weight: 0, escapes: false)
    for (index, state) in characters.states.enumerated() { builder.states[index].isFinal = state.accepts }
    return RuleAutomaton(states: builder.states)
  }

  /// The texts of `characters` as JSON strings in one canonical way: a character is written as itself, unless JSON
  /// wants an escape, which is then the shortest.
  ///
  /// - Parameter isCounted: Whether every character adds one to the counter.
  static func quoted(_ characters: CharacterAutomaton, isCounted: Bool) -> RuleAutomaton {
    var builder = JSONStringAutomaton()
    builder.states = [.init(), .init(isFinal: true)]
    builder.states[0].bytes = [.init(low: 0x22, high: 0x22, target: 2, weight: 0)]
    builder.addStates(of: characters, firstState: 2, weight: isCounted ? 1 : 0, escapes: true)
    for (index, state) in characters.states.enumerated() where state.accepts {
      builder.states[2 + index].bytes.append(.init(low: 0x22, high: 0x22, target: 1, weight: 0))
    }
    return RuleAutomaton(states: builder.states)
  }

  private mutating func addStates(
    of characters: CharacterAutomaton, firstState: Int, weight: Int32, escapes: Bool
  ) {
    states += characters.states.map { _ in .init() }
    for (index, state) in characters.states.enumerated() {
      var sequences: [(bytes: ArraySlice<Bytes>, target: Int32)] = []
      for edge in state.edges {
        let target = Int32(firstState) + edge.target
        let spellings =
          escapes ? Self.escapedSpellings(of: edge.range) : UTF8Ranges.sequences(of: edge.range)
        sequences += spellings.map { (ArraySlice($0), target) }
      }
      var edges = makeEdges(sequences)
      for position in edges.indices { edges[position].weight = weight }
      states[firstState + index].bytes = edges
    }
  }

  /// The edges that read one of `sequences`, which are the same or apart byte by byte.
  private mutating func makeEdges(
    _ sequences: [(bytes: ArraySlice<Bytes>, target: Int32)]
  ) -> [RuleAutomaton.ByteEdge] {
    var groups: [(range: Bytes, rest: [(bytes: ArraySlice<Bytes>, target: Int32)])] = []
    var places: [Bytes: Int] = [:]
    for (bytes, target) in sequences {
      guard let first = bytes.first else { continue }
      if places[first] == nil {
        places[first] = groups.count
        groups.append((first, []))
      }
      groups[places[first] ?? 0].rest.append((bytes.dropFirst(), target))
    }
    var edges: [RuleAutomaton.ByteEdge] = []
    for group in groups {
      var target = group.rest[0].target
      if !group.rest[0].bytes.isEmpty {
        let inner = makeEdges(group.rest)
        if let known = shared[inner] {
          target = known
        } else {
          target = Int32(states.count)
          shared[inner] = target
          states.append(.init(bytes: inner))
        }
      }
      edges.append(.init(low: group.range.lowerBound, high: group.range.upperBound, target: target, weight: 0))
    }
    return edges
  }

  /// How the characters of a range are written inside quotes.
  private static func escapedSpellings(of range: ClosedRange<UInt32>) -> [[Bytes]] {
    var spellings: [[Bytes]] = []
    func add(_ text: [UInt8]) { spellings.append(text.map { $0...$0 }) }
    let special: [UInt32] = Array(0x00..<0x20) + [0x22, 0x5C]
    for value in special where range.contains(value) {
      switch value {
      case 0x08: add(Array("\\b".utf8))
      case 0x09: add(Array("\\t".utf8))
      case 0x0A: add(Array("\\n".utf8))
      case 0x0C: add(Array("\\f".utf8))
      case 0x0D: add(Array("\\r".utf8))
      case 0x22: add(Array("\\\"".utf8))
      case 0x5C: add(Array("\\\\".utf8))
      default:
        let digits = String(value, radix: 16)
        add(Array("\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8))
      }
    }
    for plain: ClosedRange<UInt32> in [0x20...0x21, 0x23...0x5B, 0x5D...0x10FFFF] where plain.overlaps(range) {
      spellings += UTF8Ranges.sequences(of: plain.clamped(to: range))
    }
    return spellings
  }

  /// A string with any escapes; only whole surrogate pairs, only valid UTF-8, no raw control characters.
  static let free: RuleAutomaton = {
    var text = NondeterministicStates()
    let inside = text.add()
    let end = text.add(isFinal: true)
    text.edge(0, [0x22...0x22], inside)
    text.edge(inside, [0x22...0x22], end)
    let hexadecimal: [ClosedRange<UInt8>] = [0x30...0x39, 0x41...0x46, 0x61...0x66]
    // Escapes: \uD800–\uDBFF must be followed by \uDC00–\uDFFF.
    let escape = text.add()
    text.edge(inside, [0x5C...0x5C], escape)
    for byte in "\"\\/bfnrt".utf8 { text.edge(escape, [byte...byte], inside) }
    let unit = text.add()
    text.edge(escape, [0x75...0x75], unit)
    let lastDigit = text.add()
    text.edge(lastDigit, hexadecimal, inside)
    let thirdDigit = text.add()
    text.edge(thirdDigit, hexadecimal, lastDigit)
    let secondDigit = text.add()
    text.edge(secondDigit, hexadecimal, thirdDigit)
    text.edge(unit, [0x30...0x39, 0x41...0x43, 0x45...0x46, 0x61...0x63, 0x65...0x66], secondDigit)
    let afterD = text.add()
    text.edge(unit, [0x44...0x44, 0x64...0x64], afterD)
    text.edge(afterD, [0x30...0x37], thirdDigit)
    var high = text.add()
    text.edge(afterD, [0x38...0x39, 0x41...0x42, 0x61...0x62], high)
    for ranges in [hexadecimal, hexadecimal, [0x5C...0x5C], [0x75...0x75], [0x44...0x44, 0x64...0x64]] {
      let next = text.add()
      text.edge(high, ranges, next)
      high = next
    }
    text.edge(high, [0x43...0x46, 0x63...0x66], thirdDigit)
    // Everything else is written as itself.
    for plain: ClosedRange<UInt8> in [0x20...0x21, 0x23...0x5B, 0x5D...0x7F] { text.edge(inside, [plain], inside) }
    text.addMultibyteCharacters(from: inside, to: inside)
    return RuleAutomaton(states: text.states)
  }()
}

/// The few states of the free string, written down by hand.
private struct NondeterministicStates {
  var states: [RuleAutomaton.State] = [.init()]

  mutating func add(isFinal: Bool = false) -> Int32 {
    states.append(.init(isFinal: isFinal))
    return Int32(states.count - 1)
  }

  mutating func edge(_ from: Int32, _ ranges: [ClosedRange<UInt8>], _ target: Int32) {
    states[Int(from)].bytes += ranges.map {
      .init(low: $0.lowerBound, high: $0.upperBound, target: target, weight: 0)
    }
  }

  /// Table 3-7 of the Unicode Standard.
  mutating func addMultibyteCharacters(from: Int32, to target: Int32) {
    let one = add()
    edge(one, [0x80...0xBF], target)
    let two = add()
    edge(two, [0x80...0xBF], one)
    let three = add()
    edge(three, [0x80...0xBF], two)
    edge(from, [0xC2...0xDF], one)
    edge(from, [0xE1...0xEC, 0xEE...0xEF], two)
    edge(from, [0xF1...0xF3], three)
    for (lead, second, rest): (UInt8, ClosedRange<UInt8>, Int32) in [
      (0xE0, 0xA0...0xBF, one), (0xED, 0x80...0x9F, one), (0xF0, 0x90...0xBF, two), (0xF4, 0x80...0x8F, two),
    ] {
      let state = add()
      edge(from, [lead...lead], state)
      edge(state, [second], rest)
    }
  }
}
