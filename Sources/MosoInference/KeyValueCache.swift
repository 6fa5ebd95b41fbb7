public import MosoTensor

/// The keys and values of any number of sequences, and who has which page.
///
/// A page of 64 positions belongs to one sequence or is free. Sequences are slots: small numbers that batches name.
public struct KeyValueCache: Sendable {
  /// Why a cache cannot hold what it is asked to.
  public enum Failure: Error, Equatable, Sendable {
    /// A sequence needs room for `needed` positions more, and only `free` are left.
    case full(needed: Int, free: Int)
    /// The system does not have the memory for a cache of this capacity.
    case noMemory(bytes: Int)
  }

  package let memory: KeyValueMemory
  /// Pages never used so far; a list of all of them would itself take memory.
  private var unused: Range<Int32>
  private var freed: [Int32] = []
  private var pages: [Int: [Int32]] = [:]

  /// An empty cache for a transformer with `layerCount` layers of `headCount` key and value heads.
  ///
  /// - Parameters:
  ///   - elementType: F32, F16, BF16 or Q8_0.
  ///   - capacity: How many positions the cache holds, over all sequences; rounded up to whole pages.
  public init(elementType: ElementType, layerCount: Int, headCount: Int, headSize: Int, capacity: Int) throws(Failure) {
    precondition(capacity >= 0, "a cache of \(capacity) positions")
    let pageCount = Self.pages(for: capacity)
    let pageBytes = KeyValueMemory.pageBytes(
      elementType, layerCount: layerCount, headCount: headCount, headSize: headSize)
    // The capacity may come from a file, which can ask for anything.
    let (bytes, isTooMuch) = pageBytes.multipliedReportingOverflow(by: pageCount)
    guard !isTooMuch, let lastPage = Int32(exactly: pageCount),
      let memory = KeyValueMemory(
        elementType: elementType, layerCount: layerCount, headCount: headCount, headSize: headSize,
        pageCount: pageCount)
    else { throw .noMemory(bytes: isTooMuch ? .max : bytes) }
    self.memory = memory
    unused = 0..<lastPage
  }

  /// How keys and values are kept.
  public var elementType: ElementType { memory.elementType }

  /// The bytes one position takes.
  public var bytesPerPosition: Int { memory.pageBytes / KeyValueMemory.pageLength }

  /// How many positions are left, counting whole free pages only.
  public var freePositions: Int { freePages * KeyValueMemory.pageLength }

  private var freePages: Int { freed.count + unused.count }

  /// The pages that `count` positions take.
  private static func pages(for count: Int) -> Int {
    count / KeyValueMemory.pageLength + (count % KeyValueMemory.pageLength == 0 ? 0 : 1)
  }

  /// Makes sure `sequence` has room for its first `count` positions.
  public mutating func reserve(_ count: Int, for sequence: Int) throws(Failure) {
    let needed = Self.pages(for: count)
    let held = pages[sequence]?.count ?? 0
    guard needed > held else { return }
    guard needed - held <= freePages else {
      throw .full(needed: (needed - held) * KeyValueMemory.pageLength, free: freePositions)
    }
    for _ in held..<needed {
      guard let page = freed.popLast() ?? unused.popFirst() else { break }
      pages[sequence, default: []].append(page)
    }
  }

  /// Keeps the first `count` positions of `sequence` and frees the pages past them.
  public mutating func truncate(_ sequence: Int, to count: Int) {
    guard var held = pages[sequence] else { return }
    let kept = Self.pages(for: count)
    while held.count > kept, let page = held.popLast() {
      memory.discard(page: Int(page))
      freed.append(page)
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
