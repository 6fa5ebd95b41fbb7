import MosoModel

/// Something every interpreter must do, whatever it is for.
public enum ConformanceRule: String, Sendable, CaseIterable {
  case reference = "logits agree with the reference"
  case hiddenStates = "hidden states of every row agree with the reference"
  case outputRows = "the rows asked for are the rows given"
  case together = "sequences in one batch give what each gives alone"
  case fusion = "fused operations equal what they are composed of"
  case sites = "sites are visited in order, and watching changes nothing"
  case steering = "a steered activation is what the pass goes on with"
  case chunks = "a prompt gives the same in chunks of any size"
  case continuing = "sequences at different places go on in one batch"
  case rollback = "a sequence goes on from any place it is cut at"
  case longSequences = "a thousand tokens agree with the reference, in chunks and one by one"

  /// Whether the rule needs an interpreter that remembers earlier batches.
  public var needsHistory: Bool {
    switch self {
    case .reference, .hiddenStates, .outputRows, .together, .fusion, .sites, .steering: false
    case .chunks, .continuing, .rollback, .longSequences: true
    }
  }
}

/// One rule on one model: the argument of a parameterised test.
public struct ConformanceCase: Sendable, CustomStringConvertible {
  public let rule: ConformanceRule
  public let model: TinyModel

  public var description: String { "\(model): \(rule.rawValue)" }

  /// Every rule on every model it is meant for.
  public static let all: [ConformanceCase] = ConformanceRule.allCases.flatMap { rule in
    let models = rule == .longSequences ? TinyModel.long : TinyModel.families + TinyModel.drawn
    return models.map { ConformanceCase(rule: rule, model: $0) }
  }

  /// The cases for an interpreter that keeps nothing between batches.
  public static let withoutHistory: [ConformanceCase] = all.filter { !$0.rule.needsHistory }

  /// Checks that `interpreter` keeps the rule.
  ///
  /// - Throws: `CheckFailure`, or what the interpreter throws.
  public func check(_ interpreter: some InterpreterUnderTest) throws {
    let examination = Examination(interpreter: interpreter, model: model)
    do {
      switch rule {
      case .reference: try examination.agreesWithReference()
      case .hiddenStates: try examination.givesHiddenStates()
      case .outputRows: try examination.givesRowsAskedFor()
      case .together: try examination.keepsSequencesApart()
      case .fusion: try examination.fusesFaithfully()
      case .sites: try examination.visitsSites()
      case .steering: try examination.canBeSteered()
      case .chunks: try examination.readsInChunks()
      case .continuing: try examination.continuesSequences()
      case .rollback: try examination.rollsBack()
      case .longSequences: try examination.readsLongSequences()
      }
    } catch let failure as CheckFailure {
      throw CheckFailure("\(self). But \(failure)")
    }
  }
}

/// One interpreter on one model.
struct Examination<Interpreter: InterpreterUnderTest> {
  let interpreter: Interpreter
  let model: TinyModel

  /// Tokens in the prompts of most rules: more than one page of the eager cache, less than two.
  static var length: Int { 90 }

  var tokens: [Int32] { model.tokens(Self.length) }

  /// What repeated results may differ by; `nil` when they are to be the same bits.
  var repeatTolerance: Double? { interpreter.isExact ? nil : interpreter.tolerance }

  func session(contextLength: Int? = nil, capacity: Int = 1_024) throws -> Interpreter.Session {
    try interpreter.session(
      on: model, contextLength: contextLength ?? model.architecture.contextLength, capacity: capacity)
  }

  /// The logits of all of `tokens`, read at once by a new session.
  func fresh(_ tokens: [Int32]) throws -> [[Float]] {
    var session = try session()
    return try session.read(tokens)
  }
}

extension Batch {
  /// All of `tokens` as one sequence from its start.
  init(_ tokens: [Int32], outputs: [Int]? = nil) {
    self.init()
    append(tokens, to: 0, at: 0, outputs: outputs ?? Array(tokens.indices))
  }
}
