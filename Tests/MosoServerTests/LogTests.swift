import Logging
import MosoFormats
import MosoServer
import Synchronization
import Testing

/// Lines of the log.
@Suite("LineLogHandler") struct LogTests {
  /// Keeps lines.
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var sink: LogSink { LogSink { [self] line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } } }
  }

  private let lines = Lines()

  private func logger(
    _ format: LogFormat, coloured: Bool = false, conversations: Bool = false, level: Logger.Level = .trace
  ) -> Logger {
    var style = LineLogHandler.Style()
    style.format = format
    style.isColoured = coloured
    style.showsConversations = conversations
    let handler = LineLogHandler(
      logLevel: level, style: style, sink: lines.sink, now: { InternetTime(milliseconds: 1_795_780_566_050) })
    return Logger(label: "test") { _ in handler }
  }

  @Test("A line for people has time, level, message and metadata, aligned and in order")
  func text() {
    var logger = logger(.text)
    logger[metadataKey: "id"] = "req_1"
    logger.info("listening", metadata: ["port": "8642", "address": "a b", "empty": "", "list": ["x", ["k": "v"]]])
    logger.critical("down", metadata: ["id": "other"])
    logger.trace("nothing more")
    #expect(
      lines.all == [
        #"2026-11-27T11:56:06.050Z info     listening  address="a b" empty="" id=req_1 list="# + #""["#
          + #"\"x\",{\"k\":\"v\"}]" port=8642"# + "\n",
        "2026-11-27T11:56:06.050Z critical down  id=other\n",
        "2026-11-27T11:56:06.050Z trace    nothing more  id=req_1\n",
      ])
  }

  @Test("A line for programs is a JSON object with the same")
  func json() throws {
    logger(.json).warning("full \"up\"", metadata: ["waiting": .stringConvertible(256), "list": ["x", ["k": "v"]]])
    let line = try #require(lines.all.first)
    #expect(line.hasSuffix("}\n"))
    let expected: JSONValue = [
      "time": "2026-11-27T11:56:06.050Z", "level": "warning", "message": "full \"up\"",
      "metadata": ["list": ["x", ["k": "v"]], "waiting": 256],
    ]
    #expect(try JSONValue(parsing: line) == expected)
    logger(.json).info("alone")
    #expect(lines.all.last == #"{"time":"2026-11-27T11:56:06.050Z","level":"info","message":"alone"}"# + "\n")
  }

  private static let hostile = [
    "a\nb", "a\r\nb", "a\u{1B}[2Jb", "a\u{7F}b", "a\u{9B}31mb", "a\u{202E}b", "a\u{2028}b", "a\u{0}b", "a\u{200B}b",
    "a\u{E0001}b",
  ]

  @Test("Nothing in a record begins another line or steers a terminal", arguments: hostile)
  func injection(text: String) throws {
    for format in LogFormat.allCases {
      logger(format).info("\(text)", metadata: ["key": .string(text), "\(text)": "x", "list": [.string(text)]])
      let line = try #require(lines.all.last)
      let harmful = line.dropLast().unicodeScalars.filter { scalar in
        [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
      }
      #expect(harmful.isEmpty && line.hasSuffix("\n"), "\(line)")
    }
    let json = try JSONValue(parsing: try #require(lines.all.last))
    #expect(json["message"]?.stringValue == text)
    #expect(json["metadata"]?["key"]?.stringValue == text)
    #expect(json["metadata"]?[text]?.stringValue == "x")
  }

  @Test("A value cannot look like another key")
  func quoting() {
    logger(.text).info("m", metadata: ["a": "1 b=2", "c": "\" d=3", "e=f": "\\", "g": "tab\there"])
    #expect(lines.all.last?.hasSuffix(#"m  a="1 b=2" c="\" d=3" "e=f"="\\" g=tab\there"# + "\n") == true)
  }

  @Test("What is too long is cut", arguments: LogFormat.allCases)
  func cutting(format: LogFormat) throws {
    let long = String(repeating: "ä", count: 100_000)
    logger(format).info("\(long)", metadata: ["key": .string(long)])
    let line = try #require(lines.all.last)
    #expect((16_000..<17_000).contains(line.utf8.count))
    #expect(line.contains("ä…"))
  }

  @Test("Metadata within metadata ends somewhere")
  func nesting() throws {
    var value: Logger.MetadataValue = "deep"
    for _ in 0..<1_000 { value = ["k": value] }
    logger(.json).info("m", metadata: ["key": value])
    let line = try #require(lines.all.last)
    #expect(line.contains("…") && !line.contains("deep") && line.utf8.count < 300)
  }

  @Test("Conversations are written only when that is asked for", arguments: LogFormat.allCases)
  func conversations(format: LogFormat) throws {
    logger(format).info("asked", metadata: ["text": .conversation("my secret"), "one": .conversation("x")])
    let silent = try #require(lines.all.last)
    #expect(!silent.contains("secret") && silent.contains("(9 bytes)") && silent.contains("(1 byte)"))
    logger(format, conversations: true).info("asked", metadata: ["text": .conversation("my secret")])
    #expect(try #require(lines.all.last).contains("my secret"))
    let text = ConversationText("my secret")
    var dumped = ""
    dump(text, to: &dumped)
    #expect(!"\(text) \(String(reflecting: text)) \(dumped)".contains("secret"))
  }

  @Test("Colours are there only when that is asked for")
  func colours() {
    logger(.text, coloured: true).error("bad", metadata: ["k": "v"])
    #expect(
      lines.all.last
        == "\u{1B}[2m2026-11-27T11:56:06.050Z\u{1B}[0m \u{1B}[31merror\u{1B}[0m    bad  \u{1B}[2mk=\u{1B}[0mv\n")
    logger(.json, coloured: true).error("bad")
    #expect(lines.all.last?.contains("\u{1B}") == false)
  }

  @Test("Records below the level are not written, and errors come as metadata")
  func levels() throws {
    let logger = logger(.text, level: .warning)
    logger.info("quiet")
    #expect(lines.all.isEmpty)
    logger.warning("loud", error: BindError.malformed("x"))
    #expect(lines.all.count == 1)
    #expect(lines.all[0].contains("error=\"\\\"x\\\" is no place to listen at"))
  }

  @Test("Metadata of a provider comes between that of the logger and that of the record")
  func provider() {
    var handler = LineLogHandler(
      logLevel: .info, style: .init(), sink: lines.sink, now: { InternetTime(milliseconds: 0) })
    handler.metadata = ["a": "1", "b": "1", "c": "1"]
    handler.metadataProvider = Logger.MetadataProvider { ["b": "2", "c": "2"] }
    Logger(label: "test") { _ in handler }.info("m", metadata: ["c": "3"])
    #expect(lines.all == ["1970-01-01T00:00:00.000Z info     m  a=1 b=2 c=3\n"])
  }

  @Test("Lines of threads that write at once do not mix")
  func threads() async throws {
    let logger = logger(.json)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for _ in 0..<50 { logger.info("task", metadata: ["n": .stringConvertible(task)]) } }
      }
    }
    #expect(lines.all.count == 400)
    for line in lines.all { _ = try JSONValue(parsing: line) }
  }
}
