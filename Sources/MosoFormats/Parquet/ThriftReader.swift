/// Reads the structures of Parquet, which are written in Thrift's compact protocol.
///
/// A structure is a run of fields, each with a number and a type, and ends with a zero byte; numbers are zigzag varints.
/// Fields are read like the keys of a JSON object:
///
/// ```swift
/// try reader.beginStructure()
/// while let field = try reader.nextField() {
///   switch field.number {
///   case 1: count = try reader.integer(field, "number of rows")
///   default: try reader.skip(field)
///   }
/// }
/// ```
@safe
struct ThriftReader {
  /// The types of the compact protocol.
  enum Kind: UInt8 {
    case yes = 1
    case no, byte, integer16, integer32, integer64, double, binary, list, set, map, structure, uuid
  }

  /// What stands before a value in a structure.
  struct Field {
    let number: Int
    let kind: Kind
  }

  let file: MappedFile
  /// The next byte to read.
  private(set) var offset: Int
  /// Where the bytes end that may be read.
  let end: Int
  /// The numbers of the last fields of the structures that are open, from which the next ones are counted.
  private var lastNumbers: [Int] = []

  private static let maximumDepth = 32

  /// Reads the bytes of `range`.
  ///
  /// - Precondition: The range lies within the file.
  init(_ file: MappedFile, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.count, "bytes \(range) of \(file.count)")
    self.file = file
    offset = range.lowerBound
    end = range.upperBound
  }

  /// Begins a structure; then `nextField` gives its first field.
  mutating func beginStructure() throws(FormatError) {
    guard lastNumbers.count < Self.maximumDepth else {
      throw malformed("structure", found: "one more level of nesting", expected: "at most \(Self.maximumDepth) levels")
    }
    lastNumbers.append(0)
  }

  /// Reads up to the value of the next field, or ends the structure and returns `nil`.
  mutating func nextField() throws(FormatError) -> Field? {
    let head = try byte("field")
    guard head != 0 else {
      lastNumbers.removeLast()
      return nil
    }
    guard let kind = Kind(rawValue: head & 0x0F) else { throw unknownType(head & 0x0F) }
    let step = Int(head >> 4)
    var number = lastNumbers[lastNumbers.count - 1] + step
    if step == 0 { number = try zigzag("number of a field") }
    guard (1...Int(Int16.max)).contains(number) else {
      throw malformed("number of a field", found: "\(number)", expected: "1 to \(Int16.max)")
    }
    lastNumbers[lastNumbers.count - 1] = number
    return Field(number: number, kind: kind)
  }

  /// Reads a whole number.
  mutating func integer(_ field: Field, _ name: String) throws(FormatError) -> Int {
    switch field.kind {
    case .byte: return Int(Int8(bitPattern: try byte(name)))
    case .integer16, .integer32, .integer64: return try zigzag(name)
    default: throw mismatch(field.kind, name, expected: "a whole number")
    }
  }

  /// Reads a whole number that counts or places something.
  mutating func count(_ field: Field, _ name: String) throws(FormatError) -> Int {
    let start = offset
    let value = try integer(field, name)
    guard value >= 0 else { throw malformed(name, at: start, found: "\(value)", expected: "a number of at least 0") }
    return value
  }

  /// Reads a truth value, which is in the type of its field.
  func bool(_ field: Field, _ name: String) throws(FormatError) -> Bool {
    switch field.kind {
    case .yes: true
    case .no: false
    default: throw mismatch(field.kind, name, expected: "true or false")
    }
  }

  /// Reads a text.
  mutating func string(_ field: Field, _ name: String) throws(FormatError) -> String {
    guard field.kind == .binary else { throw mismatch(field.kind, name, expected: "a text") }
    return try string(name)
  }

  /// Reads the head of a list and returns how many elements follow, each of type `kind`.
  mutating func beginList(_ field: Field, of kind: Kind, _ name: String) throws(FormatError) -> Int {
    guard field.kind == .list else { throw mismatch(field.kind, name, expected: "a list") }
    let start = offset
    let (count, elementKind) = try listHead(name)
    guard count == 0 || elementKind == kind else {
      throw malformed(name, at: start, found: "a list of another type", expected: "a list of type \(kind)")
    }
    return count
  }

  /// Reads a text that is an element of a list.
  mutating func string(_ name: String) throws(FormatError) -> String {
    let start = offset
    let count = try size(name)
    let range = offset..<offset + count
    offset += count
    let text = file.withBytes(in: range) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
    guard let text else {
      throw malformed(name, at: start, found: "\(count) bytes of another encoding", expected: "UTF-8")
    }
    return text
  }

  /// Enters the structure that a field is.
  mutating func beginStructure(_ field: Field, _ name: String) throws(FormatError) {
    guard field.kind == .structure else { throw mismatch(field.kind, name, expected: "a structure") }
    try beginStructure()
  }

  /// Reads the value of a field and forgets it.
  mutating func skip(_ field: Field) throws(FormatError) {
    // Truth values of fields are in their types; in lists they are a byte each.
    if field.kind != .yes && field.kind != .no { try skip(field.kind, depth: lastNumbers.count) }
  }
}

// MARK: Bytes

extension ThriftReader {
  private mutating func skip(_ kind: Kind, depth: Int) throws(FormatError) {
    guard depth <= Self.maximumDepth else {
      throw malformed("value", found: "one more level of nesting", expected: "at most \(Self.maximumDepth) levels")
    }
    switch kind {
    case .yes, .no, .byte: _ = try byte("value")
    case .integer16, .integer32, .integer64: _ = try varint("number")
    case .double: try pass(8, "number")
    case .uuid: try pass(16, "identifier")
    case .binary: try pass(try size("text"), "text")
    case .list, .set:
      let (count, kind) = try listHead("list")
      for _ in 0..<count { try skip(kind, depth: depth + 1) }
    case .map:
      let count = try size("map")
      guard count > 0 else { return }
      let kinds = try byte("types of a map")
      guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0x0F) else {
        throw unknownType(kinds)
      }
      for _ in 0..<count {
        try skip(key, depth: depth + 1)
        try skip(value, depth: depth + 1)
      }
    case .structure:
      try beginStructure()
      while let field = try nextField() { try skip(field) }
    }
  }

  private mutating func listHead(_ name: String) throws(FormatError) -> (count: Int, kind: Kind) {
    let head = try byte(name)
    // An empty list may have any type, even none.
    if head >> 4 == 0 { return (0, .byte) }
    guard let kind = Kind(rawValue: head & 0x0F) else { throw unknownType(head & 0x0F) }
    let count = head >> 4 == 15 ? try size(name) : Int(head >> 4)
    // Every element has at least one byte.
    guard count <= end - offset else { throw tooMany(count, name) }
    return (count, kind)
  }

  /// Reads how many bytes, or things of at least one byte, follow.
  private mutating func size(_ name: String) throws(FormatError) -> Int {
    let count = try varint(name)
    guard count <= UInt64(end - offset) else { throw tooMany(count, name) }
    return Int(count)
  }

  private mutating func zigzag(_ name: String) throws(FormatError) -> Int {
    let number = try varint(name)
    return Int(truncatingIfNeeded: number >> 1) ^ -Int(truncatingIfNeeded: number & 1)
  }

  private mutating func varint(_ name: String) throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte(name)
      guard shift < 63 || next < 2 else { break }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw malformed(name, found: "a number of more than 64 bits", expected: "at most 64 bits")
  }

  private mutating func byte(_ name: String) throws(FormatError) -> UInt8 {
    guard offset < end else { throw endOfData(name, needed: 1) }
    defer { offset += 1 }
    return unsafe file.baseAddress.load(fromByteOffset: offset, as: UInt8.self)
  }

  private mutating func pass(_ count: Int, _ name: String) throws(FormatError) {
    guard count <= end - offset else { throw endOfData(name, needed: count) }
    offset += count
  }
}

// MARK: Errors

extension ThriftReader {
  /// An error about what stands at `start`, or about the last byte that was read.
  func malformed(_ name: String, at start: Int? = nil, found: String, expected: String) -> FormatError {
    .malformed(path: file.path, offset: start ?? offset, field: name, found: found, expected: expected)
  }

  private func endOfData(_ name: String, needed: Int) -> FormatError {
    malformed(name, found: "the end of the structure after \(end - offset) bytes", expected: "\(needed) bytes")
  }

  private func tooMany(_ count: some BinaryInteger, _ name: String) -> FormatError {
    malformed(name, found: "a count of \(count)", expected: "at most \(end - offset), the bytes that are left")
  }

  private func unknownType(_ number: UInt8) -> FormatError {
    malformed("type of a value", found: "\(number)", expected: "a type of Thrift's compact protocol")
  }

  private func mismatch(_ kind: Kind, _ name: String, expected: String) -> FormatError {
    malformed(name, found: "a value of type \(kind)", expected: expected)
  }
}
