/// How a file holds texts.
public enum TextKind: Sendable, Hashable, CaseIterable {
  /// The file is a text, as `.txt` and `.md` are.
  case plain
  /// Each line is a JSON object with a text in it: `.jsonl`, `.ndjson` and what goes by the name of `.json` in corpora.
  case jsonLines
  /// A table with a column of texts: `.parquet`.
  case parquet
}

/// How a file of texts is compressed.
enum TextCompression: Hashable {
  case none
  case gzip
  case zstandard

  /// What the first bytes of a file say; a text begins like neither of the two.
  init(firstBytes: [UInt8]) {
    self =
      if firstBytes.starts(with: [0x1F, 0x8B]) { .gzip } else if firstBytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
        .zstandard
      } else { .none }
  }

  /// What comes out of `stream`.
  func decompressing(_ stream: any ByteStream) -> any ByteStream {
    switch self {
    case .none: stream
    case .gzip: GzipStream(stream)
    case .zstandard: ZstandardStream(stream)
    }
  }
}

/// What the name of a file says of the texts in it.
struct TextFileName {
  let kind: TextKind?
  let compression: TextCompression

  /// What `path` says by its endings, of which the last may be that of a compression.
  init(_ path: String) {
    var endings = path.split(separator: "/").last?.lowercased().split(separator: ".").dropFirst() ?? []
    switch endings.last {
    case "gz": compression = .gzip
    case "zst": compression = .zstandard
    default: compression = .none
    }
    if compression != .none { endings.removeLast() }
    switch endings.last {
    case "txt", "text", "md": kind = .plain
    case "jsonl", "ndjson", "json": kind = .jsonLines
    case "parquet" where compression == .none: kind = .parquet
    default: kind = nil
    }
  }
}
