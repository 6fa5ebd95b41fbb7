import Synchronization

/// The memory that a model's matrices lie in, one after another, in large pages.
///
/// A token reads every weight once, in the order of the layers. In memory of its own each matrix of a small model would
/// be too small for large pages, and reading it would wait for an address translation every 4 KB.
public final class WeightMemory: Sendable {
  /// A stretch of the memory, which stays as long as the part does.
  @safe
  struct Part: Sendable {
    private let pages: PageMemory
    private let offset: Int
    let byteCount: Int

    fileprivate init(of pages: PageMemory, at offset: Int, byteCount: Int) {
      self.pages = pages
      self.offset = offset
      self.byteCount = byteCount
    }

    var base: UnsafeMutableRawPointer { unsafe pages.base + offset }
  }

  private struct Chunk {
    var pages: PageMemory
    var used: Int
  }

  private let chunkBytes: Int
  private let chunk = Mutex<Chunk?>(nil)

  /// Memory that grows by chunks of large pages as matrices come to lie in it.
  ///
  /// - Parameter chunkBytes: How much address space to ask the system for at once. Only what is written takes memory.
  public init(chunkBytes: Int = largestChunk) { self.chunkBytes = chunkBytes }

  /// The most address space that is worth asking for at once, in bytes.
  public static let largestChunk = 256 << 20

  /// - Returns: `nil` when the system has not that much address space left.
  func part(byteCount: Int) -> Part? {
    chunk.withLock { chunk in
      if let open = chunk, open.pages.byteCount - open.used >= byteCount {
        chunk?.used += Self.rounded(byteCount)
        return Part(of: open.pages, at: open.used, byteCount: byteCount)
      }
      guard let pages = PageMemory(byteCount: max(chunkBytes, byteCount)) else { return nil }
      pages.preferLargePages()
      chunk = Chunk(pages: pages, used: Self.rounded(byteCount))
      return Part(of: pages, at: 0, byteCount: byteCount)
    }
  }

  /// Parts begin on pages, and so on lines of the cache.
  private static func rounded(_ bytes: Int) -> Int { (bytes + 4_095) / 4_096 * 4_096 }
}
