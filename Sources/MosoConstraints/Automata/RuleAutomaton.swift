/// The deterministic automaton of one rule: what it reads are bytes, other rules and special tokens.
///
/// State 0 is the first. Reading may count: edges of weight 1 add to the counter of the rule's frame, and the rule may
/// end only when the counter is within the rule's bounds.
struct RuleAutomaton: Sendable {
  /// Reads one byte of a range.
  struct ByteEdge: Hashable, Sendable {
    var low: UInt8
    var high: UInt8
    var target: Int32
    var weight: Int32
  }

  /// Reads whatever another rule reads.
  struct CallEdge: Hashable, Sendable {
    var rule: Int32
    var target: Int32
    var weight: Int32
  }

  /// Reads a special token; no target means that just this token is not allowed, whatever `State.control` says.
  struct TokenEdge: Hashable, Sendable {
    var token: Int32
    var target: Int32?
  }

  struct State: Sendable {
    var bytes: [ByteEdge] = []
    var calls: [CallEdge] = []
    var tokens: [TokenEdge] = []
    /// Where control tokens that are not among `tokens` lead.
    var control: Int32?
    var isFinal = false

    var isEmpty: Bool { bytes.isEmpty && calls.isEmpty && tokens.isEmpty && control == nil }
  }

  var states: [State]

  /// An automaton that reads nothing at all, not even the empty text.
  static var never: RuleAutomaton { RuleAutomaton(states: [State()]) }

  /// The rule this one is another name for.
  var alias: Int32? {
    guard states.count <= 3, let start = states.first, !start.isFinal, start.calls.count == 1, start.bytes.isEmpty,
      start.tokens.isEmpty, start.control == nil, let call = start.calls.first, call.weight == 0
    else { return nil }
    let end = states[Int(call.target)]
    return end.isFinal && end.isEmpty ? call.rule : nil
  }
}

/// How often a rule may count.
struct CountBounds: Hashable, Sendable {
  var minimum: Int
  /// `nil` for as often as it likes.
  var maximum: Int?
}

/// A rule of a grammar: an automaton, perhaps with bounds on its counter.
struct GrammarRule: Sendable {
  var automaton: RuleAutomaton
  /// `nil` for a rule that does not count.
  var bounds: CountBounds?
  /// Which of the automata that every grammar shares this one is, so that masks can be shared too.
  var standard: StandardRule?
  /// Where in the schema the rule comes from.
  var path: String
  /// Why the rule is empty, if it was made so.
  var emptiness: String?
}

/// Automata that are the same in every grammar.
enum StandardRule: Int32, Sendable {
  /// A string with any escapes.
  case freeString
  /// A string whose characters are counted, written in the one canonical way.
  case countedString
}
