import MosoModel

extension TensorNaming {
  /// The roles of an architecture, with the places that a naming gives them, in groups: what comes before the layers,
  /// each layer, what comes after.
  struct Expansion: Sendable {
    let architecture: Architecture
    let naming: TensorNaming

    init(_ architecture: Architecture, _ naming: TensorNaming) {
      self.architecture = architecture
      self.naming = naming
    }

    var groupCount: Int { architecture.layers.count + 2 }

    func entries(ofGroup group: Int) -> [TensorEntry] {
      switch group {
      case 0: entries([.tokenEmbedding] + (architecture.hasLearnedPositions ? [.positionEmbedding] : []))
      case groupCount - 1: entries([.finalNorm] + (architecture.hasTiedHead ? [] : [.head]))
      default: layerEntries(group - 1)
      }
    }

    private func layerEntries(_ layer: Int) -> [TensorEntry] {
      let hasHeadNorms = architecture.attention.normalizesQueriesAndKeys
      let hasOutputNorms = architecture.norm.followsBranches
      var before: [Module] = [.attentionNorm, .query, .key, .value]
      if hasHeadNorms { before += [.queryNorm, .keyNorm] }
      before.append(.attentionOutput)
      if hasOutputNorms { before.append(.attentionOutputNorm) }
      before.append(.feedForwardNorm)
      let projections: [Module] = architecture.feedForward.isGated ? [.gate, .up, .down] : [.up, .down]
      var result = entries(before, layer: layer)
      if let experts = architecture.feedForward.experts {
        result += entries([.router], layer: layer)
        for expert in 0..<experts.count { result += entries(projections, layer: layer, expert: expert) }
      } else {
        result += entries(projections, layer: layer)
      }
      if hasOutputNorms { result += entries([.feedForwardOutputNorm], layer: layer) }
      return result
    }

    /// The weight of each module and, where it may have one, its bias.
    private func entries(_ modules: [Module], layer: Int? = nil, expert: Int? = nil) -> [TensorEntry] {
      modules.flatMap { module in
        let weight = entry(TensorRole(module, .weight, layer: layer, expert: expert), isRequired: true)
        guard let isRequired = requiresBias(module, isExpert: expert != nil) else { return [weight] }
        return [weight, entry(TensorRole(module, .bias, layer: layer, expert: expert), isRequired: isRequired)]
      }
    }

    /// Whether a module must have a bias; `nil` when it has none.
    private func requiresBias(_ module: Module, isExpert: Bool) -> Bool? {
      if module.isNorm { return architecture.norm.kind == .layer ? true : nil }
      return switch naming.bias(of: module) {
      case .required: true
      case .optional: isExpert ? nil : false
      case .absent: nil
      }
    }

    private func entry(_ role: TensorRole, isRequired: Bool) -> TensorEntry {
      let patterns = naming.patterns(of: role.module).filter { $0.isOfExperts == (role.expert != nil) }
      return TensorEntry(role: role, candidates: patterns.map { source(of: role, $0) }, isRequired: isRequired)
    }

    private func source(of role: TensorRole, _ pattern: Pattern) -> TensorSource {
      let before = pattern.modules.prefix { $0 != role.module }
      let rowsTogether = pattern.modules.reduce(0) { $0 + self.shape(of: $1)[0] }
      let isBias = role.part == .bias
      let shape = isBias ? [self.shape(of: role.module)[0]] : self.shape(of: role.module)
      var fileShape = shape
      fileShape[0] = rowsTogether
      let isTransposed = !isBias && naming.transposed.contains(role.module)
      if isTransposed { fileShape.reverse() }
      var firstRow = before.reduce(0) { $0 + self.shape(of: $1)[0] }
      if pattern.isStacked, let experts = architecture.feedForward.experts, let expert = role.expert {
        fileShape.insert(experts.count, at: 0)
        firstRow += expert * rowsTogether
      }
      return TensorSource(
        name: pattern.name(role), fileShape: fileShape, shape: shape, firstRow: firstRow, isTransposed: isTransposed,
        addend: role.module.isNorm && !isBias ? naming.gainAddend : 0)
    }

    /// The shape of a module's weight: outputs × inputs, or the length of a gain.
    private func shape(of module: Module) -> [Int] {
      let width = architecture.width
      let attention = architecture.attention
      let queryWidth = attention.headCount * attention.headSize
      let keyWidth = attention.keyValueHeadCount * attention.headSize
      switch module {
      case .tokenEmbedding, .head: return [architecture.vocabularySize, width]
      case .positionEmbedding: return [architecture.contextLength, width]
      case .query: return [queryWidth, width]
      case .key, .value: return [keyWidth, width]
      case .attentionOutput: return [width, queryWidth]
      case .queryNorm, .keyNorm: return [attention.headSize]
      case .router: return [architecture.feedForward.experts?.count ?? 0, width]
      case .gate, .up: return [architecture.feedForward.width, width]
      case .down: return [width, architecture.feedForward.width]
      case .finalNorm, .attentionNorm, .attentionOutputNorm, .feedForwardNorm, .feedForwardOutputNorm:
        return [width]
      }
    }
  }
}
