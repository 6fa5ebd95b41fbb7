import MosoModel
import MosoTesting

/// A mistake an interpreter may make: the suite has to notice each.
enum Fault: String, CaseIterable, Sendable {
  case dropsBiases = "linear forgets the bias"
  case dropsResidual = "the fused addition forgets the residual"
  case gatesTheWrongWay = "the fused gate activates the wrong projection"
  case activatesOtherwise = "GELU is taken for its approximation"
  case forgetsNormBias = "a layer norm forgets its bias"
  case forgetsQueryNorm = "the fused projection forgets to normalise queries"
  case rotatesAlways = "the fused projection rotates in layers without rotation"
  case ignoresScale = "embeddings are not scaled"
  case ignoresPositions = "learned positions are not added"
  case ignoresSoftcap = "logits are not capped"
  case selectsFirstRows = "the first rows are given and not the wanted ones"
  case takesTopExpertOnly = "one expert is used where two are asked for"
  case mixesSequences = "a batch is taken for one sequence"
  case countsFromZero = "positions begin at zero in every batch"
}

/// The reference with one fault.
struct FaultyInterpreter: InterpreterUnderTest {
  let fault: Fault

  var tolerance: Double { 1e-4 }
  var isExact: Bool { false }

  func session(on model: TinyModel, contextLength: Int, capacity: Int) -> FaultySession {
    FaultySession(base: ReferenceSession(model, contextLength: contextLength), fault: fault)
  }
}

struct FaultySession: SessionUnderTest {
  let base: ReferenceSession
  let fault: Fault

  var transformer: Transformer<ReferenceWeight> { base.transformer }

  func ops(for batch: Batch) -> Faulty {
    var changed = Batch()
    for run in batch.runs {
      let rows = run.firstRow..<run.firstRow + run.count
      let position: Int
      switch fault {
      case .countsFromZero: position = 0
      case .mixesSequences: position = run.firstRow
      default: position = run.firstPosition
      }
      changed.append(
        batch.tokens[rows], to: fault == .mixesSequences ? 0 : run.sequence, at: position,
        outputs: batch.outputRows.filter(rows.contains).map { $0 - run.firstRow })
    }
    return Faulty(base: base.ops(for: changed), fault: fault)
  }

  func values(_ activation: [[Double]]) -> [[Float]] { base.values(activation) }

  func truncate(_ sequence: Int, to count: Int) { base.truncate(sequence, to: count) }
}

struct Faulty: TransformerOps {
  typealias Activation = [[Double]]
  typealias Parameter = ReferenceWeight

  var base: ReferenceOps
  let fault: Fault

  mutating func embed(in table: Parameter, scale: Float) -> Activation {
    base.embed(in: table, scale: fault == .ignoresScale ? 1 : scale)
  }

  mutating func addPositions(_ x: Activation, from table: Parameter) -> Activation {
    fault == .ignoresPositions ? x : base.addPositions(x, from: table)
  }

  mutating func normalize(_ x: Activation, _ norm: Norm<Parameter>, plan: NormPlan) -> Activation {
    base.normalize(x, fault == .forgetsNormBias ? Norm(gain: norm.gain) : norm, plan: plan)
  }

  mutating func normalizeHeads(
    _ x: Activation, _ norm: Norm<Parameter>, headSize: Int, epsilon: Float
  ) -> Activation {
    base.normalizeHeads(x, norm, headSize: headSize, epsilon: epsilon)
  }

  mutating func linear(_ x: Activation, _ layer: Linear<Parameter>) -> Activation {
    base.linear(x, fault == .dropsBiases ? Linear(weight: layer.weight) : layer)
  }

  mutating func linear(_ x: Activation, _ layer: Linear<Parameter>, addedTo residual: Activation) -> Activation {
    fault == .dropsResidual ? linear(x, layer) : add(residual, linear(x, layer))
  }

  mutating func rotate(_ x: Activation, headSize: Int, by rotary: Int) -> Activation {
    base.rotate(x, headSize: headSize, by: rotary)
  }

  mutating func projectAttention(
    _ x: Activation, _ weights: AttentionWeights<Parameter>, plan: AttentionPlan, epsilon: Float, rotary: Int?
  ) -> (query: Activation, key: Activation, value: Activation) {
    var weights = weights
    var rotary = rotary
    if fault == .forgetsQueryNorm { weights.queryNorm = nil }
    if fault == .rotatesAlways && !base.architecture.rotaries.isEmpty { rotary = rotary ?? 0 }
    var composed = Unfused(self)
    return composed.projectAttention(x, weights, plan: plan, epsilon: epsilon, rotary: rotary)
  }

  mutating func gate(
    _ x: Activation, _ weights: GatedWeights<Parameter>, _ activation: FeedForwardPlan.Activation
  ) -> Activation {
    let swapped = GatedWeights(gate: weights.up, up: weights.gate, down: weights.down)
    var composed = Unfused(self)
    return composed.gate(x, fault == .gatesTheWrongWay ? swapped : weights, activation)
  }

  mutating func attend(query: Activation, key: Activation, value: Activation, layer: Int) -> Activation {
    base.attend(query: query, key: key, value: value, layer: layer)
  }

  mutating func add(_ x: Activation, _ y: Activation) -> Activation { base.add(x, y) }

  mutating func activate(_ x: Activation, _ activation: FeedForwardPlan.Activation) -> Activation {
    base.activate(x, fault == .activatesOtherwise && activation == .gelu ? .geluTanh : activation)
  }

  mutating func multiply(_ x: Activation, _ y: Activation) -> Activation { base.multiply(x, y) }

  mutating func mixExperts(
    _ x: Activation, router: Linear<Parameter>, experts: [GatedWeights<Parameter>], plan: FeedForwardPlan,
    routing: ExpertPlan
  ) -> Activation {
    var routing = routing
    if fault == .takesTopExpertOnly { routing.usedCount = 1 }
    return base.mixExperts(x, router: router, experts: experts, plan: plan, routing: routing)
  }

  mutating func selectOutputs(_ x: Activation) -> Activation {
    let wanted = base.selectOutputs(x)
    return fault == .selectsFirstRows ? Array(x.prefix(wanted.count)) : wanted
  }

  mutating func softcap(_ x: Activation, at cap: Float) -> Activation {
    fault == .ignoresSoftcap ? x : base.softcap(x, at: cap)
  }

  mutating func visit(_ x: Activation, at site: Site) -> Activation { base.visit(x, at: site) }

  func observes(_ site: Site) -> Bool { base.observes(site) }
}
