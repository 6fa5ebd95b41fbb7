import FoundationEssentials
import Moso
import MosoConversation
import MosoEngine
import MosoFormats
import MosoHub
import MosoTerminal

/// The loop of `moso chat`: reads messages, prints answers, carries out commands.
struct ChatTerminal {
  private let chat: Chat
  private var options: GenerationOptions
  private var editor: LineEditor
  private let interrupts: InterruptSource
  private let output = TerminalCapabilities.standardOutput
  private let isInteractive: Bool

  init(chat: Chat, options: GenerationOptions) throws {
    self.chat = chat
    self.options = options
    let folder = ModelStore.default.folder
    editor = LineEditor(historyFile: HistoryFile(path: folder + "/chat-history"))
    interrupts = try InterruptSource()
    isInteractive = editor.isInteractive
  }

  mutating func run() async throws {
    if isInteractive {
      let name = HarmlessText.line(chat.model.name)
      note("\(name), context of \(chat.session.contextLength) tokens. /help lists the commands, Ctrl-D ends.")
    }
    while case .message(let text) = try editor.read(Prompt(isInteractive ? "> " : "")) {
      interrupts.take()
      let line = text.trimmed
      if line.isEmpty { continue }
      if line.hasPrefix("/") && isInteractive {
        if try await carryOut(ChatInstruction(line)) { return }
      } else {
        await answer(text)
      }
    }
  }

  // MARK: Answers

  private func answer(_ text: String) async {
    var printer = AnswerPrinter(to: output)
    do {
      var wasStopped = false
      for try await piece in chat.respond(to: text) {
        if interrupts.take() {
          wasStopped = true
          break
        }
        try printer.print(piece)
      }
      try printer.finish()
      if !isInteractive { StandardOutput.write("\n") }
      if wasStopped { return note("stopped") }
      if isInteractive, let summary = await chat.lastSummary { note(Self.line(about: summary)) }
    } catch {
      try? printer.finish()
      StandardError.write("\(error)\n")
    }
  }

  private static func line(about summary: GenerationSummary) -> String {
    var line = "\(summary.generatedTokens) tokens, \(QuantityFormat.fixed(summary.tokensPerSecond, digits: 1)) tokens/s"
    let seconds = QuantityFormat.fixed(summary.prefillTime / .seconds(1), digits: 2)
    line += ", \(summary.promptTokens - summary.cachedTokens) new prompt tokens in \(seconds) s"
    switch summary.stopReason {
    case .maximumTokens: line += "; cut at the most tokens asked for"
    case .contextFull: line += "; the context is full: /reset begins anew"
    case .endOfTurn, .stopString, .toolUse, .cancelled: break
    }
    return line
  }

  /// A remark on standard error, set off from the conversation.
  private func note(_ text: String) {
    let terminal = TerminalCapabilities.standardError
    StandardError.write(terminal.styled(text, .dim) + "\n")
  }

  // MARK: Commands

  /// Carries out a command; returns whether the chat is over.
  private mutating func carryOut(_ instruction: ChatInstruction) async throws -> Bool {
    do {
      switch instruction {
      case .help: StandardOutput.write(ChatInstruction.helpText)
      case .quit: return true
      case .reset:
        await chat.reset()
        note("the conversation begins anew")
      case .system(let text):
        if let text { await chat.setSystem(text) }
        note("system: " + (await chat.conversation.system.map { HarmlessText.line($0) } ?? "none"))
      case .set(nil): StandardOutput.write(options.settings)
      case .set(let setting?):
        try options.change(setting)
        await chat.setOptions(options)
        note("\(setting.name) = \(setting.value)")
      case .save(let path):
        let json = await chat.conversation.json.serialized(indentation: 2)
        try Data((json + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
        note("saved to \(HarmlessText.line(path))")
      case .load(let path):
        let bytes = try InputFile.bytes(of: path)
        await chat.restore(try Conversation(json: try .init(parsing: bytes)))
        note("\(await chat.conversation.messages.count) messages from \(HarmlessText.line(path))")
      case .unknown(let word):
        note("there is no command \(HarmlessText.line(word)); /help lists them")
      }
    } catch {
      StandardError.write("\(error)\n")
    }
    return false
  }
}

extension Conversation {
  /// The system prompt, if there is one.
  var system: String? { messages.first { $0.role == .system }?.text }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
