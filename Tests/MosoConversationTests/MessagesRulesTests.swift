import MosoConversation
import MosoFormats
import Testing

@Suite("MessagesCodec, rules over several fields") struct MessagesRulesTests {
  private let codec = MessagesCodec(version: .v2023_06_01)

  private func use(_ ids: String...) -> JSONValue {
    let blocks = ids.map { ["type": "tool_use", "id": .string($0), "name": "f", "input": [:]] as JSONValue }
    return ["role": "assistant", "content": .array(blocks)]
  }

  private func results(_ ids: String..., after text: String? = nil) -> JSONValue {
    var blocks = ids.map { ["type": "tool_result", "tool_use_id": .string($0)] as JSONValue }
    if let text { blocks.insert(["type": "text", "text": .string(text)], at: 0) }
    return ["role": "user", "content": .array(blocks)]
  }

  private func says(_ role: String, _ text: String) -> JSONValue { ["role": .string(role), "content": .string(text)] }

  private func refusal(_ messages: JSONValue...) throws -> RequestError? {
    let body: JSONValue = ["model": "m", "max_tokens": 9, "messages": .array(messages)]
    do throws(RequestError) {
      _ = try codec.decodeRequest(body)
      return nil
    } catch {
      return error
    }
  }

  @Test("Each use of a tool has its result in the next message of the user") func paired() throws {
    #expect(try refusal(use("a", "b"), results("b", "a"), says("assistant", "c"), says("user", "d")) == nil)
    // Neighbours of the same role are one message, and the system may speak in between.
    #expect(try refusal(use("a"), use("b"), says("system", "s"), results("a"), results("b"), says("user", "d")) == nil)
  }

  @Test("A use without a result is refused in the words that clients look for") func missing() throws {
    let phrase = "`tool_use` ids were found without `tool_result` blocks immediately after: "
    let error = try refusal(says("user", "x"), use("a", "b"), results("a"))
    #expect(error?.field == "messages.1")
    #expect(error?.message.contains(phrase + "\"b\";") == true)
    #expect(try refusal(use("a"))?.message.contains(phrase) == true)
    #expect(try refusal(use("a"), says("user", "x"))?.message.contains(phrase) == true)
    #expect(try refusal(use("a"), says("user", "x"), says("assistant", "y"), results("a"))?.field == "messages.0")
    #expect(
      try refusal(use("a", "b", "c", "d", "e", "f", "g"))?.message.contains(#""a", "b", "c", "d", "e" and 2 more;"#)
        == true)
  }

  @Test("A result that belongs to no use before it is refused") func unknownResult() throws {
    #expect(try refusal(results("a"))?.field == "messages.0.content.0.tool_use_id")
    #expect(try refusal(use("a"), results("a", "b"))?.field == "messages.1.content.1.tool_use_id")
    let late = try refusal(use("a"), results("a"), says("assistant", "x"), results("a"))
    #expect(late?.field == "messages.3.content.0.tool_use_id")
  }

  @Test("An id that comes twice is refused") func duplicates() throws {
    #expect(try refusal(use("a", "a"), results("a"))?.field == "messages.0.content.1.id")
    #expect(try refusal(use("a"), results("a"), use("a"), results("a"))?.field == "messages.2.content.0.id")
    #expect(try refusal(use("a"), results("a", "a"))?.field == "messages.1.content.1.tool_use_id")
  }

  @Test("Results come before anything else") func resultsFirst() throws {
    #expect(try refusal(use("a"), results("a", after: "x"))?.field == "messages.1.content.1")
    #expect(try refusal(use("a"), says("user", "x"), results("a"))?.field == "messages.2.content.0")
  }

  @Test("Tens of thousands of uses and results are checked in passing") func many() throws {
    let count = 20_000
    var messages: [JSONValue] = []
    let ids = (0..<count).map { "t\($0)" }
    let uses = ids.map { ["type": "tool_use", "id": .string($0), "name": "f", "input": [:]] as JSONValue }
    messages.append(["role": "assistant", "content": .array(uses)])
    messages.append(
      ["role": "user", "content": .array(ids.map { ["type": "tool_result", "tool_use_id": .string($0)] })])
    let request = try codec.decodeRequest(["model": "m", "max_tokens": 9, "messages": .array(messages)])
    #expect(request.messages[1].content.count == count)
    let tooMany = [JSONValue](repeating: says("user", "a"), count: MessagesCodec.maximumMessageCount + 1)
    let error = #expect(throws: RequestError.self) {
      try codec.decodeRequest(["model": "m", "max_tokens": 9, "messages": .array(tooMany)])
    }
    #expect(error?.message == "messages has 100001 elements, but has to have at most 100000")
  }

  // MARK: Places to keep

  private func marked(_ ttl: String?) -> JSONValue {
    var control: JSONObject = ["type": "ephemeral"]
    control["ttl"] = ttl.map(JSONValue.string)
    return ["type": "text", "text": "x", "cache_control": .object(control)]
  }

  private func refusal(system: [JSONValue], content: [JSONValue], whole: JSONValue? = nil) -> RequestError? {
    var body: JSONObject = [
      "model": "m", "max_tokens": 9, "system": .array(system),
      "messages": [["role": "user", "content": .array(content)]],
    ]
    body["cache_control"] = whole
    do throws(RequestError) {
      _ = try codec.decodeRequest(.object(body))
      return nil
    } catch {
      return error
    }
  }

  @Test("At most four places are kept, wherever they stand") func fourBreakpoints() {
    let plain: JSONValue = ["type": "text", "text": "y"]
    #expect(refusal(system: [marked(nil), marked(nil)], content: [marked(nil), marked(nil)]) == nil)
    let fifth = refusal(system: [marked(nil), marked(nil)], content: [marked(nil), marked(nil), marked(nil)])
    #expect(fifth?.field == "messages.0.content.2.cache_control")
    let whole = refusal(
      system: [marked(nil), marked(nil)], content: [marked(nil), marked(nil), plain], whole: ["type": "ephemeral"])
    #expect(whole?.field == "cache_control")
    // The mark on the whole request is that of its last block, which has one here.
    #expect(
      refusal(system: [marked(nil), marked(nil)], content: [marked(nil), marked(nil)], whole: ["type": "ephemeral"])
        == nil)
    let inner: JSONValue = ["type": "document", "source": ["type": "content", "content": [marked(nil)]]]
    #expect(
      refusal(system: [marked(nil), marked(nil), marked(nil), marked(nil)], content: [inner])?.field
        == "messages.0.content.0.source.content.0.cache_control")
  }

  @Test("What is kept for an hour comes before what is kept for minutes") func longerFirst() {
    #expect(refusal(system: [marked("1h"), marked("5m")], content: [marked(nil)]) == nil)
    let error = refusal(system: [marked("1h"), marked(nil)], content: [marked("1h")])
    #expect(error?.field == "messages.0.content.0.cache_control.ttl")
    #expect(error?.message.contains("system.1.cache_control") == true)
  }

  // MARK: Merging

  @Test("Neighbours of the same role become one message") func merging() {
    var tagged = Message(.user, "b")
    tagged.unknown = ["x": 1]
    let messages = [Message(.user, "a"), tagged, Message(.assistant, "c"), Message(.user, "d")]
    let merged = messages.mergingNeighbours()
    #expect(merged.map(\.role) == [.user, .assistant, .user])
    #expect(merged[0].content == [.text("a"), .text("b")])
    #expect(merged[0].unknown == ["x": 1])
    #expect(!merged[0].prefersString)
    #expect(merged[2] == Message(.user, "d"))
    #expect([Message]().mergingNeighbours() == [])
  }
}
