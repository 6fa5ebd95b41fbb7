import CMosoKernels

/// The memory that keys and values are kept in, as pages of 64 positions.
///
/// A page holds its positions for every layer and key-value head. Address space is reserved for all pages at once and
/// becomes memory as pages are first written. Which page belongs to which sequence is decided elsewhere.
package final class KeyValueMemory: Sendable {
  /// Positions in one page.
  package static let pageLength = Int(MK_PAGE)

  package let elementType: ElementType
  package let layerCount: Int
  package let headCount: Int
  package let headSize: Int
  let memory: PageMemory

  /// - Returns: `nil` when the system has not that much address space left.
  package init?(elementType: ElementType, layerCount: Int, headCount: Int, headSize: Int, pageCount: Int) {
    precondition([.f32, .f16, .bf16, .q8_0].contains(elementType), "a cache of \(elementType)")
    self.elementType = elementType
    self.layerCount = layerCount
    self.headCount = headCount
    self.headSize = headSize
    let bytes = Self.pageBytes(elementType, layerCount: layerCount, headCount: headCount, headSize: headSize)
    guard let memory = PageMemory(byteCount: bytes * pageCount) else { return nil }
    // Long sequences are read from end to end for every token; a short one should not take two megabytes at a time.
    if bytes >= 1 << 20 { memory.preferLargePages() }
    self.memory = memory
  }

  /// The bytes one page takes, all layers and heads together.
  package static func pageBytes(_ elementType: ElementType, layerCount: Int, headCount: Int, headSize: Int) -> Int {
    layerCount * headCount * mk_cache_page_bytes(elementType.rawValue, headSize)
  }

  package var pageBytes: Int {
    Self.pageBytes(elementType, layerCount: layerCount, headCount: headCount, headSize: headSize)
  }

  /// Writes what page `from` holds to page `to`.
  package func copy(page from: Int, to: Int) {
    unsafe (memory.base + to * pageBytes).copyMemory(from: memory.base + from * pageBytes, byteCount: pageBytes)
  }

  /// Gives the memory of a page that nobody uses back to the system.
  package func discard(page: Int) {
    memory.discard(page * pageBytes..<(page + 1) * pageBytes)
  }
}

extension ElementType {
  /// How keys and values are best kept on this machine: in two bytes, as those that its instructions take.
  ///
  /// BF16 where the processor multiplies matrices of it, which is several times as fast; else F16.
  public static var nativeCache: ElementType { mk_isa_has_matrix_instructions() ? .bf16 : .f16 }
}

/// Consecutive rows of one sequence in an attention call.
package struct AttentionRun {
  /// The sequence's pages, first positions first.
  package var pages: [Int32]
  package var firstRow: Int
  package var firstPosition: Int
  package var count: Int

  package init(pages: [Int32], firstRow: Int, firstPosition: Int, count: Int) {
    precondition(pages.count * KeyValueMemory.pageLength >= firstPosition + count, "pages for every position")
    self.pages = pages
    self.firstRow = firstRow
    self.firstPosition = firstPosition
    self.count = count
  }
}

/// The numbers of one attention layer.
package struct AttentionShape: BitwiseCopyable {
  package var headCount: Int
  package var scale: Float
  package var softcap: Float?
  package var window: Int?

  package init(headCount: Int, scale: Float, softcap: Float?, window: Int?) {
    self.headCount = headCount
    self.scale = scale
    self.softcap = softcap
    self.window = window
  }

  /// The spans of `MK_SPAN` positions that hold what a token at `position` sees.
  func spans(seenFrom position: Int) -> ClosedRange<Int> {
    let first = window.map { max(position + 1 - $0, 0) } ?? 0
    return first / Int(MK_SPAN)...position / Int(MK_SPAN)
  }
}
