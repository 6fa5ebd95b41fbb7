import MosoConversation
import MosoFormats
import Testing

@Suite("Random requests") struct RoundTripTests {
  private static let count = 1_000
  /// Members whose order is the client's own business.
  private static let ordered: Set<String> = ["input", "input_schema", "schema", "parameters", "arguments"]

  private func expectSame(_ again: JSONValue, _ body: JSONValue, _ number: Int) {
    let isSame = again.serialized(sortedKeys: true) == body.serialized(sortedKeys: true)
    #expect(isSame, "request \(number) came back as\n\(again.serialized())\ninstead of\n\(body.serialized())")
    let isOrdered = again.values(named: Self.ordered) == body.values(named: Self.ordered)
    #expect(isOrdered, "request \(number) came back with members in another order: \(again.serialized())")
  }

  @Test("Requests of the Messages API come back with every field", arguments: MessagesVersion.allCases)
  func messages(version: MessagesVersion) throws {
    let codec = MessagesCodec(version: version)
    var random = RandomMessagesRequest(version: version, seed: 1)
    for number in 0..<Self.count {
      let body = random.next()
      let request: GenerationRequest
      do {
        request = try codec.decodeRequest(body)
      } catch {
        Issue.record("request \(number) is refused: \(error)\n\(body.serialized())")
        return
      }
      expectSame(codec.encodeRequest(request), body, number)
      guard number % 5 == 0 else { continue }
      #expect(try codec.decodeRequest(JSONValue(parsing: codec.encodeRequest(request).serialized())) == request)
    }
  }

  @Test("Chat requests come back with every field") func chats() throws {
    let codec = OpenAICodec()
    var random = RandomChatRequest(seed: 2)
    for number in 0..<Self.count {
      let body = random.next()
      let request: GenerationRequest
      do {
        request = try codec.decodeChatRequest(body)
      } catch {
        Issue.record("request \(number) is refused: \(error)\n\(body.serialized())")
        return
      }
      expectSame(codec.encodeChatRequest(request), body, number)
      guard number % 5 == 0 else { continue }
      #expect(try codec.decodeChatRequest(JSONValue(parsing: codec.encodeChatRequest(request).serialized())) == request)
    }
  }

  @Test("A request of one API is one that the other takes") func across() throws {
    let openAI = OpenAICodec()
    var chats = RandomChatRequest(seed: 3, breaksArguments: false)
    for number in 0..<Self.count / 2 {
      let request = try openAI.decodeChatRequest(chats.next())
      for version in MessagesVersion.allCases {
        let codec = MessagesCodec(version: version)
        let body = codec.encodeRequest(request)
        do {
          let other = try codec.decodeRequest(body)
          // Nothing is lost that both can say.
          #expect(other.messages.map(\.text).joined().utf8.count <= request.messages.map(\.text).joined().utf8.count)
          #expect(uses(other) == uses(request))
          #expect(results(other) == results(request))
          #expect(other.stopSequences == request.stopSequences)
          #expect(other.unknownFields == [])
        } catch {
          Issue.record("chat \(number) is refused: \(error)\n\(body.serialized())")
          return
        }
      }
    }
    var messages = RandomMessagesRequest(version: .v2023_06_01, seed: 4)
    for number in 0..<Self.count / 2 {
      let request = try MessagesCodec().decodeRequest(messages.next())
      let body = openAI.encodeChatRequest(request)
      do {
        let other = try openAI.decodeChatRequest(body)
        #expect(uses(other) == uses(request))
        #expect(results(other).map(\.[0]) == results(request).map(\.[0]))
        #expect(other.maximumTokens == request.maximumTokens)
      } catch {
        Issue.record("request \(number) is refused: \(error)\n\(body.serialized())")
        return
      }
    }
  }

  private func uses(_ request: GenerationRequest) -> [[String]] {
    request.messages.flatMap(\.content).compactMap { block in
      guard case .toolUse(let use) = block.kind else { return nil }
      return [use.id, use.name, use.input.serialized()]
    }
  }

  private func results(_ request: GenerationRequest) -> [[String]] {
    request.messages.flatMap(\.content).compactMap { block in
      guard case .toolResult(let result) = block.kind else { return nil }
      return [result.toolUseID, Message(.user, result.content ?? []).text]
    }
  }
}
