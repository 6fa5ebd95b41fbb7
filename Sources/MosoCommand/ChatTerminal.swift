import Moso
import MosoConversation
import MosoEngine
import MosoFormats
import MosoHub
import MosoTerminal

/// The loop of `moso chat`: reads messages, prints answers, carries out commands.
struct ChatTerminal {
  private let chat: Chat
  private var editor: LineEditor
  /// Only where somebody sits at a keyboard; elsewhere Ctrl-C ends the program, as it does any other.
  private let interrupts: InterruptSource?
  private let output = TerminalCapabilities.standardOutput

  init(chat: Chat) throws {
    self.chat = chat
    editor = LineEditor(
      historyFile: HistoryFile(path: ModelStore.default.folder + "/chat-history"),
      configuration: .init(completer: { ChatInstruction.completion.complete($0) }))
    interrupts = editor.isInteractive ? try InterruptSource() : nil
  }

  /// Reads until there is no more; returns whether every message had its answer.
  mutating func run() async throws -> Bool {
    if interrupts != nil {
      let name = HarmlessText.line(chat.model.name)
      note("\(name), context of \(chat.session.contextLength) tokens. /help lists the commands, Ctrl-D ends.")
    }
    if let failure = editor.historyFailure { note("\(failure)") }
    var isWhole = true
    while case .message(let text) = try editor.read(Prompt(interrupts == nil ? "" : "> ")) {
      interrupts?.take()
      let line = text.trimmed
      if line.isEmpty { continue }
      guard let interrupts else {
        isWhole = await answer(text) && isWhole
        continue
      }
      if line.hasPrefix("/") {
        if await carryOut(ChatInstruction(line)) { break }
      } else {
        await answer(text, until: interrupts)
      }
    }
    return isWhole
  }

  // MARK: Answers

  /// Answers a message in a pipe; returns whether that went well.
  private func answer(_ text: String) async -> Bool {
    do {
      try await print(chat.respond(to: text))
      return true
    } catch {
      StandardError.writeLine("\(error)")
      return false
    }
  }

  /// Answers a message at a terminal, until the end or until Ctrl-C.
  private func answer(_ text: String, until interrupts: InterruptSource) async {
    do {
      // Nothing is echoed meanwhile: what is typed is the next message and no part of this answer.
      let quiet = try RawMode(.quiet)
      let answer = chat.respond(to: text)
      let presses = try interrupts.interrupts()
      let watcher = Task { [chat] in for await _ in presses { chat.stop() } }
      defer { watcher.cancel() }
      // One that came before anybody watched.
      if interrupts.take() { chat.stop() }
      try await print(answer)
      quiet.restore()
      if let summary = chat.lastSummary { note(Self.line(about: summary)) }
    } catch {
      StandardError.writeLine("\(error)")
    }
  }

  private func print(_ answer: AsyncThrowingStream<String, any Error>) async throws {
    var printer = AnswerPrinter(to: output)
    do {
      for try await piece in answer { try printer.print(piece) }
    } catch {
      try? printer.finish()
      throw error
    }
    try printer.finish()
    if !output.isTerminal { StandardOutput.write("\n") }
  }

  /// How an answer ended, how fast it came, and what the prompt cost.
  static func line(about summary: GenerationSummary) -> String {
    let newTokens = summary.promptTokens - summary.cachedTokens
    if summary.stopReason == .cancelled && summary.generatedTokens == 0 {
      return "stopped before the first word; the message is not part of the conversation"
    }
    let speed = QuantityFormat.fixed(summary.tokensPerSecond, digits: 1)
    let seconds = QuantityFormat.fixed(summary.prefillTime / .seconds(1), digits: 2)
    let tokens = summary.generatedTokens == 1 ? "1 token" : "\(summary.generatedTokens) tokens, \(speed) tokens/s"
    let prompt = newTokens == 1 ? "1 new prompt token" : "\(newTokens) new prompt tokens"
    let line = "\(tokens), \(prompt) in \(seconds) s"
    return switch summary.stopReason {
    case .maximumTokens: line + "; cut at the most tokens asked for"
    case .contextFull: line + "; the context is full: /reset begins anew"
    case .cancelled: "stopped; " + line
    case .endOfTurn, .stopString, .toolUse, .refusal: line
    }
  }

  /// A remark on standard error, set off from the conversation.
  private func note(_ text: String) {
    let terminal = TerminalCapabilities.standardError
    StandardError.write(terminal.styled(HarmlessText.line(text), .dim) + "\n")
  }

  // MARK: Commands

  /// Carries out a command; returns whether the chat is over.
  private func carryOut(_ instruction: ChatInstruction) async -> Bool {
    do {
      switch instruction {
      case .help: StandardOutput.write(ChatInstruction.helpText)
      case .quit: return true
      case .reset:
        chat.reset()
        note("the conversation begins anew")
      case .system(let text):
        if let text { chat.setSystem(text) }
        note("system: " + (chat.conversation.system ?? "none"))
      case .show(let name): StandardOutput.writeHarmlessly(try ChatSettings.text(chat.options, only: name))
      case .set(let setting):
        chat.options = try ChatSettings.changed(chat.options, setting)
        note("\(setting.name) = \(ChatSettings.value(of: setting.name, in: chat.options) ?? "")")
      case .save(let path):
        let json = chat.conversation.json.serialized(indentation: 2)
        try OutputFile.write(Array((json + "\n").utf8), to: path)
        note("saved to \(path)")
      case .load(let path):
        chat.restore(try Self.conversation(in: path))
        let count = chat.conversation.messages.count
        note("\(count) \(count == 1 ? "message" : "messages") from \(path)")
      case .incomplete(let form): note("this command is written \(form)")
      case .unknown(let word): note("there is no command \(word); /help lists them")
      }
    } catch {
      StandardError.writeLine("\(error)")
    }
    return false
  }

  private static func conversation(in path: String) throws -> Conversation {
    let bytes = try InputFile.bytes(of: path)
    do {
      return try Conversation(json: try JSONValue(parsing: bytes))
    } catch {
      throw NamedFileError.unexpected(path: path, reason: "\(error)")
    }
  }
}

extension Conversation {
  /// The system prompt, if there is one.
  var system: String? { messages.first { $0.role == .system }?.text }
}
