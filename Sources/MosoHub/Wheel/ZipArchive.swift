/// The files in a zip archive on disk, as its central directory names them.
///
/// The format is PKWARE's APPNOTE 6.3; archives in several volumes, encrypted ones and those of zip64 are refused.
struct ZipArchive {
  /// One file of the archive.
  struct Member: Hashable, Sendable {
    enum Method: Hashable, Sendable {
      case stored
      case deflated
    }

    let name: String
    let method: Method
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where the member's own header starts.
    let headerOffset: Int
  }

  let file: OpenFile
  let members: [Member]
  /// Where the central directory starts: members lie before it.
  private let directoryOffset: Int

  private static let endSize = 22
  private static let commentLimit = 65_535
  private static let directoryLimit = 16_000_000

  init(_ path: String) throws {
    file = try OpenFile(path, for: .reading)
    let fileSize = try file.size
    guard fileSize >= Self.endSize else { throw ZipError.noDirectory(path: path) }
    let tailOffset = max(0, fileSize - Self.endSize - Self.commentLimit)
    let tail = LittleEndian(try file.read(at: tailOffset, count: fileSize - tailOffset))
    guard let end = Self.endRecord(in: tail) else { throw ZipError.noDirectory(path: path) }
    guard tail.uint16(end + 4) == 0, tail.uint16(end + 6) == 0, let count = tail.uint16(end + 10),
      tail.uint16(end + 8) == count, let size = tail.uint32(end + 12), let offset = tail.uint32(end + 16)
    else { throw ZipError.unsupported(path: path, feature: "several volumes") }
    guard count < 0xFFFF, size < 0xFFFF_FFFF, offset < 0xFFFF_FFFF else {
      throw ZipError.unsupported(path: path, feature: "zip64")
    }
    guard size <= Self.directoryLimit, offset + size <= tailOffset + end else {
      throw ZipError.damaged(path: path, offset: tailOffset + end, found: "a directory that does not fit the file")
    }
    directoryOffset = offset
    members = try Self.members(
      of: LittleEndian(try file.read(at: offset, count: size)), count: count, before: offset, path: path)
  }

  /// The member of that name.
  subscript(name: String) -> Member? { members.first { $0.name == name } }

  /// Where the end record starts in the last bytes of a file: the last place that has its signature and a comment that
  /// reaches exactly to the end.
  private static func endRecord(in tail: LittleEndian) -> Int? {
    var start = tail.count - endSize
    while start >= 0 {
      if tail.uint32(start) == 0x0605_4B50, let comment = tail.uint16(start + 20),
        start + endSize + comment == tail.count
      {
        return start
      }
      start -= 1
    }
    return nil
  }

  private static func members(
    of directory: LittleEndian, count: Int, before limit: Int, path: String
  ) throws -> [Member] {
    var members: [Member] = []
    var at = 0
    for _ in 0..<count {
      func damaged(_ found: String) -> ZipError { .damaged(path: path, offset: limit + at, found: found) }
      guard directory.uint32(at) == 0x0201_4B50, let flags = directory.uint16(at + 8),
        let method = directory.uint16(at + 10), let checksum = directory.uint32(at + 16),
        let compressed = directory.uint32(at + 20), let size = directory.uint32(at + 24),
        let nameLength = directory.uint16(at + 28), let extraLength = directory.uint16(at + 30),
        let commentLength = directory.uint16(at + 32), let offset = directory.uint32(at + 42),
        let name = directory.bytes(at + 46, nameLength)
      else { throw damaged("no entry of the directory") }
      guard compressed < 0xFFFF_FFFF, size < 0xFFFF_FFFF, offset < 0xFFFF_FFFF else {
        throw ZipError.unsupported(path: path, feature: "zip64")
      }
      guard offset < limit, compressed <= limit - offset else { throw damaged("a member outside the file") }
      at += 46 + nameLength + extraLength + commentLength
      guard at <= directory.count else { throw damaged("an entry that is cut off") }
      // Members that are never asked for may be anything.
      guard flags & 1 == 0, method == 0 || method == 8 else { continue }
      members.append(
        Member(
          name: String(decoding: name, as: UTF8.self), method: method == 0 ? .stored : .deflated,
          checksum: UInt32(checksum), compressedSize: compressed, size: size, headerOffset: offset))
    }
    return members
  }

  /// Where a member's data starts, from the header in front of it.
  func dataOffset(of member: Member) throws -> Int {
    let header = LittleEndian(try file.read(at: member.headerOffset, count: 30))
    guard header.uint32(0) == 0x0403_4B50, let nameLength = header.uint16(26), let extraLength = header.uint16(28)
    else {
      throw ZipError.damaged(path: file.path, offset: member.headerOffset, found: "no header of a member")
    }
    let offset = member.headerOffset + 30 + nameLength + extraLength
    guard offset <= directoryOffset, member.compressedSize <= directoryOffset - offset else {
      throw ZipError.damaged(path: file.path, offset: offset, found: "a member that does not fit the file")
    }
    return offset
  }
}

/// Little-endian numbers in bytes that may end anywhere.
private struct LittleEndian {
  private let all: [UInt8]

  init(_ bytes: [UInt8]) { all = bytes }

  var count: Int { all.count }

  func bytes(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, offset <= all.count, count <= all.count - offset else { return nil }
    return all[offset..<offset + count]
  }

  func uint16(_ offset: Int) -> Int? {
    bytes(offset, 2).map { Int($0[$0.startIndex]) | Int($0[$0.startIndex + 1]) << 8 }
  }

  func uint32(_ offset: Int) -> Int? {
    guard let low = uint16(offset), let high = uint16(offset + 2) else { return nil }
    return low | high << 16
  }
}

/// Why an archive could not be read.
public enum ZipError: Error, Hashable, Sendable {
  /// The file does not end as zip archives do.
  case noDirectory(path: String)
  /// Something in the archive contradicts the rest.
  case damaged(path: String, offset: Int, found: String)
  /// The archive is of a kind that packages are not.
  case unsupported(path: String, feature: String)
  /// The file that is wanted is not in the archive.
  case noMember(path: String, name: String)
  /// What was unpacked is not what was packed.
  case badChecksum(path: String, member: String, expected: UInt32, found: UInt32)
  /// What was unpacked is longer or shorter than announced.
  case badSize(path: String, member: String, expected: Int, found: Int)
}

extension ZipError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noDirectory(let path):
      "\(path.printable()) is not a whole zip archive: it does not end in a directory; fetch it again"
    case .damaged(let path, let offset, let found):
      "\(path.printable()) is damaged at byte \(offset), where \(found.printable()) was found; fetch it again"
    case .unsupported(let path, let feature):
      "\(path.printable()) is a zip archive with \(feature), which is not expected here; fetch it again"
    case .noMember(let path, let name):
      "\(path.printable()) holds no file \(name.printable()); it is another package or version than expected"
    case .badChecksum(let path, let member, let expected, let found):
      "\(member.printable()) in \(path.printable()) is damaged: its CRC-32 should be \(String(expected, radix: 16)) and is "
        + "\(String(found, radix: 16)); fetch it again"
    case .badSize(let path, let member, let expected, let found):
      "\(member.printable()) in \(path.printable()) should have \(expected) bytes, but unpacks to \(found) or more; "
        + "fetch it again"
    }
  }
}
