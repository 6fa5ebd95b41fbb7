import MosoFormats

/// Reads a call that is one JSON object with a name and arguments, byte by byte.
struct CallObjectScanner: Sendable {
  /// What a byte made known.
  enum Finding: Sendable, Hashable {
    /// The name is known and the arguments begin: this byte is their first.
    case argumentsBegin(name: String)
    /// This byte is one of the arguments.
    case argumentsGo
    /// This byte is the last of the arguments.
    case argumentsEnd
    /// The object is complete, and its arguments did not come as they went: here they are.
    case call(name: String, arguments: [UInt8])
    /// The object is complete, and so were its arguments before.
    case end
    /// This can be no call any more.
    case broken
  }

  /// Whether arguments are told as they come, wherever the name came before them.
  let streams: Bool
  /// The names of tools; others are no calls. `nil` takes any name.
  let names: Set<String>?

  /// What the next byte belongs to.
  private enum Part { case outside, key, beforeValue, value }

  private var json = JSONTextScanner()
  private var part = Part.outside
  /// The last key, with its quotation marks.
  private var key: [UInt8] = []
  /// The value of a key that matters.
  private var value: [UInt8] = []
  private var name: String?
  private var arguments: [UInt8]?
  /// Whether the arguments are told as they come.
  private var isStreaming = false
  private var hasStreamed = false

  init(streams: Bool, names: Set<String>?) {
    self.streams = streams
    self.names = names
  }

  /// Takes the next byte; `nil` when it made nothing known.
  mutating func take(_ byte: UInt8) -> Finding? {
    if json.depth == 0 && byte != UInt8(ascii: "{") { return .broken }
    guard json.take(byte) else { return .broken }
    switch part {
    case .outside:
      if json.phase == .done { return end() }
      if json.phase == .inKey {
        key = [byte]
        part = .key
      }
    case .key:
      // Longer keys are not those that matter.
      if key.count < 16 { key.append(byte) }
      if json.phase == .colon { part = .beforeValue }
    case .beforeValue:
      if json.depth == 1, json.phase == .colon || json.phase == .value(mayEnd: false) { return nil }
      part = .value
      value = []
      if streams, isArguments, !hasStreamed, let name, byte == UInt8(ascii: "{") {
        isStreaming = true
        return .argumentsBegin(name: name)
      }
      return takeInValue(byte)
    case .value: return takeInValue(byte)
    }
    return nil
  }

  private mutating func takeInValue(_ byte: UInt8) -> Finding? {
    // The byte after a number is the first that shows its end.
    let isOver = json.depth == 0 || json.depth == 1 && (json.phase == .comma || json.phase == .key(mayEnd: false))
    if isOver { part = .outside }
    if isStreaming {
      guard isOver else { return .argumentsGo }
      isStreaming = false
      hasStreamed = true
      return .argumentsEnd
    }
    if isName || isArguments {
      value.append(byte)
      if isOver, !endValue() { return .broken }
    }
    return json.phase == .done ? end() : nil
  }

  private var isName: Bool { key.elementsEqual("\"name\"".utf8) }
  private var isArguments: Bool { key.elementsEqual("\"arguments\"".utf8) || key.elementsEqual("\"parameters\"".utf8) }

  /// Takes the value of a key that matters; whether it is a fitting one.
  private mutating func endValue() -> Bool {
    if isName {
      guard let text = (try? JSONValue(parsing: value))?.stringValue, isTool(text) else { return false }
      name = text
    } else if value.first == UInt8(ascii: "{") {
      arguments = value
    } else if let text = (try? JSONValue(parsing: value))?.stringValue,
      (try? JSONValue(parsing: text))?.objectValue != nil
    {
      // OpenAI's form: the arguments as JSON in a string.
      arguments = Array(text.utf8)
    } else if !value.elementsEqual("null".utf8) {
      return false
    }
    return true
  }

  private func end() -> Finding {
    guard let name else { return .broken }
    return hasStreamed ? .end : .call(name: name, arguments: arguments ?? Array("{}".utf8))
  }

  private func isTool(_ name: String) -> Bool { names?.contains(name) ?? !name.isEmpty }
}
