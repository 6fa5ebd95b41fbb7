import MosoModel

/// How a family names its tensors in one file format.
struct TensorNaming: Sendable {
  typealias Module = TensorRole.Module

  /// A name, with `#` for the layer and `@` for the expert, and which modules lie in the tensor under it.
  struct Pattern: Sendable {
    /// The name without `.weight` or `.bias`.
    var stem: String
    /// The modules whose rows lie under each other in it.
    var modules: [Module]
    /// Whether all experts lie in it behind each other.
    var isStacked = false
    /// What follows the stem in the name of the weight.
    var weightSuffix = ".weight"

    func name(_ role: TensorRole) -> String {
      var name = ""
      for character in stem {
        switch character {
        case "#": name += "\(role.layer ?? 0)"
        case "@": name += "\(role.expert ?? 0)"
        default: name.append(character)
        }
      }
      return name + (role.part == .weight ? weightSuffix : ".bias")
    }

    /// Whether it is a name of experts' weights.
    var isOfExperts: Bool { isStacked || stem.contains("@") }

    var tiedName: String { stem + weightSuffix }
  }

  /// Replaces the beginning of a name.
  struct Prefix: Sendable {
    var from: String
    var to: String

    static func apply(_ prefixes: [Prefix], to name: String) -> String {
      guard let prefix = prefixes.first(where: { name.hasPrefix($0.from) }) else { return name }
      return prefix.to + name.dropFirst(prefix.from.count)
    }
  }

  /// Tensors that files carry and a forward pass does not need.
  struct Ignorable: Sendable {
    var names: [String] = []
    var prefixes: [String] = []
    var suffixes: [String] = []

    func contains(_ name: String) -> Bool {
      names.contains { name == $0 || name.hasSuffix("." + $0) } || prefixes.contains { name.hasPrefix($0) }
        || suffixes.contains { name.hasSuffix($0) }
    }
  }

  /// Whether a projection adds a bias.
  enum BiasRule: Sendable {
    case absent, optional, required
  }

  private var patterns: [Module: [Pattern]] = [:]
  private var biases: [Module: BiasRule] = [:]
  /// The projections that the files store inputs × outputs.
  var transposed: Set<Module> = []
  /// What is added to each gain.
  var gainAddend: Float = 0
  /// How all names may begin otherwise; the first is empty.
  var prefixes: [[Prefix]] = [[]]
  var ignorable = Ignorable()

  func patterns(of module: Module) -> [Pattern] { patterns[module] ?? [] }

  func bias(of module: Module) -> BiasRule { biases[module] ?? .absent }

  /// Names a module; earlier names are tried first.
  mutating func name(_ module: Module, _ stems: String...) {
    patterns[module] = stems.map { Pattern(stem: $0, modules: [module]) }
  }

  /// Names a tensor that holds several modules, or several experts, before or after the names they have of their own.
  mutating func name(fused pattern: Pattern, first: Bool) {
    for module in pattern.modules {
      patterns[module, default: []].insert(pattern, at: first ? 0 : patterns[module]?.count ?? 0)
    }
  }

  /// Lets the tensor called `stem` be looked for first, and be the one to write, for all modules that it may hold.
  mutating func prefer(_ stem: String) {
    patterns = patterns.mapValues { $0.filter { $0.stem == stem } + $0.filter { $0.stem != stem } }
  }

  mutating func bias(_ modules: [Module], _ rule: BiasRule) {
    for module in modules { biases[module] = rule }
  }
}

extension TensorNaming.Module {
  static let attentionProjections: [Self] = [.query, .key, .value, .attentionOutput]
  static let feedForwardProjections: [Self] = [.gate, .up, .down]
}
