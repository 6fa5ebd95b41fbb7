/// What the operating system is told about the coming use of a part of a mapped file.
public enum PageAdvice: Sendable, Hashable {
  /// The pages are read once, from front to back.
  case sequential
  /// The pages are read soon: start fetching them.
  case willNeed
  /// The pages leave resident memory now; a later read fetches them again from the file.
  case drop
}

/// A file whose bytes are memory: pages are read from the disk when they are first touched.
///
/// The file must keep its length while it is mapped. When another process cuts it short, touching what is gone ends this
/// process with SIGBUS, and no check can prevent that race; `checkSize()` finds a file that has already changed.
///
/// `@unchecked Sendable` holds because the memory is only read and every stored property is constant.
@safe
public final class MappedFile: @unchecked Sendable {
  /// Where the file was opened, for errors.
  public let path: String
  /// The length of the file in bytes.
  public let count: Int
  /// The first byte of the file. Only bytes `0..<count` may be read, and only while this object lives.
  @unsafe public let baseAddress: UnsafeRawPointer

  private let mapping: UnsafeMutableRawPointer
  private let mappingSize: Int
  /// Kept open to compare the length later; -1 when there is no file behind the memory.
  private let descriptor: Int32

  /// Maps the whole file at `path` for reading.
  ///
  /// - Throws: `FileError` when there is no such file, or it is a directory or anything else but a regular file.
  public init(path: String) throws(FileError) {
    let descriptor = try SystemCalls.openForReading(path)
    do throws(FileError) {
      let status = try SystemCalls.status(of: descriptor, path: path)
      guard !status.isDirectory else { throw .isDirectory(path: path) }
      guard status.isRegular else { throw .notRegular(path: path) }
      // A mapping of no bytes is an error; one page of nothing stands in for an empty file.
      let mapping =
        if status.size > 0 {
          unsafe try SystemCalls.mapForReading(descriptor, size: status.size, path: path)
        } else {
          unsafe try SystemCalls.guardedMemory(size: 0)
        }
      unsafe self.mapping = mapping
      mappingSize = status.size > 0 ? status.size : SystemCalls.pageSize
      unsafe baseAddress = UnsafeRawPointer(mapping)
      count = status.size
      self.descriptor = descriptor
      self.path = path
    } catch {
      SystemCalls.close(descriptor)
      throw error
    }
  }

  /// A copy of all bytes.
  package var bytes: [UInt8] {
    withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
  }

  /// Maps the whole file at `path`, for readers of model formats, whose errors are `FormatError`.
  convenience init(openingPartOfModel path: String) throws(FormatError) {
    do throws(FileError) {
      try self.init(path: path)
    } catch {
      throw .file(error)
    }
  }

  /// Makes a file of bytes in memory, for tests and for data that was never on a disk.
  ///
  /// The last byte lies just before memory that may not be touched, so reading past the end is noticed at once.
  package init(copying bytes: [UInt8], path: String) throws(FileError) {
    let pageSize = SystemCalls.pageSize
    let size = (bytes.count + pageSize - 1) / pageSize * pageSize
    let mapping = unsafe try SystemCalls.guardedMemory(size: size)
    let start = unsafe mapping + (size - bytes.count)
    unsafe bytes.withUnsafeBytes { content in
      unsafe UnsafeMutableRawBufferPointer(start: start, count: content.count).copyMemory(from: content)
    }
    unsafe self.mapping = mapping
    mappingSize = size + pageSize
    unsafe baseAddress = UnsafeRawPointer(start)
    count = bytes.count
    descriptor = -1
    self.path = path
  }

  deinit {
    unsafe SystemCalls.unmap(mapping, size: mappingSize)
    if descriptor >= 0 { SystemCalls.close(descriptor) }
  }

  /// Lends all bytes of the file.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withBytes(in: 0..<count, body)
  }

  /// Lends the bytes in `range`.
  ///
  /// - Precondition: The range lies within the file.
  public func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    check(range)
    let bytes = unsafe UnsafeRawBufferPointer(start: baseAddress + range.lowerBound, count: range.count)
    return try body(unsafe RawSpan(_unsafeBytes: bytes))
  }

  /// A copy of the bytes in `range`.
  ///
  /// - Precondition: The range lies within the file.
  func bytes(in range: Range<Int>) -> [UInt8] {
    withBytes(in: range) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
  }

  /// Tells the operating system how `range` will be used.
  ///
  /// Pages that lie only partly in the range are kept when the range is dropped, because a neighbour may be in use.
  ///
  /// - Precondition: The range lies within the file.
  public func advise(_ advice: PageAdvice, in range: Range<Int>) {
    check(range)
    guard descriptor >= 0 else { return }
    let pageSize = SystemCalls.pageSize
    let start: Int
    let end: Int
    if advice == .drop {
      start = (range.lowerBound + pageSize - 1) / pageSize * pageSize
      // What follows the last byte of the file in its page belongs to nobody.
      end = range.upperBound == count ? count : range.upperBound / pageSize * pageSize
    } else {
      start = range.lowerBound / pageSize * pageSize
      end = range.upperBound
    }
    guard end > start else { return }
    unsafe SystemCalls.advise(mapping + start, size: end - start, advice)
  }

  /// Checks that the file still has the length it was mapped with.
  ///
  /// - Throws: `FileError.resized` when it has not; its bytes must not be touched any more then.
  public func checkSize() throws(FileError) {
    guard descriptor >= 0 else { return }
    let size = try SystemCalls.status(of: descriptor, path: path).size
    guard size == count else { throw .resized(path: path, from: count, to: size) }
  }

  private func check(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of a file of \(count) bytes")
  }
}
