import MosoModel
import MosoTraining

/// The models that a study may choose from: those of one recipe at different widths.
struct ModelSizes: Sendable {
  /// A model of some width.
  struct Candidate: Sendable, Hashable {
    var width: Int
    var layers: Int
    /// The parameters that every token is multiplied with.
    var parameters: Double
    /// The floating-point operations of training for each token.
    var operationsPerToken: Double

    /// What a run costs that has so many tokens for each parameter.
    func compute(tokensPerParameter ratio: Double) -> Double { operationsPerToken * ratio * parameters }
  }

  /// From the narrowest.
  let all: [Candidate]

  private static let widths =
    Array(stride(from: 32, to: 128, by: 16)) + Array(stride(from: 128, to: 512, by: 32))
    + Array(stride(from: 512, through: 2_048, by: 64))

  /// - Parameter vocabularySize: How many different tokens there are.
  init(_ recipe: ModelRecipe, vocabularySize: Int) throws(StudyError) {
    var all: [Candidate] = []
    for width in Self.widths {
      var recipe = recipe
      recipe.width = width
      // Heads that a recipe counts do not fit every width.
      guard let configuration = try? recipe.configuration(vocabularySize: vocabularySize, documentStart: 0),
        let design = try? ModelDesign(configuration)
      else { continue }
      all.append(
        Candidate(
          width: width, layers: design.architecture.layers.count, parameters: Double(design.multipliedCount),
          operationsPerToken: design.operationsPerToken(length: recipe.contextLength)))
    }
    guard !all.isEmpty else {
      throw .unusable(
        place: "the study's recipe", found: "a model that no width fits", expected: "one that can be made in several",
        hint: "leave out model.heads and model.key_value_heads")
    }
    self.all = all
  }

  /// The model whose logarithm of a number is nearest to that of `wanted`, apart from some widths.
  func nearest(to wanted: Double, without taken: [Int] = [], _ number: (Candidate) -> Double) -> Candidate? {
    all.filter { !taken.contains($0.width) }.min { first, second in
      abs(logarithm(number(first) / wanted)) < abs(logarithm(number(second) / wanted))
    }
  }
}
