import Moso
import Testing

@Suite("Chat") struct ChatTests {
  /// A tiny random model with a tokenizer (`Scripts/make_model_ggufs.py`).
  private static func model() throws -> LanguageModel {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    return try LanguageModel(gguf: folder + "/Fixtures/Models/llama3/model.gguf")
  }

  /// Answers of exactly `count` tokens, which a random model does not end by itself.
  private static func chat(_ count: Int? = 6, system: String? = nil, seed: UInt64? = nil) throws -> Chat {
    var sampling = SamplingParameters()
    sampling.temperature = seed == nil ? 0 : 1
    sampling.seed = seed
    let options = GenerationOptions(sampling: sampling, maximumTokens: count, ignoresEndOfGeneration: true)
    return try Chat(with: try model(), system: system, options: options)
  }

  private func text(_ answer: AsyncThrowingStream<String, any Error>) async throws -> String {
    var text = ""
    for try await piece in answer { text += piece }
    return text
  }

  @Test("Questions and answers become the conversation, and what was read is not read again")
  func conversation() async throws {
    let chat = try Self.chat(system: "ab")
    let first = try await text(chat.respond(to: "abc"))
    #expect(!first.isEmpty)
    #expect(
      chat.conversation == Conversation([Message(.system, "ab"), Message(.user, "abc"), Message(.assistant, first)]))
    #expect(chat.lastSummary?.stopReason == .maximumTokens)
    #expect(chat.lastSummary?.generatedTokens == 6)
    let second = try await text(chat.respond(to: "def"))
    #expect(chat.conversation.messages.suffix(2) == [Message(.user, "def"), Message(.assistant, second)])
    #expect(try #require(chat.lastSummary).cachedTokens > 0)
  }

  @Test("The same seed says the same thing, and options may change between answers") func options() async throws {
    let chat = try Self.chat(seed: 5)
    let first = try await text(chat.respond(to: "abc"))
    chat.reset()
    #expect(try await text(chat.respond(to: "abc")) == first)
    chat.options.maximumTokens = 2
    _ = try await text(chat.respond(to: "abc"))
    #expect(chat.lastSummary?.generatedTokens == 2)
  }

  @Test("Questions asked at once are answered in their order, each with the answers before") func overlapping()
    async throws
  {
    let chat = try Self.chat(30, seed: 5)
    let streams = (0..<4).map { (question: "ab\($0)", answer: chat.respond(to: "ab\($0)")) }
    var expected: [Message] = []
    for (question, answer) in streams {
      expected += [Message(.user, question), Message(.assistant, try await text(answer))]
    }
    #expect(chat.conversation.messages == expected)
    // One after another, without overlapping, says the same.
    let patient = try Self.chat(30, seed: 5)
    for index in 0..<4 { _ = try await text(patient.respond(to: "ab\(index)")) }
    #expect(patient.conversation == chat.conversation)
  }

  @Test("A change during an answer holds, whatever the answer does") func changesDuringAnAnswer() async throws {
    let chat = try Self.chat(system: "ab")
    let answer = chat.respond(to: "abc")
    chat.setSystem("cd")
    let said = try await text(answer)
    #expect(chat.conversation.messages == [Message(.system, "cd"), Message(.user, "abc"), Message(.assistant, said)])

    let late = chat.respond(to: "def")
    chat.reset()
    #expect(!(try await text(late)).isEmpty)
    #expect(chat.conversation.messages == [Message(.system, "cd")])

    let lost = chat.respond(to: "def")
    let restored = Conversation([Message(.user, "x"), Message(.assistant, "y")])
    chat.restore(restored)
    _ = try await text(lost)
    #expect(chat.conversation == restored)
  }

  @Test("What was shown of a dropped answer is what is kept") func dropped() async throws {
    // Without end but for the context's.
    let chat = try Self.chat(nil)
    var shown = ""
    for try await piece in chat.respond(to: "abc") {
      shown += piece
      if shown.count > 10 {
        // Meanwhile the model runs ahead of its reader.
        try await Task.sleep(for: .milliseconds(5))
        break
      }
    }
    #expect(chat.conversation.messages == [Message(.user, "abc"), Message(.assistant, shown)])
    chat.options.maximumTokens = 3
    let next = try await text(chat.respond(to: "def"))
    #expect(chat.conversation.messages.suffix(2) == [Message(.user, "def"), Message(.assistant, next)])
    #expect(chat.conversation.messages.count == 4)
  }

  @Test("An answer that was complete and is dropped is kept as far as it was shown") func droppedLate() async throws {
    let chat = try Self.chat(40)
    var shown = ""
    for try await piece in chat.respond(to: "abc") {
      while chat.lastSummary == nil { try await Task.sleep(for: .milliseconds(1)) }
      shown += piece
      break
    }
    #expect(chat.lastSummary?.generatedTokens == 40)
    #expect(chat.conversation.messages == [Message(.user, "abc"), Message(.assistant, shown)])
  }

  @Test("An answer that is stopped ends with what was said, and says so") func stopped() async throws {
    let chat = try Self.chat(nil)
    var shown = ""
    for try await piece in chat.respond(to: "abc") {
      shown += piece
      chat.stop()
    }
    let summary = try #require(chat.lastSummary)
    #expect(summary.stopReason == .cancelled)
    #expect((1..<chat.session.contextLength / 2).contains(summary.generatedTokens))
    #expect(chat.conversation.messages == [Message(.user, "abc"), Message(.assistant, shown)])
  }

  @Test("What is stopped before its first word, or never read, leaves the conversation as it was")
  func nothingSaid() async throws {
    let chat = try Self.chat(nil)
    _ = chat.respond(to: "abc")
    #expect(chat.conversation.messages.isEmpty)
    let waiting = chat.respond(to: "abc")
    let queued = chat.respond(to: "def")
    chat.stop()
    _ = try await text(waiting)
    #expect(try await text(queued).isEmpty)
    #expect(!chat.conversation.messages.contains(Message(.user, "def")))
  }

  @Test("A question that does not fit is an error, and the chat goes on") func tooLong() async throws {
    let chat = try Self.chat()
    await #expect(throws: GenerationError.self) {
      try await text(chat.respond(to: String(repeating: "abc ", count: 2_000)))
    }
    #expect(chat.conversation.messages.isEmpty)
    #expect(!(try await text(chat.respond(to: "abc"))).isEmpty)
  }

  @Test("The system prompt can be changed and removed, and a reset keeps it") func system() async throws {
    let chat = try Self.chat(system: "ab")
    _ = try await text(chat.respond(to: "abc"))
    chat.reset()
    #expect(chat.conversation.messages == [Message(.system, "ab")])
    chat.setSystem(nil)
    #expect(chat.conversation.messages.isEmpty)
    chat.setSystem("cd")
    #expect(chat.conversation.messages == [Message(.system, "cd")])
  }
}
