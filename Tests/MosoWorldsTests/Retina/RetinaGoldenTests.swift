import Testing

@testable import MosoWorlds

/// A recording as the simulator in `Scripts/make_retina_goldens.py` has made and judged it.
struct RetinaGolden: Sendable {
  let patch: RetinaPatch
  let seed: UInt64
  let number: Int
  let tokens: [UInt16]
  let surprisals: [Double]

  static let all = [small, narrow, whole]
}

@Suite("A simulated retina is the one that its description says")
struct RetinaGoldenTests {
  @Test("another simulator makes the same recordings and is as surprised", arguments: RetinaGolden.all.indices)
  func goldens(_ index: Int) {
    let golden = RetinaGolden.all[index]
    let recording = RetinaWorld(patch: golden.patch, seed: golden.seed).recording(golden.number)
    #expect(recording.tokens == golden.tokens)
    #expect(recording.surprisals.count == golden.surprisals.count)
    for (found, expected) in zip(recording.surprisals, golden.surprisals) {
      #expect((found - expected).magnitude < 1e-10)
    }
    #expect((recording.surprisal - golden.surprisals.reduce(0, +)).magnitude < 1e-8)
  }

  @Test("a recording is always the same, and no other's")
  func repeatable() {
    let patch = RetinaGolden.small.patch
    let world = RetinaWorld(patch: patch, seed: 3), other = RetinaWorld(patch: patch, seed: 4)
    let recordings = (0..<20).map { world.tokens($0) }
    #expect(recordings == (0..<20).map { world.recording($0).tokens })
    #expect(Set(recordings + (0..<20).map { other.tokens($0) }).count == 40)
  }

  @Test("the scenes of a smaller world are the first of a larger one")
  func nested() {
    let small = RetinaGolden.small.patch
    let large = RetinaPatch(seed: small.seed, rows: small.rows, columns: small.columns, scenes: 9, bins: small.bins)
    #expect(small.firstStates[...] == large.firstStates.prefix(6))
    for cell in small.cells.indices {
      for scene in 0..<small.sceneCount {
        for phase in 0..<small.phaseCount(of: scene) {
          #expect(
            small.chance(ofCell: cell, scene: scene, phase: phase)
              == large.chance(ofCell: cell, scene: scene, phase: phase))
        }
      }
    }
    #expect((large.shares.reduce(0, +) - 1).magnitude < 1e-15)
    for rank in large.shares.indices {
      #expect((large.shares[rank] * Double(rank + 1) / large.shares[0] - 1).magnitude < 1e-15)
    }
  }

  @Test("a patch of no rows cannot be made, nor one that fills the memory")
  func bounds() async {
    await #expect(processExitsWith: .failure) {
      #expect(RetinaPatch(rows: 0).tokensPerRecording == 0)
    }
    await #expect(processExitsWith: .failure) {
      #expect(RetinaPatch(rows: 64, columns: 8, scenes: 4_096, bins: 1).tokensPerRecording == 64)
    }
  }
}
