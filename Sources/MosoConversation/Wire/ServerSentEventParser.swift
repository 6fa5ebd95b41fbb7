/// One event of a stream of server-sent events.
public struct ServerSentEvent: Sendable, Hashable {
  /// The event's name; `nil` when the stream gave none.
  public var name: String?
  /// Its data: all lines of it, joined by line feeds.
  public var data: String

  /// An event with its data.
  public init(name: String? = nil, data: String) {
    self.name = name
    self.data = data
  }
}

/// Finds the events in a stream of server-sent events (WHATWG HTML, section 9.2.6), however the bytes are cut.
///
/// Lines end in a line feed, a carriage return, or both. Comments and the fields `id` and `retry` are passed over, and so
/// are events without data. Bytes that are not UTF-8 become U+FFFD.
public struct ServerSentEventParser: Sendable {
  /// How many bytes an event may have, its field names included.
  public let maximumEventBytes: Int

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var name: String?
  private var size = 0
  private var followsCarriageReturn = false
  private var isAtStart = true

  /// A parser at the start of a stream, for events of at most 64 MiB unless told otherwise.
  public init(maximumEventBytes: Int = 64 << 20) {
    self.maximumEventBytes = maximumEventBytes
  }

  /// Reads more of the stream.
  ///
  /// - Returns: The events that are complete now.
  /// - Throws: `RequestError` when an event is larger than `maximumEventBytes`; the parser is of no more use then.
  public mutating func events(in bytes: some Sequence<UInt8>) throws(RequestError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let endsCarriageReturn = followsCarriageReturn
      followsCarriageReturn = false
      switch byte {
      case 0x0A where endsCarriageReturn: continue
      case 0x0A, 0x0D:
        followsCarriageReturn = byte == 0x0D
        if let event = endLine() { events.append(event) }
      default:
        size += 1
        guard size <= maximumEventBytes else {
          throw RequestError(
            .server, "the stream holds an event of more than \(maximumEventBytes) bytes, the most that are read")
        }
        line.append(byte)
      }
    }
    return events
  }

  /// Takes the line in; an empty line completes the event.
  private mutating func endLine() -> ServerSentEvent? {
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else {
      defer {
        data.removeAll(keepingCapacity: true)
        hasData = false
        name = nil
        size = 0
      }
      return hasData ? ServerSentEvent(name: name, data: String(decoding: data, as: UTF8.self)) : nil
    }
    defer { line.removeAll(keepingCapacity: true) }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    if line[..<colon].elementsEqual("data".utf8) {
      if hasData { data.append(0x0A) }
      data.append(contentsOf: value)
      hasData = true
    } else if line[..<colon].elementsEqual("event".utf8) {
      name = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    } else if colon == line.startIndex {
      // A comment belongs to no event: a stream may send them for hours to stay open.
      size -= line.count
    }
    return nil
  }
}
