import MosoModel
import MosoTensor
import MosoTesting
import Testing

/// Where something is rounded, results are near the reference's and not the same: how near depends on what is rounded.
@Suite("Rounded models") struct RoundedModelTests {
  @Test("With quantised weights, logits are near those of the same weights in full", arguments: ElementType.allCases)
  func quantizedWeights(type: ElementType) throws {
    let model = TinyModel.ofType(type)
    // Inputs of products with blocks are rounded to 8 bits.
    try expectNear(model, tolerance: type.isQuantized ? 0.15 : 2e-5)
  }

  @Test("With a type for each role too") func mixedTypes() throws { try expectNear(.mixedTypes, tolerance: 0.15) }

  @Test(
    "A cache of halves, of bfloat16 or of 8-bit codes changes little",
    arguments: [(ElementType.f16, 5e-3), (.bf16, 0.1), (.q8_0, 0.3)])
  func caches(type: ElementType, tolerance: Double) throws {
    for model in TinyModel.families {
      var session = try EagerSession(model, capacity: 128, cacheType: type)
      let tokens = model.tokens(90)
      let expected = ReferenceSession(model).exactLogits(batch(tokens))
      try expectClose(session.read(tokens), expected, tolerance: tolerance, model.name)
    }
  }

  private func expectNear(_ model: TinyModel, tolerance: Double) throws {
    var session = try EagerSession(model, capacity: 64)
    let tokens = model.tokens(24)
    let expected = ReferenceSession(model).exactLogits(batch(tokens))
    try expectClose(session.read(tokens), expected, tolerance: tolerance, model.name)
  }

  private func batch(_ tokens: [Int32]) -> Batch {
    var batch = Batch()
    batch.append(tokens, to: 0, at: 0, outputs: Array(tokens.indices))
    return batch
  }
}
