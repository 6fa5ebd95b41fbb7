import Foundation
import Testing

@testable import MosoTerminal

@Suite struct HistoryTests {
  private let folder = NSTemporaryDirectory() + "moso-history-\(UUID().uuidString)"

  private func withFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func anEntryIsRememberedOnceAndTheOldestGo() {
    var history = LineHistory(["a", "b", "a", " ", "c"], maximumCount: 3)
    #expect(history.entries == ["b", "a", "c"])
    history.add("a")
    #expect(history.entries == ["b", "c", "a"])
    history.add("d")
    history.add("\n ")
    #expect(history.entries == ["c", "a", "d"])
    var small = LineHistory(maximumBytes: 10)
    for entry in ["12345", "6789", "abcd"] { small.add(entry) }
    #expect(small.entries == ["6789", "abcd"])
    small.add(String(repeating: "x", count: LineHistory.longestEntry + 1))
    #expect(small.entries == ["6789", "abcd"])
  }

  @Test(arguments: ["plain", "two\nlines", "back\\slash\\n", "\\", "tab\t\r\u{1B}[A", "漢字 👩\u{200D}💻", "\n\n"])
  func anEntrySurvivesTheFile(_ entry: String) {
    #expect(HistoryFile.unescape(HistoryFile.escape(entry)) == entry)
    #expect(!HistoryFile.escape(entry).contains("\n"))
  }

  @Test func theFileIsPrivateBoundedAndWhole() throws {
    try withFolder { folder in
      let path = folder + "/deep/er/history"
      let file = HistoryFile(path: path, maximumCount: 5)
      for index in 0..<12 { try file.add("entry \(index)\nsecond line") }
      try file.add("entry 9\nsecond line")
      #expect(try file.load().entries == [7, 8, 10, 11, 9].map { "entry \($0)\nsecond line" })
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let folderAttributes = try FileManager.default.attributesOfItem(atPath: folder + "/deep/er")
      #expect(folderAttributes[.posixPermissions] as? Int == 0o700)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/deep/er") == ["history"])
    }
  }

  @Test func sessionsSideBySideLoseNothing() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = HistoryFile(path: folder + "/history")
    let sessions = (0..<4).map { session in
      Background { for index in 0..<10 { try file.add("session \(session) entry \(index)") } }
    }
    for session in sessions { try session.value() }
    #expect(try file.load().entries.count == 40)
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func aLinkIsFollowedAndSomethingElseThanAFileLeftAlone() throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
      try Data("old\n".utf8).write(to: URL(fileURLWithPath: folder + "/real"))
      try HistoryFile(path: folder + "/link").add("new")
      #expect(try String(contentsOfFile: folder + "/real", encoding: .utf8) == "old\nnew\n")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == folder + "/real")
      let null = HistoryFile(path: "/dev/null")
      #expect(try null.load().entries == [])
      try #require(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(try HistoryFile(path: folder + "/pipe").load().entries == [])
    }
  }

  @Test func aHugeOrBrokenFileIsReadWithinBounds() throws {
    try withFolder { folder in
      let path = folder + "/history"
      var bytes = Data(repeating: UInt8(ascii: "x"), count: 3_000_000)
      bytes.append(contentsOf: [0x0A, 0xFF, 0xFE, 0x0A])
      bytes.append(Data("\\n\\q\\\nlast\\".utf8))
      try bytes.write(to: URL(fileURLWithPath: path))
      let entries = try HistoryFile(path: path).load().entries
      #expect(entries == ["\u{FFFD}\u{FFFD}", "\nq", "last"])
    }
  }

  @Test func whatCannotBeReadOrWrittenIsSaid() throws {
    try withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      let error = #expect(throws: HistoryError.self) { try HistoryFile(path: folder + "/file/history").add("x") }
      #expect(error?.description.hasPrefix("the history file \(folder)/file/history could not be written (") == true)
    }
  }

  @Test func pathsAreCompleted() throws {
    try withFolder { folder in
      for name in ["model.gguf", "model two.txt", ".hidden", "漢字", "bad\u{1B}name"] {
        try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: false)
      let commands = CommandCompletion([("/load", .path)])
      func texts(_ typed: String) -> [String] {
        commands.complete("/load \(typed)").candidates.map { String($0.text.dropFirst(folder.count)) }
      }
      #expect(texts(folder + "/mo") == ["/model two.txt", "/model.gguf", "/models/"])
      #expect(texts(folder + "/") == ["/model two.txt", "/model.gguf", "/models/", "/漢字"])
      #expect(texts(folder + "/.h") == ["/.hidden"])
      #expect(texts(folder + "/nothing/") == [])
      #expect(commands.complete("/load \(folder)/model t").replacedCount == folder.count + 8)
    }
  }
}
