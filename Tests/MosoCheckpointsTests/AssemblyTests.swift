import MosoModel
import Testing

@testable import MosoCheckpoints

@Suite("Assembling a transformer") struct AssemblyTests {
  @Test("Every role is loaded once, and a tied head is the embedding", arguments: TinyModel.all)
  func roles(model: TinyModel) throws {
    let configuration = try model.configuration()
    let resolved = try configuration.tensors.resolve(model.safetensors())
    var loaded: [TensorRole] = []
    let transformer = resolved.transformer(configuration.architecture) { role, _ in
      loaded.append(role)
      return role
    }
    #expect(loaded.count == Set(loaded).count)
    #expect(Set(loaded) == Set(resolved.sources.keys))
    let isTied = configuration.architecture.hasTiedHead
    #expect(transformer.head.weight == TensorRole(isTied ? .tokenEmbedding : .head))
    #expect(transformer.blocks.count == configuration.architecture.layers.count)
  }

  @Test("Each part is where the forward pass looks for it")
  func parts() throws {
    let configuration = try TinyModel(name: "gemma3").configuration()
    let resolved = try configuration.tensors.resolve(TinyModel(name: "gemma3").safetensors())
    let block = resolved.transformer(configuration.architecture) { role, _ in role.module }.blocks[3]
    #expect(block.attentionNorm.gain == .attentionNorm)
    #expect(block.attention.query.weight == .query)
    #expect(block.attention.keyNorm?.gain == .keyNorm)
    #expect(block.attention.output.weight == .attentionOutput)
    #expect(block.attentionOutputNorm?.gain == .attentionOutputNorm)
    #expect(block.feedForwardNorm.gain == .feedForwardNorm)
    #expect(block.feedForwardOutputNorm?.gain == .feedForwardOutputNorm)
    guard case .gated(let weights) = block.feedForward else {
      Issue.record("\(block.feedForward)")
      return
    }
    #expect([weights.gate.weight, weights.up.weight, weights.down.weight] == [.gate, .up, .down])
  }
}
