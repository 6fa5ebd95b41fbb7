#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Zeroed memory straight from the system, page by page as it is first touched, and given back at the end.
///
/// `@unchecked Sendable`: whoever holds it agrees who writes when.
@safe
package final class PageMemory: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// - Returns: `nil` when the system has not that much address space left.
  package init?(byteCount: Int) {
    let size = max(byteCount, 1)
    #if canImport(Darwin)
      let flags = MAP_PRIVATE | MAP_ANON
    #else
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    #endif
    let address = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
    unsafe base = address
    self.byteCount = size
  }

  /// The size of the system's pages: 4 KB on most machines, 16 KB on Apple's, up to 64 KB on 64-bit Arm.
  private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  deinit { unsafe munmap(base, byteCount) }

  /// Asks for large pages, which spare address translations when the memory is read from end to end.
  package func preferLargePages() {
    #if !canImport(Darwin)
      unsafe madvise(base, byteCount, MADV_HUGEPAGE)
    #endif
  }

  /// Gives the memory of `range` back, as far as it fills pages of the system; what it holds afterwards is undefined.
  package func discard(_ range: Range<Int>) {
    let page = Self.pageSize
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard start < end else { return }
    #if canImport(Darwin)
      unsafe madvise(base + start, end - start, MADV_FREE)
    #else
      unsafe madvise(base + start, end - start, MADV_DONTNEED)
    #endif
  }
}
