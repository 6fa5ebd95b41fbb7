import MosoCheckpoints
import MosoModel
import MosoTensor

/// Which method takes a model's steps, and its numbers.
public struct OptimizerSettings: Sendable, Hashable {
  /// The method for the matrices of layers. Embeddings, the head, gains and biases are always AdamW's.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case adamW = "adamw"
    case muon
  }

  /// The method for the matrices of layers.
  public var method: Method
  /// AdamW's momentum of gradients.
  public var firstMomentum = 0.9
  /// AdamW's momentum of squared gradients.
  public var secondMomentum = 0.95
  /// What AdamW adds to the root of the mean square.
  public var epsilon = 1e-8
  /// What matrices lose of themselves in a step, times the learning rate. Embeddings, gains and biases lose nothing.
  public var weightDecay = 0.1
  /// Muon's momentum.
  public var muonMomentum = 0.95
  /// The largest norm of all gradients together; longer ones are shortened to it. `nil` for no bound.
  public var largestNorm: Double? = 1
  /// The width at which layers' matrices have the learning rate that was asked for; in a wider model they have less (AdamW's in
  /// proportion, Muon's by the root), so that one rate serves all widths (Yang et al., 2022). `nil` for one rate everywhere.
  public var referenceWidth: Int?
  /// What embeddings, gains and biases have of the learning rate: AdamW's steps have the size of the rate whatever the gradient,
  /// and what is right for Muon's matrices may be much for them.
  public var embeddingShare = 1.0

  /// The usual numbers for a method.
  public init(method: Method = .adamW) { self.method = method }
}

/// Takes a model's steps and keeps what the method remembers.
public final class Optimizer {
  /// The method and its numbers.
  public let settings: OptimizerSettings
  /// How many steps were taken.
  public internal(set) var stepCount = 0
  /// The running means of gradients.
  let first: ParameterStore
  /// AdamW's running means of squared gradients; Muon's matrices have none, and leave their place empty.
  let second: ParameterStore
  private let model: TrainingModel
  /// The parameters whose steps are taken here.
  private let own: Range<Int>

  /// - Parameter own: The parameters whose steps are taken, where several processes share them; all unless given.
  package init(_ settings: OptimizerSettings, for model: TrainingModel, own: Range<Int>? = nil) {
    self.settings = settings
    self.model = model
    if let own {
      self.own = own
      first = ParameterStore(model.layout.parameters[own], on: model.compute)
      second = ParameterStore(model.layout.parameters[own], on: model.compute)
    } else {
      self.own = model.layout.parameters.indices
      first = ParameterStore(count: model.layout.valueCount, on: model.compute)
      second = ParameterStore(count: model.layout.valueCount, on: model.compute)
    }
  }

  private var parameters: ArraySlice<TrainingParameter> { model.layout.parameters[own] }

  /// Adds the slopes of second uses to those of first ones: from here on a parameter has one gradient.
  package func join(_ slopes: ParameterStore) {
    for use in model.layout.secondUses {
      guard let parameter = parameters.first(where: { use.isSecondUse(of: $0) }) else { continue }
      model.compute.add(slopes.slopes(of: use), to: slopes.slopes(of: parameter))
    }
  }

  /// The norm of all gradients together.
  package func norm(_ slopes: ParameterStore) -> Double { squares(slopes).reduce(0, +).squareRoot() }

  /// For each parameter the sum of the squares of its gradient.
  package func squares(_ slopes: ParameterStore) -> [Double] {
    parameters.map { model.compute.sumOfSquares(slopes.slopes(of: $0)) }
  }

  /// One step with joined gradients of a norm.
  ///
  /// - Parameter slopes: The gradients; overwritten.
  package func step(rate: Double, slopes: ParameterStore, norm: Double) {
    stepCount += 1
    let scale = settings.largestNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1
    for parameter in parameters {
      let gradient = slopes.slopes(of: parameter), values = model.values.values(of: parameter)
      let first = first.values(of: parameter)
      let rate = rate * rateShare(parameter)
      if isMuons(parameter) {
        Muon(momentum: settings.muonMomentum, weightDecay: settings.weightDecay, rateRule: .likeAdamW).step(
          rate: rate, gradientScale: scale, gradient: gradient, parameter: values, mean: first, on: model.compute)
      } else {
        let step = AdamWStep(
          rate: rate, weightDecay: decays(parameter) ? settings.weightDecay : 0,
          firstMomentum: settings.firstMomentum, secondMomentum: settings.secondMomentum, epsilon: settings.epsilon,
          step: stepCount, gradientScale: scale)
        model.compute.adamW(
          step, gradients: gradient, parameters: values, first: first, second: second.values(of: parameter))
      }
    }
  }

  private func isMuons(_ parameter: TrainingParameter) -> Bool {
    settings.method == .muon && isLayersMatrix(parameter)
  }

  private func isLayersMatrix(_ parameter: TrainingParameter) -> Bool {
    parameter.role.layer != nil && parameter.role.part == .weight && !parameter.role.module.isNorm
      && parameter.role.module != .router
  }

  private func decays(_ parameter: TrainingParameter) -> Bool {
    guard parameter.role.part == .weight, !parameter.role.module.isNorm else { return false }
    return parameter.role.module != .tokenEmbedding && parameter.role.module != .positionEmbedding
  }

  /// The share of the learning rate that a parameter has.
  private func rateShare(_ parameter: TrainingParameter) -> Double {
    let share = settings.referenceWidth.map { Double($0) / Double(model.architecture.width) } ?? 1
    // The largest singular value of Muon's steps, as AdamW's size asks for them, grows with the root of the width.
    if isMuons(parameter) { return share.squareRoot() }
    let isVector = parameter.role.part != .weight || parameter.role.module.isNorm
    if isVector || [.tokenEmbedding, .positionEmbedding].contains(parameter.role.module) {
      return settings.embeddingShare
    }
    return share
  }
}
