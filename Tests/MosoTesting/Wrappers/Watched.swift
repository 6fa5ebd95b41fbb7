public import MosoModel

/// Another interpreter, with every site written down and one site's activation doubled if so asked.
///
/// Doubling needs nothing but the interpreter's own addition, so the same steering can be done on any of them.
public struct Watched<Base: TransformerOps>: TransformerOps {
  public typealias Activation = Base.Activation
  public typealias Parameter = Base.Parameter

  public var base: Base
  /// What was visited, in order.
  public private(set) var visits: [(site: Site, activation: Activation)] = []
  private let isWatching: Bool
  private let doubled: Site?

  /// - Parameters:
  ///   - isWatching: Whether to ask for every site, or to take what is shown without asking.
  ///   - doubled: Where to double the activation.
  public init(_ base: Base, isWatching: Bool = true, doubling doubled: Site? = nil) {
    self.base = base
    self.isWatching = isWatching
    self.doubled = doubled
  }

  public mutating func visit(_ x: Activation, at site: Site) -> Activation {
    let x = base.visit(x, at: site)
    visits.append((site, x))
    return site == doubled ? base.add(x, x) : x
  }

  public func observes(_ site: Site) -> Bool { isWatching || site == doubled || base.observes(site) }

  // MARK: Forwarded

  public mutating func embed(in table: Parameter, scale: Float) -> Activation { base.embed(in: table, scale: scale) }

  public mutating func addPositions(_ x: Activation, from table: Parameter) -> Activation {
    base.addPositions(x, from: table)
  }

  public mutating func normalize(_ x: Activation, _ norm: Norm<Parameter>, plan: NormPlan) -> Activation {
    base.normalize(x, norm, plan: plan)
  }

  public mutating func normalizeHeads(
    _ x: Activation, _ norm: Norm<Parameter>, headSize: Int, epsilon: Float
  ) -> Activation {
    base.normalizeHeads(x, norm, headSize: headSize, epsilon: epsilon)
  }

  public mutating func linear(_ x: Activation, _ layer: Linear<Parameter>) -> Activation { base.linear(x, layer) }

  public mutating func score(_ x: Activation, _ head: Linear<Parameter>) -> Activation { base.score(x, head) }

  public mutating func rotate(_ x: Activation, headSize: Int, by rotary: Int) -> Activation {
    base.rotate(x, headSize: headSize, by: rotary)
  }

  public mutating func attend(query: Activation, key: Activation, value: Activation, layer: Int) -> Activation {
    base.attend(query: query, key: key, value: value, layer: layer)
  }

  public mutating func add(_ x: Activation, _ y: Activation) -> Activation { base.add(x, y) }

  public mutating func activate(_ x: Activation, _ activation: FeedForwardPlan.Activation) -> Activation {
    base.activate(x, activation)
  }

  public mutating func multiply(_ x: Activation, _ y: Activation) -> Activation { base.multiply(x, y) }

  public mutating func mixExperts(
    _ x: Activation, router: Linear<Parameter>, experts: [GatedWeights<Parameter>], plan: FeedForwardPlan,
    routing: ExpertPlan
  ) -> Activation {
    base.mixExperts(x, router: router, experts: experts, plan: plan, routing: routing)
  }

  public mutating func selectOutputs(_ x: Activation) -> Activation { base.selectOutputs(x) }

  public mutating func softcap(_ x: Activation, at cap: Float) -> Activation { base.softcap(x, at: cap) }

  public mutating func projectAttention(
    _ x: Activation, _ weights: AttentionWeights<Parameter>, plan: AttentionPlan, epsilon: Float, rotary: Int?
  ) -> (query: Activation, key: Activation, value: Activation) {
    base.projectAttention(x, weights, plan: plan, epsilon: epsilon, rotary: rotary)
  }

  public mutating func linear(
    _ x: Activation, _ layer: Linear<Parameter>, addedTo residual: Activation
  ) -> Activation {
    base.linear(x, layer, addedTo: residual)
  }

  public mutating func gate(
    _ x: Activation, _ weights: GatedWeights<Parameter>, _ activation: FeedForwardPlan.Activation
  ) -> Activation {
    base.gate(x, weights, activation)
  }
}
