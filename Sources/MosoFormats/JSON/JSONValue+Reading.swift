extension JSONValue {
  /// Reads a whole JSON text in UTF-8.
  ///
  /// - Throws: `JSONError` with the byte, line and column of the first thing that is wrong.
  public init(parsing text: RawSpan, options: JSONReadingOptions = JSONReadingOptions()) throws(JSONError) {
    self = try JSONReader.read(text, options: options) { (reader) throws(JSONError) in
      let value = try reader.value()
      try reader.expectEnd()
      return value
    }
  }

  /// Reads a whole JSON text in UTF-8.
  ///
  /// - Throws: `JSONError` with the byte, line and column of the first thing that is wrong.
  public init(parsing text: [UInt8], options: JSONReadingOptions = JSONReadingOptions()) throws(JSONError) {
    try unsafe self.init(parsing: text.span.bytes, options: options)
  }

  /// Reads a whole JSON text.
  ///
  /// - Throws: `JSONError` with the byte, line and column of the first thing that is wrong.
  public init(parsing text: String, options: JSONReadingOptions = JSONReadingOptions()) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), options: options)
  }
}

extension JSONReader {
  /// Reads a value of any kind.
  public mutating func value() throws(JSONError) -> JSONValue {
    switch try peekKind() {
    case .object: return .object(try object())
    case .array:
      try beginArray()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case .string: return .string(try string())
    case .bool: return .bool(try bool())
    case .null:
      _ = try readNull()
      return .null
    case .number:
      return switch try number() {
      case .integer(let value): .integer(value)
      case .number(let value): .number(value)
      }
    }
  }

  /// Reads an object with all that is in it.
  public mutating func object() throws(JSONError) -> JSONObject {
    try beginObject()
    var object = JSONObject()
    while true {
      guard let key = try nextKey() else { return object }
      let keyOffset = self.keyOffset
      let isNew = object.updateValue(try value(), forKey: key)
      if !isNew && options.duplicateKeys == .refused {
        throw failure(at: keyOffset, found: "the key \"\(key)\" a second time", expected: "each key once")
      }
    }
  }
}
