import MosoModel
import MosoTensor
import Testing

@testable import MosoCheckpoints

@Suite("Quantisation recipes") struct QuantizationRecipeTests {
  private func model(layers: Int, isTied: Bool = false, experts: Int? = nil) -> Architecture {
    Architecture(
      family: "llama", vocabularySize: 32_000, contextLength: 4096, width: 4096,
      layers: Array(repeating: LayerPlan(rotary: 0), count: layers), norm: NormPlan(epsilon: 1e-5),
      attention: AttentionPlan(headCount: 32, keyValueHeadCount: 8, headSize: 128, scale: 0.1),
      rotaries: [RotaryPlan(pairing: .adjacent, dimensions: 2, frequencies: [1])],
      feedForward: FeedForwardPlan(
        activation: .silu, isGated: true, width: 14_336,
        experts: experts.map { ExpertPlan(count: $0, usedCount: 2, normalizesWeights: true) }),
      hasTiedHead: isTied)
  }

  private func type(
    _ recipe: QuantizationRecipe, _ modules: [TensorRole.Module], layer: Int? = nil, row: Int = 4096,
    _ model: Architecture
  ) -> ElementType {
    recipe.elementType(of: modules.map { TensorRole($0, layer: layer) }, rowLength: row, in: model)
  }

  @Test("Q4_K_M gives half the values and downward projections more bits, where llama.cpp does")
  func sensitiveLayers() {
    let model = model(layers: 32)
    // The list of a published file of 32 layers.
    let more: Set = [0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31]
    for layer in 0..<32 {
      for module in [TensorRole.Module.value, .down] {
        #expect(type(.q4KM, [module], layer: layer, model) == (more.contains(layer) ? .q6K : .q4K), "\(layer)")
        #expect(type(.q5KM, [module], layer: layer, model) == (more.contains(layer) ? .q6K : .q5K), "\(layer)")
      }
      for module in [TensorRole.Module.query, .key, .attentionOutput, .gate, .up] {
        #expect(type(.q4KM, [module], layer: layer, model) == .q4K)
      }
    }
  }

  @Test("The head is finer than the rest") func head() {
    let (own, tied) = (model(layers: 32), model(layers: 32, isTied: true))
    for recipe in [QuantizationRecipe.q4KM, .q4_0, .q4_1, .q5_0, .q6K] {
      #expect(type(recipe, [.head], own) == .q6K)
      #expect(type(recipe, [.tokenEmbedding], own) == recipe.elementType)
      #expect(type(recipe, [.tokenEmbedding], tied) == .q6K)
    }
    #expect(type(.q8_0, [.head], own) == .q8_0)
    #expect(type(.f16, [.head], own) == .f16)
  }

  @Test("Rows that are not whole blocks get the next finer type with smaller ones") func fallbacks() {
    let model = model(layers: 32)
    #expect(type(.q4KM, [.query], layer: 5, row: 576, model) == .q5_0)
    #expect(type(.q5KM, [.query], layer: 5, row: 576, model) == .q5_1)
    #expect(type(.q4KM, [.value], layer: 0, row: 576, model) == .q8_0)
    #expect(type(.q4KM, [.head], row: 576, model) == .q8_0)
    #expect(type(.q4_0, [.up], layer: 5, row: 48, model) == .f16)
    #expect(type(.q4KM, [.up], layer: 5, row: 48, model) == .f16)
  }

  @Test("Mixtures of eight experts and fused matrices are treated as llama.cpp treats them") func special() {
    let mixture = model(layers: 32, experts: 8)
    #expect(type(.q4KM, [.value], layer: 5, mixture) == .q8_0)
    #expect(type(.q4_0, [.key], layer: 5, mixture) == .q8_0)
    #expect(type(.q4KM, [.attentionOutput], layer: 5, mixture) == .q5K)
    #expect(type(.q4KM, [.query, .key, .value], layer: 5, model(layers: 32)) == .q5K)
    #expect(type(.q4_0, [.query, .key, .value], layer: 5, model(layers: 32)) == .q4_0)
    #expect(type(.q4KM, [.value], layer: 13, model(layers: 80)) == .q5K)
  }

  @Test("Recipes are found by name, in capitals or not") func names() {
    #expect(QuantizationRecipe(named: "q4_k_m") == .q4KM)
    #expect(QuantizationRecipe(named: "Q8_0") == .q8_0)
    #expect(QuantizationRecipe(named: "Q4_K") == nil)
    #expect(Set(QuantizationRecipe.allCases.map(\.fileType)).count == QuantizationRecipe.allCases.count)
  }
}
