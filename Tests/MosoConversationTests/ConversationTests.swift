import MosoConversation
import MosoFormats
import Testing

@Suite("Conversation") struct ConversationTests {
  @Test("A saved conversation comes back as it was") func roundTrip() throws {
    let conversation = Conversation([
      Message(.system, "Be brief."), Message(.user, "\"quoted\"\n\u{1F600}\u{0}"), Message(.assistant, ""),
    ])
    let text = conversation.json.serialized(indentation: 2)
    #expect(try Conversation(json: JSONValue(parsing: text)) == conversation)
    #expect(try Conversation(json: Conversation().json) == Conversation())
  }

  @Test(
    "What is no conversation is refused with the place",
    arguments: [
      ("[]", "messages", "missing"), ("{}", "messages", "missing"), (#"{"messages": 3}"#, "messages", "not a list"),
      (#"{"messages": ["a"]}"#, "the role of message 0", "not system, user or assistant"),
      (
        #"{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}]}"#, "the role of message 1",
        "not system, user or assistant"
      ),
      (#"{"messages": [{"role": "user"}]}"#, "the content of message 0", "not a text"),
      (#"{"messages": [{"role": "user", "content": 1}]}"#, "the content of message 0", "not a text"),
      (
        #"{"messages": [{"role": "user", "content": [1]}]}"#, "the content of message 0",
        "no list of blocks: messages.0.content.0 is 1, but has to be an object"
      ),
    ])
  func refused(text: String, place: String, found: String) throws {
    let json = try JSONValue(parsing: text)
    let error = #expect(throws: ConversationFileError.self) { try Conversation(json: json) }
    #expect(error?.place == place)
    #expect(error?.found == found)
  }

  @Test("Messages that are more than a text are saved with their blocks") func blocks() throws {
    var result = ToolResult(toolUseID: "t", content: [.text(""), .text("b")], isError: true)
    result.content?[0].unknown = ["foo": 1]
    var named = Message(.developer, "d")
    named.unknown = ["name": "n"]
    let conversation = Conversation([
      named,
      Message(
        .assistant,
        [
          ContentBlock(.thinking(ThinkingContent("hm", signature: ""))), .text(""),
          ContentBlock(.toolUse(ToolUse(id: "t", name: "f", input: ["b": 1, "a": 2.0])), cacheControl: CacheControl()),
          ContentBlock(.toolUse(ToolUse(id: "u", name: "f", input: "cut"))),
        ]), Message(.user, [ContentBlock(.toolResult(result))]), Message(.assistant, []),
    ])
    let text = conversation.json.serialized(indentation: 2)
    #expect(try Conversation(json: JSONValue(parsing: text)) == conversation)
    #expect(conversation.json["messages"]?.arrayValue?[0]["content"] == "d")
  }

  @Test("A single plain text is saved as a text, whoever wrote it as a block") func plainText() throws {
    let conversation = Conversation([Message(.user, [.text("a")])])
    #expect(conversation.json == ["messages": [["role": "user", "content": "a"]]])
    #expect(try Conversation(json: conversation.json) == Conversation([Message(.user, "a")]))
  }

  @Test("Templates get roles and contents in order") func templateMessages() {
    let conversation = Conversation([Message(.user, "a"), Message(.assistant, "b")])
    #expect(
      conversation.templateMessages == [
        ["role": "user", "content": "a"], ["role": "assistant", "content": "b"],
      ])
  }
}

@Suite("SamplingParameters") struct SamplingParametersTests {
  @Test("The defaults and greedy are in range") func defaults() throws {
    try SamplingParameters().validate()
    try SamplingParameters.greedy.validate()
  }

  @Test(
    "Each parameter out of range, and what is no number, is named",
    arguments: [
      "temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty", "repetition_window",
      "presence_penalty", "frequency_penalty", "logit_bias", "logit_bias of token 4",
    ])
  func outOfRange(name: String) {
    var parameters = SamplingParameters()
    switch name {
    case "temperature": parameters.temperature = .nan
    case "top_k": parameters.topK = -1
    case "top_p": parameters.topP = 1.5
    case "min_p": parameters.minP = -0.1
    case "typical_p": parameters.typicalP = .infinity
    case "repetition_penalty": parameters.repetitionPenalty = 0
    case "repetition_window": parameters.repetitionWindow = -1
    case "presence_penalty": parameters.presencePenalty = 101
    case "frequency_penalty": parameters.frequencyPenalty = -101
    case "logit_bias": parameters.logitBias = [-1: 0]
    default: parameters.logitBias = [4: .nan]
    }
    let error = #expect(throws: SamplingParameterError.self) { try parameters.validate() }
    #expect(error?.parameter == name)
  }
}
