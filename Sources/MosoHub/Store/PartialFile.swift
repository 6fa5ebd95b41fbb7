/// A file that arrives in pieces: appended to on disk and hashed as it grows.
struct PartialFile {
  private let file: OpenFile
  private let size: Int
  private let check: ContentCheck
  private var hash: ContentHash
  /// The bytes that are there.
  private(set) var count: Int

  /// Opens what an earlier pull left, and hashes it, or starts an empty file that is to have `size` bytes.
  init(_ path: String, size: Int, check: ContentCheck) async throws {
    try Folder.make(FilePaths.parent(of: path))
    file = try OpenFile(path, for: .appending)
    self.size = size
    self.check = check
    hash = ContentHash(size: size, check: check)
    count = 0
    let present = try file.size
    if present > size {
      try file.truncate(to: 0)
      return
    }
    while count < present {
      try Task.checkCancellation()
      let bytes = try file.read(at: count, count: min(1 << 20, present - count))
      if bytes.isEmpty { break }
      unsafe hash.update(bytes.span.bytes)
      count += bytes.count
      await Task.yield()
    }
  }

  /// How many bytes are still to come.
  var missing: Int { size - count }

  /// Appends a piece.
  ///
  /// - Precondition: No more bytes than are missing.
  mutating func append(_ bytes: RawSpan) throws(DiskError) {
    precondition(bytes.byteCount <= missing, "more bytes than the file has")
    try file.append(bytes, needed: missing)
    hash.update(bytes)
    count += bytes.byteCount
  }

  /// Forgets what is there.
  mutating func restart() throws(DiskError) {
    try file.truncate(to: 0)
    hash = ContentHash(size: size, check: check)
    count = 0
  }

  /// What the content turned out to be.
  func digests() -> ContentHash.Digests { hash.finalize() }

  /// Returns once the disk has the file.
  func synchronize() async throws {
    let file = file
    try await Blocking.run { try file.synchronize() }
  }
}
