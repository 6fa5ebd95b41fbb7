import MosoFormats

extension ZipArchive {
  /// Unpacks a member piece by piece, and checks its size and CRC-32; what `receive` throws ends the unpacking.
  func read(_ member: Member, receive: ([UInt8]) throws -> Void) async throws {
    var output = MemberOutput(member: member, path: file.path)
    var offset = try dataOffset(of: member)
    var missing = member.compressedSize
    let inflater = member.method == .deflated ? Inflater(.none) : nil
    while missing > 0 {
      try Task.checkCancellation()
      await Task.yield()
      let start = offset
      let bytes = try file.read(at: offset, count: min(missing, 1 << 18))
      guard !bytes.isEmpty else {
        throw ZipError.damaged(path: file.path, offset: offset, found: "the end of the file")
      }
      offset += bytes.count
      missing -= bytes.count
      guard inflater != nil else {
        try output.pass(bytes, to: receive)
        continue
      }
      inflater?.give(bytes)
      while true {
        guard let piece = inflater?.next() else {
          throw ZipError.damaged(path: file.path, offset: start, found: "data that is not deflated")
        }
        if piece.isEmpty { break }
        try output.pass(piece, to: receive)
      }
      // What follows the last block inside the member would be hidden from every reader.
      guard inflater?.unusedCount == 0 else {
        throw ZipError.damaged(path: file.path, offset: start, found: "data after the last deflated block")
      }
    }
    if let inflater, !inflater.isFinished {
      throw ZipError.damaged(path: file.path, offset: offset, found: "the end of \(member.name) before its last block")
    }
    try output.finish()
  }

  /// The whole of a small member.
  func contents(of member: Member, limit: Int) async throws -> [UInt8] {
    guard member.size <= limit else {
      throw ZipError.badSize(path: file.path, member: member.name, expected: limit, found: member.size)
    }
    var bytes: [UInt8] = []
    try await read(member) { bytes += $0 }
    return bytes
  }
}

/// Counts and sums what comes out of a member.
private struct MemberOutput {
  let member: ZipArchive.Member
  let path: String
  private var count = 0
  private var checksum: UInt32 = 0

  init(member: ZipArchive.Member, path: String) {
    self.member = member
    self.path = path
  }

  mutating func pass(_ bytes: [UInt8], to receive: ([UInt8]) throws -> Void) throws {
    count += bytes.count
    // A small archive can unpack to any size; no more is taken than was announced.
    guard count <= member.size else {
      throw ZipError.badSize(path: path, member: member.name, expected: member.size, found: count)
    }
    checksum = crc32(of: bytes, after: checksum)
    try receive(bytes)
  }

  func finish() throws(ZipError) {
    guard count == member.size else {
      throw .badSize(path: path, member: member.name, expected: member.size, found: count)
    }
    guard checksum == member.checksum else {
      throw .badChecksum(path: path, member: member.name, expected: member.checksum, found: checksum)
    }
  }
}
