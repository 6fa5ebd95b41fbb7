import MosoTensor

/// What the head of one safetensors file says.
///
/// Layout: a length of 64 bits, a JSON object of that many bytes, the data. The object maps each tensor's name to its
/// `dtype`, its `shape` (outermost dimension first) and its `data_offsets` in the data; `__metadata__` maps texts to
/// texts. Tensors fill the data without holes and without overlaps.
struct SafetensorsHeader {
  let file: MappedFile
  var metadata: [String: String] = [:]
  var tensors: [TensorDescription] = []
  /// The tensors whose element type cannot be read, with the name of that type.
  var unreadable: [String: String] = [:]

  /// The limit that the format's own reader has.
  private static let maximumLength = 100_000_000

  /// Reads the head of `file`, which is number `shard` of its model.
  init(_ file: MappedFile, shard: Int) throws(FormatError) {
    self.file = file
    var cursor = FileCursor(file)
    let length = try cursor.readCount(ofSize: 1, "length of the header")
    guard (2...Self.maximumLength).contains(length) else {
      throw cursor.malformed(
        "length of the header", at: 0, found: "\(length)", expected: "2 to \(Self.maximumLength)")
    }
    let start = cursor.offset
    guard try cursor.read(UInt8.self, "header") == UInt8(ascii: "{") else {
      throw cursor.malformed("header", at: start, found: "another character", expected: "'{'")
    }
    let entries: [Entry]
    do throws(JSONError) {
      entries = try file.withBytes(in: start..<start + length) { (bytes) throws(JSONError) in
        try JSONReader.read(bytes) { (reader) throws(JSONError) in try Self.readEntries(&reader, into: &metadata) }
      }
    } catch {
      throw .json(path: file.path, offset: start, error)
    }
    try place(entries, headerStart: start, dataStart: start + length, shard: shard)
  }
}

// MARK: JSON

extension SafetensorsHeader {
  /// A tensor as the JSON describes it; what is `nil` was not there.
  private struct Entry {
    let name: String
    /// Where the name stands in the JSON.
    let offset: Int
    var type: String?
    var shape: [Int]?
    var range: [Int]?
  }

  private static func readEntries(
    _ reader: inout JSONReader, into metadata: inout [String: String]
  ) throws(JSONError) -> [Entry] {
    var entries: [Entry] = []
    try reader.beginObject()
    while let name = try reader.nextKey() {
      if name == "__metadata__" {
        try reader.beginObject()
        while let key = try reader.nextKey() { metadata[key] = try reader.string() }
      } else {
        entries.append(try readEntry(named: name, &reader))
      }
    }
    try reader.expectEnd()
    return entries
  }

  private static func readEntry(named name: String, _ reader: inout JSONReader) throws(JSONError) -> Entry {
    var entry = Entry(name: name, offset: reader.keyOffset)
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "dtype": entry.type = try reader.string()
      case "shape": entry.shape = try readIntegers(&reader)
      case "data_offsets": entry.range = try readIntegers(&reader)
      default: try reader.skipValue()
      }
    }
    return entry
  }

  private static func readIntegers(_ reader: inout JSONReader) throws(JSONError) -> [Int] {
    var integers: [Int] = []
    try reader.beginArray()
    while try reader.nextElement() { integers.append(try reader.integer()) }
    return integers
  }
}

// MARK: Places

extension SafetensorsHeader {
  /// Checks where the tensors are, and describes those that can be read.
  private mutating func place(
    _ entries: [Entry], headerStart: Int, dataStart: Int, shard: Int
  ) throws(FormatError) {
    func malformed(_ entry: Entry, _ field: String, found: String, expected: String) -> FormatError {
      .malformed(
        path: file.path, offset: headerStart + entry.offset, field: "\(field) of \(quoted(entry.name))", found: found,
        expected: expected)
    }
    var places: [(entry: Entry, range: Range<Int>)] = []
    var names: Set<String> = []
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw malformed(entry, "name", found: "the name a second time", expected: "each name once")
      }
      guard let bounds = entry.range, bounds.count == 2, bounds[0] >= 0, bounds[0] <= bounds[1],
        bounds[1] <= file.count - dataStart
      else {
        throw malformed(
          entry, "data_offsets", found: entry.range.map { brief($0) } ?? "none",
          expected: "a start and an end within the \(file.count - dataStart) bytes of data")
      }
      try check(entry, byteCount: bounds[1] - bounds[0], malformed)
      places.append((entry, bounds[0]..<bounds[1]))
    }
    places.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for (entry, range) in places {
      guard range.lowerBound == end else {
        throw malformed(
          entry, "data_offsets", found: "a start at \(range.lowerBound)",
          expected: "\(end), where the tensor before it ends")
      }
      end = range.upperBound
      guard let type = entry.type, let shape = entry.shape else { continue }
      guard let elementType = SafetensorsType.readable(named: type) else {
        unreadable[entry.name] = type
        continue
      }
      tensors.append(
        TensorDescription(
          name: entry.name, shape: shape, elementType: elementType, shard: shard,
          byteRange: dataStart + range.lowerBound..<dataStart + range.upperBound))
    }
    guard end == file.count - dataStart else {
      throw .malformed(
        path: file.path, offset: dataStart + end, field: "data", found: "\(file.count - dataStart - end) bytes more",
        expected: "the end of the file, where the last tensor ends")
    }
  }

  /// Checks that the element type and the shape are there and explain the size.
  private func check(
    _ entry: Entry, byteCount: Int, _ malformed: (Entry, String, String, String) -> FormatError
  ) throws(FormatError) {
    guard let type = entry.type else { throw malformed(entry, "dtype", "none", "F32, F16 or BF16") }
    guard let shape = entry.shape, shape.allSatisfy({ $0 >= 0 }) else {
      throw malformed(entry, "shape", entry.shape.map { brief($0) } ?? "none", "lengths of at least 0")
    }
    guard SafetensorsType.isKnown(type) else { return }
    guard SafetensorsType.byteCount(ofType: type, shape: shape) == byteCount else {
      throw malformed(entry, "data_offsets", "\(byteCount) bytes", "as many as \(brief(shape)) of \(type) take")
    }
  }

  /// The first few of many numbers.
  private func brief(_ numbers: [Int]) -> String {
    numbers.count <= 8 ? "\(numbers)" : "\(numbers.prefix(8).dropLast())… (\(numbers.count) numbers)"
  }
}
