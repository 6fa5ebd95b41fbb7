public import MosoTensor

/// The keys and values of any number of sequences, and who has which page.
///
/// A page of 64 positions belongs to one sequence or is free. Sequences are slots: small numbers that batches name.
public struct KeyValueCache: Sendable {
  /// Why a cache cannot hold what it is asked to.
  public enum Failure: Error, Equatable, Sendable {
    case full(needed: Int, free: Int)
    case noMemory(bytes: Int)
  }

  package let memory: KeyValueMemory
  private var free: [Int32]
  private var pages: [Int: [Int32]] = [:]

  /// - Parameters:
  ///   - elementType: F32, F16 or Q8_0.
  ///   - capacity: How many positions the cache holds, over all sequences; rounded up to whole pages.
  public init(elementType: ElementType, layerCount: Int, headCount: Int, headSize: Int, capacity: Int) throws(Failure) {
    let pageCount = (capacity + KeyValueMemory.pageLength - 1) / KeyValueMemory.pageLength
    let memory = KeyValueMemory(
      elementType: elementType, layerCount: layerCount, headCount: headCount, headSize: headSize, pageCount: pageCount)
    guard let memory else {
      let page = KeyValueMemory.pageBytes(
        elementType, layerCount: layerCount, headCount: headCount, headSize: headSize)
      throw .noMemory(bytes: page * pageCount)
    }
    self.memory = memory
    free = (0..<Int32(pageCount)).reversed()
  }

  /// The bytes one position takes.
  public var bytesPerPosition: Int { memory.pageBytes / KeyValueMemory.pageLength }

  /// How many positions are left, counting whole free pages only.
  public var freePositions: Int { free.count * KeyValueMemory.pageLength }

  /// Makes sure `sequence` has room for its first `count` positions.
  public mutating func reserve(_ count: Int, for sequence: Int) throws(Failure) {
    let needed = (count + KeyValueMemory.pageLength - 1) / KeyValueMemory.pageLength
    let held = pages[sequence]?.count ?? 0
    guard needed > held else { return }
    guard needed - held <= free.count else {
      throw .full(needed: (needed - held) * KeyValueMemory.pageLength, free: freePositions)
    }
    for _ in held..<needed {
      guard let page = free.popLast() else { break }
      pages[sequence, default: []].append(page)
    }
  }

  /// Keeps the first `count` positions of `sequence` and frees the pages past them.
  public mutating func truncate(_ sequence: Int, to count: Int) {
    guard var held = pages[sequence] else { return }
    let kept = (count + KeyValueMemory.pageLength - 1) / KeyValueMemory.pageLength
    while held.count > kept, let page = held.popLast() {
      memory.discard(page: Int(page))
      free.append(page)
    }
    pages[sequence] = held.isEmpty ? nil : held
  }

  /// Frees every page of `sequence`.
  public mutating func remove(_ sequence: Int) {
    truncate(sequence, to: 0)
  }

  /// The pages of `sequence`, first positions first.
  package func table(of sequence: Int) -> [Int32] { pages[sequence] ?? [] }
}

extension KeyValueCache.Failure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .full(let needed, let free):
      "the key-value cache has room for \(free) more tokens and \(needed) are needed; end another sequence or raise the context length"
    case .noMemory(let bytes):
      "the key-value cache needs \(bytes / 1_000_000) MB and the system refused them; lower the context length or use a q8_0 cache"
    }
  }
}
