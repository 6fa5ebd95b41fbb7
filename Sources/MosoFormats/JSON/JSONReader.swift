/// Reads a JSON text piece by piece, without building a value for what the caller does not want.
///
/// A large file, such as a vocabulary of 150,000 words, is read straight into the caller's own tables:
///
/// ```swift
/// let words = try JSONReader.read(bytes) { reader in
///   var text: [UInt8] = []
///   var words: [(Range<Int>, Int)] = []
///   try reader.beginObject()
///   while let key = try reader.nextKey(appendingTo: &text) {
///     words.append((key, try reader.integer()))
///   }
///   try reader.expectEnd()
///   return words
/// }
/// ```
///
/// Each call checks what it reads and throws a `JSONError` that names the byte. After an error the reader is only good for
/// being thrown away. The reader cannot leave the closure that it is lent to, so it never outlives the bytes.
@safe
public struct JSONReader: ~Copyable {
  let start: UnsafePointer<UInt8>
  let end: Int
  let options: JSONReadingOptions
  /// The next byte to read.
  public internal(set) var offset = 0
  /// How many arrays and objects are open.
  public private(set) var depth = 0
  var scratch = JSONScratch()
  /// Where the key last read by `nextKey` stands.
  public private(set) var keyOffset = 0
  /// Whether the innermost array or object has just been opened, so that no comma comes next.
  private var isAtFirst = false

  private init(start: UnsafePointer<UInt8>, count: Int, options: JSONReadingOptions) {
    unsafe self.start = start
    end = count
    self.options = options
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if count >= 3, unsafe UnsafeBufferPointer(start: start, count: 3).elementsEqual(byteOrderMark) { offset = 3 }
  }

  /// Calls `body` with a reader at the start of a UTF-8 text; a byte order mark before it is passed over.
  public static func read<Result, Failure: Error>(
    _ text: RawSpan,
    options: JSONReadingOptions = JSONReadingOptions(),
    _ body: (inout JSONReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe text.withUnsafeBytes { (raw) throws(Failure) in
      // An empty text may have no address; nothing is ever read from the stand-in.
      let address = unsafe raw.baseAddress ?? UnsafeRawPointer(Self.emptyText.utf8Start)
      var reader = unsafe JSONReader(
        start: address.assumingMemoryBound(to: UInt8.self), count: raw.count, options: options)
      return try body(&reader)
    }
  }

  /// Calls `body` with a reader at the start of a UTF-8 text.
  public static func read<Result, Failure: Error>(
    _ text: [UInt8],
    options: JSONReadingOptions = JSONReadingOptions(),
    _ body: (inout JSONReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe read(text.span.bytes, options: options, body)
  }
}

extension JSONReader {
  private static var emptyText: StaticString { "" }
}

// MARK: Structure

extension JSONReader {
  /// Reads `{`; then `nextKey` gives the first key.
  public mutating func beginObject() throws(JSONError) {
    try begin(with: UInt8(ascii: "{"), kind: .object)
  }

  /// Reads up to the value of the next member and returns its key, or reads `}` and returns `nil`.
  ///
  /// The value must be read or skipped before the next call.
  public mutating func nextKey() throws(JSONError) -> String? {
    guard try advance(to: UInt8(ascii: "}"), or: "a key in quotes") else { return nil }
    keyOffset = offset
    let key = try string()
    try readColon()
    return key
  }

  /// Like `nextKey`, appending the key's UTF-8 bytes to `text` and returning where they are there.
  public mutating func nextKey(appendingTo text: inout [UInt8]) throws(JSONError) -> Range<Int>? {
    guard try advance(to: UInt8(ascii: "}"), or: "a key in quotes") else { return nil }
    let range = try string(appendingTo: &text)
    try readColon()
    return range
  }

  /// Reads `[`; then `nextElement` says whether there is a first element.
  public mutating func beginArray() throws(JSONError) {
    try begin(with: UInt8(ascii: "["), kind: .array)
  }

  /// Reads up to the next element and returns true, or reads `]` and returns false.
  ///
  /// The element must be read or skipped before the next call.
  public mutating func nextElement() throws(JSONError) -> Bool {
    try advance(to: UInt8(ascii: "]"), or: nil)
  }

  /// Checks that only white space follows.
  public mutating func expectEnd() throws(JSONError) {
    skipWhitespace()
    guard offset == end else { throw unexpected("the end of the text") }
  }

  /// What kind of value comes next, without reading it.
  public mutating func peekKind() throws(JSONError) -> JSONKind {
    skipWhitespace()
    return switch peek() {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case UInt8(ascii: "N") where options.allowsNonFiniteNumbers: .number
    case UInt8(ascii: "I") where options.allowsNonFiniteNumbers: .number
    default: throw unexpected("a value")
    }
  }

  /// Reads a value of any kind, checking its syntax, and forgets it.
  public mutating func skipValue() throws(JSONError) {
    switch try peekKind() {
    case .object:
      try beginObject()
      while try advance(to: UInt8(ascii: "}"), or: "a key in quotes") {
        try skipString()
        try readColon()
        try skipValue()
      }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: try skipString()
    case .number: _ = try number()
    case .bool: _ = try bool()
    case .null: _ = try readNull()
    }
  }

  private mutating func begin(with bracket: UInt8, kind: JSONKind) throws(JSONError) {
    skipWhitespace()
    guard peek() == bracket else { throw unexpected(kind.description) }
    guard depth < options.maximumDepth else {
      throw failure(at: offset, found: "one more level of nesting", expected: "at most \(options.maximumDepth) levels")
    }
    offset += 1
    depth += 1
    isAtFirst = true
  }

  /// Reads a comma where one is due and returns true, or reads `bracket` and returns false.
  ///
  /// `member` names what must follow a comma when that is not any value.
  @inline(__always)
  private mutating func advance(to bracket: UInt8, or member: String?) throws(JSONError) -> Bool {
    skipWhitespace()
    if peek() == bracket {
      precondition(depth > 0, "the next member was asked for outside of an array or object")
      offset += 1
      depth -= 1
      isAtFirst = false
      return false
    }
    if isAtFirst {
      isAtFirst = false
      if let member, peek() != UInt8(ascii: "\"") {
        throw unexpected("\(member) or '\(Character(Unicode.Scalar(bracket)))'")
      }
      return true
    }
    guard peek() == UInt8(ascii: ",") else { throw unexpected("',' or '\(Character(Unicode.Scalar(bracket)))'") }
    offset += 1
    skipWhitespace()
    if let member, peek() != UInt8(ascii: "\"") { throw unexpected(member) }
    return true
  }

  @inline(__always)
  private mutating func readColon() throws(JSONError) {
    skipWhitespace()
    guard peek() == UInt8(ascii: ":") else { throw unexpected("':' after a key") }
    offset += 1
  }
}

// MARK: Bytes

extension JSONReader {
  /// The next byte, or 0 at the end; a zero byte in the text is never legal, so the two need not be told apart.
  @inline(__always)
  func peek() -> UInt8 {
    offset < end ? byte(at: offset) : 0
  }

  /// The byte at `position`, which the caller has compared with `end`.
  @inline(__always)
  func byte(at position: Int) -> UInt8 {
    unsafe start[position]
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while offset < end {
      switch byte(at: offset) {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }
}
