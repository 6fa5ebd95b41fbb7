import Foundation
import MosoFormats
import Testing

#if os(Linux)
  import Glibc

  /// `moso chat` at a terminal of its own, driven by keys as a user does.
  @Suite("moso chat at a terminal") struct ChatSessionTests {
    @Test("Messages, commands, Ctrl-C and Ctrl-D do what the help says") func session() async throws {
      let moso = try Moso()
      try Data("[]".utf8).write(to: URL(fileURLWithPath: moso.path("errors.json")))
      let terminal = try Terminal(moso, ["chat", Moso.model, "--max-tokens", "4", "--temperature", "0"])
      let status = try await terminal.process.runToEnd {
        try terminal.expect("Ctrl-D ends.")
        try terminal.type("abc\r")
        try terminal.expect("new prompt tokens in")

        // Settings, wrong ones too.
        try terminal.type("/set temperature 0.5\r")
        try terminal.expect("temperature = 0.5")
        try terminal.type("/set temperature -1\r")
        try terminal.expect("temperature is -1.0, but has to be between 0 and 100")
        try terminal.type("/set seed random\r")
        try terminal.expect("seed = random")
        try terminal.type("/set\r")
        try terminal.expect("repetition_window 64")
        try terminal.type("/set nosuch 1\r")
        try terminal.expect("there is no setting nosuch")

        // The Tab key completes the only command that begins so.
        try terminal.type("/q\t\u{15}/sys\tBe brief.\r")
        try terminal.expect("system: Be brief.")

        // Saving, forgetting and loading.
        try terminal.type("/save\r")
        try terminal.expect("this command is written /save FILE")
        try terminal.type("/save /nowhere/chat.json\r")
        try terminal.expect("/nowhere/chat.json cannot be written: No such file or directory")
        try terminal.type("/save ~/chat.json\r")
        try terminal.expect("saved to ~/chat.json")
        try terminal.type("/reset\r")
        try terminal.expect("the conversation begins anew")
        try terminal.type("/load /nowhere/chat.json\r")
        try terminal.expect("/nowhere/chat.json cannot be read: No such file or directory")
        try terminal.type("/load errors.json\r")
        try terminal.expect("errors.json: ")
        try terminal.type("/load chat.json\r")
        try terminal.expect("3 messages from chat.json")
        try terminal.type("/nosuch\r")
        try terminal.expect("there is no command /nosuch")
        try terminal.type("\u{4}")
      }
      #expect(status == 0)
      let saved = try JSONValue(parsing: moso.contents("chat.json"))
      #expect(saved["messages"]?.arrayValue?.map { $0["role"]?.stringValue } == ["system", "user", "assistant"])
      // What was typed is there for the next chat.
      let history = String(decoding: moso.contents("models/chat-history"), as: UTF8.self)
      #expect(history.contains("/load chat.json"))
    }

    @Test("Ctrl-C stops an answer, and what is typed meanwhile are the next messages, one by one")
    func stopAndTypeAhead() async throws {
      let moso = try Moso()
      // Without a limit the answer goes on until the context is full, and a prompt is read token by token.
      let terminal = try Terminal(moso, ["chat", Moso.model, "--chunk", "1", "--logit-bias", "0=-1000"])
      let status = try await terminal.process.runToEnd {
        try terminal.expect("Ctrl-D ends.")
        try terminal.type("abc\r")
        try terminal.type("/set top_k 3\r/set top_k 4\r")
        try terminal.type("\u{3}")
        try terminal.expectOne(of: ["stopped", "new prompt tokens in"])
        try terminal.expect("top_k = 3")
        try terminal.expect("top_k = 4")
        try terminal.type("\u{4}")
      }
      #expect(status == 0)
    }
  }

  /// A pseudo-terminal: the program has one end as its controlling terminal, the test is the user at the other.
  private final class Terminal {
    struct Silence: Error, CustomStringConvertible {
      var description: String
    }

    let process: Process
    private let controller: Int32
    private let device: FileHandle
    private var unread = ""

    init(_ moso: Moso, _ arguments: [String]) throws {
      var (controller, device): (Int32, Int32) = (-1, -1)
      var size = winsize()
      (size.ws_col, size.ws_row) = (100, 30)
      try #require(openpty(&controller, &device, nil, nil, &size) == 0)
      _ = fcntl(controller, F_SETFL, O_NONBLOCK)
      _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
      self.controller = controller
      self.device = FileHandle(fileDescriptor: device, closeOnDealloc: true)
      // The program gets the terminal as a shell's child has it, so that Ctrl-C is a signal.
      process = moso.process(["/usr/bin/setsid", "--ctty", "--wait", Moso.program] + arguments)
      process.standardInput = self.device
      process.standardOutput = self.device
      process.standardError = self.device
    }

    deinit { close(controller) }

    func type(_ keys: String) throws {
      let bytes = Array(keys.utf8)
      try #require(write(controller, bytes, bytes.count) == bytes.count)
    }

    func expect(_ text: String) throws { try expectOne(of: [text]) }

    /// Reads on until one of the texts has come.
    func expectOne(of texts: [String]) throws {
      var bytes = [UInt8](repeating: 0, count: 4_096)
      for _ in 0..<6_000 {
        let count = read(controller, &bytes, bytes.count)
        if count > 0 {
          unread += String(decoding: bytes[..<count], as: UTF8.self)
          answerQuestions(bytes[..<count])
        }
        if let range = texts.lazy.compactMap({ self.unread.firstRange(of: $0) }).first {
          unread = String(unread[range.upperBound...])
          return
        }
        if count <= 0 { usleep(5_000) }
      }
      throw Silence(description: "\(texts) never came, but \(unread)")
    }

    /// Where is the cursor? A terminal says so; any place will do here.
    private func answerQuestions(_ bytes: ArraySlice<UInt8>) {
      if String(decoding: bytes, as: UTF8.self).contains("\u{1B}[6n") { try? type("\u{1B}[1;1R") }
    }
  }
#endif
