import MosoInference
import MosoModel
import MosoTensor
import MosoTesting
import Testing

@Suite("KeyValueCache") struct KeyValueCacheTests {
  private func cache(capacity: Int) throws -> KeyValueCache {
    try KeyValueCache(elementType: .f16, layerCount: 2, headCount: 1, headSize: 16, capacity: capacity)
  }

  @Test("Capacity is whole pages of 64 positions") func capacity() throws {
    #expect(try cache(capacity: 0).freePositions == 0)
    #expect(try cache(capacity: 1).freePositions == 64)
    #expect(try cache(capacity: 128).freePositions == 128)
    #expect(try cache(capacity: 129).freePositions == 192)
  }

  @Test("No page belongs to two sequences, and all come back") func pagesAreExclusive() throws {
    var cache = try cache(capacity: 640)
    try cache.reserve(65, for: 7)
    try cache.reserve(1, for: 3)
    try cache.reserve(200, for: 0)
    try cache.reserve(64, for: 3)
    #expect([7, 3, 0].map { cache.table(of: $0).count } == [2, 1, 4])
    #expect(Set([7, 3, 0].flatMap { cache.table(of: $0) }).count == 7)
    #expect(cache.freePositions == 3 * 64)
    cache.truncate(0, to: 65)
    cache.truncate(7, to: 64)
    cache.remove(3)
    #expect([7, 3, 0].map { cache.table(of: $0).count } == [1, 0, 2])
    try cache.reserve(448, for: 9)
    #expect(Set([7, 9, 0].flatMap { cache.table(of: $0) }).count == 10)
    #expect(cache.freePositions == 0)
  }

  @Test("A full cache says what is missing and keeps what it has") func full() throws {
    var cache = try cache(capacity: 128)
    try cache.reserve(64, for: 0)
    #expect(throws: KeyValueCache.Failure.full(needed: 128, free: 64)) { try cache.reserve(128, for: 1) }
    #expect(cache.table(of: 0).count == 1)
    #expect(cache.table(of: 1).isEmpty)
    try cache.reserve(64, for: 1)
  }

  @Test("More than there can be is an error, whatever number was asked for", arguments: [1 << 50, 1 << 60, .max])
  func tooLarge(capacity: Int) {
    #expect(throws: KeyValueCache.Failure.self) { _ = try cache(capacity: capacity) }
  }

  @Test("A sequence that finds no room leaves the others unharmed") func contextIsFull() throws {
    let model = TinyModel.plainSilu
    let tokens = model.tokens(70)
    let expected = try EagerInterpreter().session(on: model, contextLength: 256, capacity: 128).readAll(tokens)
    var session = try EagerSession(model, capacity: 128)
    let start = try session.read(Array(tokens.prefix(60)))
    #expect(throws: KeyValueCache.Failure.full(needed: 128, free: 64)) { _ = try session.read(tokens, to: 1) }
    #expect(start + (try session.read(Array(tokens[60...]), at: 60)) == expected)
  }
}

extension EagerSession {
  fileprivate func readAll(_ tokens: [Int32]) throws -> [[Float]] {
    var session = self
    return try session.read(tokens)
  }
}
