import MosoFormats

/// A file of a repository, with all that must be known before it is fetched.
struct HubFile: Hashable, Sendable {
  let path: String
  let size: Int
  let check: ContentCheck
}

/// What a repository holds at one commit.
struct HubListing: Hashable, Sendable {
  /// A file as the listing has it; mirrors leave the size and the hash out.
  struct File: Hashable, Sendable {
    let path: String
    let size: Int?
    let check: ContentCheck
  }

  private static let fileLimit = 100_000

  /// The exact commit, so that all files are of one state of the repository.
  let commit: String
  let files: [File]

  /// Reads the answer of `/api/models/…/revision/…?blobs=true`.
  init(parsing text: [UInt8], repository: String) throws(HubError) {
    func bad(_ found: String) -> HubError { .badListing(repository: repository, found: found) }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw bad("it is not JSON: \(error)")
    }
    guard let commit = json["sha"]?.stringValue, (7...64).contains(commit.utf8.count),
      commit.utf8.allSatisfy(HubReference.isNameByte)
    else { throw bad("it names no commit") }
    guard let siblings = json["siblings"]?.arrayValue else { throw bad("it has no list of files") }
    guard siblings.count <= Self.fileLimit else { throw bad("it names more than \(Self.fileLimit) files") }
    self.commit = commit
    var files: [File] = []
    for sibling in siblings {
      guard let path = sibling["rfilename"]?.stringValue else { throw bad("a file without a name") }
      let size = sibling["lfs"]?["size"]?.integerValue ?? sibling["size"]?.integerValue
      // Sums of sizes must not overflow, whatever a server claims.
      if let size, !(0...(1 << 50)).contains(size) { throw bad("\(path) is said to have \(size) bytes") }
      var check = ContentCheck(digits: sibling["lfs"]?["sha256"]?.stringValue ?? "")
      if check == .none, sibling["lfs"]?.objectValue == nil {
        check = ContentCheck(digits: sibling["blobId"]?.stringValue ?? "")
      }
      files.append(File(path: path, size: size, check: check))
    }
    self.files = files
  }
}

extension ContentCheck {
  /// The hash that hexadecimal digits are by their number: 64 a SHA-256, 40 a git blob's name.
  init(digits: String) {
    let lower = digits.lowercased()
    let isHexadecimal = lower.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    switch (isHexadecimal, lower.utf8.count) {
    case (true, 64): self = .sha256(lower)
    case (true, 40): self = .gitBlob(lower)
    default: self = .none
    }
  }
}
