import MosoServer
import Synchronization
import Testing

/// The file of keys on the disk, and the table that follows it.
@Suite("KeyFile and KeyTable") struct KeyFileTests {
  private let folder: TemporaryFolder
  private let file: KeyFile

  init() throws {
    folder = try TemporaryFolder()
    file = KeyFile(path: folder.path("moso/deep/keys.json"))
  }

  /// A clock that stands still until it is moved.
  private final class Clock: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
  }

  /// What a table said about its file.
  private final class Remarks: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }

    func add(_ result: Result<KeyFile.Content, KeyFileError>) {
      texts.withLock { texts in
        switch result {
        case .success(let content): texts.append("\(content.list.entries.count) keys")
        case .failure(let error): texts.append(error.description)
        }
      }
    }
  }

  private func add(_ name: String) throws(KeyFileError) -> APIKey {
    try file.update { (list) throws(KeyFileError) in try list.add(name: name) }
  }

  @Test("The first key makes the file and its folders, for their owner only")
  func firstKey() throws {
    let key = try add("alice")
    #expect(try file.read().list.entries.map(\.hash) == [key.hash])
    #expect(try file.read().warnings.isEmpty)
    #expect(try folder.permissions(of: "moso/deep/keys.json") == 0o600)
    #expect(try folder.permissions(of: "moso/deep") == 0o700)
    #expect(try folder.permissions(of: "moso") == 0o700)
    #expect(try !folder.contents(of: "moso/deep/keys.json").contains(key.text.dropFirst(5)))
  }

  @Test("Writers wait for each other, so no key is lost")
  func concurrentWriters() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<16 { group.addTask { _ = try add("key\(number)") } }
      try await group.waitForAll()
    }
    #expect(try Set(file.read().list.entries.map(\.name)).count == 16)
  }

  @Test("A change that fails leaves the file as it was")
  func failedChange() throws {
    _ = try add("alice")
    let before = try folder.contents(of: "moso/deep/keys.json")
    #expect(throws: KeyFileError.nameTaken("alice")) { _ = try add("alice") }
    #expect(try folder.contents(of: "moso/deep/keys.json") == before)
  }

  @Test("A file that is missing says how to make it")
  func missing() {
    let error = #expect(throws: KeyFileError.self) { try file.read() }
    #expect(error == .missing(path: file.path))
    #expect(error?.description.contains("moso keys add") == true)
  }

  @Test("A file others can write to is refused, one they can read is remarked on", arguments: [0o620, 0o602, 0o666])
  func permissions(wide: Int) throws {
    _ = try add("alice")
    try folder.setPermissions(wide, of: "moso/deep/keys.json")
    #expect(throws: KeyFileError.writableByOthers(path: file.path, permissions: wide)) { try file.read() }
    #expect(throws: KeyFileError.writableByOthers(path: file.path, permissions: wide)) { _ = try add("bob") }
    try folder.setPermissions(0o644, of: "moso/deep/keys.json")
    #expect(try file.read().warnings.count == 1)
    #expect(try file.read().warnings[0].contains("chmod 600"))
    _ = try add("bob")
    #expect(try file.read().warnings.isEmpty)
  }

  @Test("What is no file is refused with the system's reason")
  func notAFile() throws {
    let error = #expect(throws: KeyFileError.self) { try KeyFile(path: folder.path).read() }
    #expect(error?.description.hasPrefix("cannot read \(folder.path): ") == true)
  }

  @Test("A link to the file stays a link")
  func link() throws {
    try folder.write("{\"version\": 1, \"keys\": []}", to: "real.json")
    try folder.link("link.json", to: "real.json")
    _ = try KeyFile(path: folder.path("link.json")).update { (list) throws(KeyFileError) in try list.add(name: "a") }
    #expect(try KeyFile(path: folder.path("real.json")).read().list.entries.count == 1)
    #expect(folder.isLink("link.json"))
  }

  @Test(
    "The usual place follows the environment",
    arguments: [
      (["XDG_CONFIG_HOME": "/x", "HOME": "/h"], "/x/moso/keys.json"),
      (["XDG_CONFIG_HOME": "x", "HOME": "/h"], "/h/.config/moso/keys.json"),
      (["XDG_CONFIG_HOME": "", "HOME": "/h"], "/h/.config/moso/keys.json"),
    ])
  func defaultPath(environment: [String: String], path: String) {
    #expect(KeyFile.defaultPath(environment: environment) == path)
  }

  @Test("A key is recognised in either header, whatever the scheme's case")
  func headers() throws {
    var list = KeyList()
    let key = try list.add(name: "alice").text
    let table = KeyTable(list)
    let accepted = KeyTable.Verdict.accepted(list.entries[0])
    #expect(table.lookup(key) == accepted)
    #expect(table.lookup(apiKey: key, authorization: nil) == accepted)
    #expect(table.lookup(apiKey: nil, authorization: "Bearer \(key)") == accepted)
    #expect(table.lookup(apiKey: "", authorization: "bearer  \(key)") == accepted)
    #expect(table.lookup(apiKey: key, authorization: "Bearer other") == accepted)
    #expect(table.lookup(apiKey: "other", authorization: "Bearer \(key)") == .unknown)
    #expect(table.lookup(apiKey: nil, authorization: "Basic \(key)") == nil)
    #expect(table.lookup(apiKey: nil, authorization: key) == nil)
    #expect(table.lookup(apiKey: nil, authorization: nil) == nil)
    #expect(table.lookup(key + " ") == .unknown)
    #expect(table.lookup(key.uppercased()) == .unknown)
    #expect(table.lookup(APIKey.generate().text) == .unknown)
    #expect(table.lookup(list.entries[0].hash.hexadecimal) == .unknown)
  }

  @Test("A change of the file is noticed after a second, and not looked for before")
  func reloading() throws {
    let alice = try add("alice").text
    let clock = Clock()
    let remarks = Remarks()
    let table = try KeyTable(file: file, now: { clock.now }, onReload: { remarks.add($0) })
    let bob = try add("bob").text
    #expect(table.lookup(bob) == .unknown)
    clock.advance(by: .milliseconds(999))
    #expect(table.lookup(bob) == .unknown)
    clock.advance(by: .milliseconds(1))
    #expect(table.lookup(bob) != .unknown)
    #expect(table.count == 2)
    let carol = try add("carol").text
    clock.advance(by: .milliseconds(999))
    #expect(table.lookup(carol) == .unknown)

    let areThere = try file.update { (list) throws(KeyFileError) in
      [list.setDisabled(true, name: "alice"), list.remove(name: "bob")]
    }
    #expect(areThere == [true, true])
    clock.advance(by: .seconds(1))
    #expect(table.lookup(bob) == .unknown)
    guard case .disabled(let entry) = table.lookup(alice) else {
      Issue.record("alice's key was switched off")
      return
    }
    #expect(entry.name == "alice")
    #expect(remarks.all == ["2 keys", "2 keys"])
  }

  @Test("When the file becomes unusable its keys stay in force, and that is said once")
  func damage() throws {
    let key = try add("alice").text
    let clock = Clock()
    let remarks = Remarks()
    let table = try KeyTable(file: file, now: { clock.now }, onReload: { remarks.add($0) })
    try folder.write("{\"version\": 1, \"keys\": [", to: "moso/deep/keys.json")
    for _ in 0..<3 {
      clock.advance(by: .seconds(1))
      #expect(table.lookup(key) != .unknown)
    }
    #expect(remarks.all.count == 1)
    #expect(remarks.all.first?.contains("line 1") == true)
    try folder.remove("moso/deep/keys.json")
    for _ in 0..<2 {
      clock.advance(by: .seconds(1))
      #expect(table.lookup(key) != .unknown)
    }
    #expect(remarks.all.count == 2)
    try folder.write("{\"version\": 1, \"keys\": []}", to: "moso/deep/keys.json")
    clock.advance(by: .seconds(1))
    #expect(table.lookup(key) == .unknown)
    #expect(remarks.all.last == "0 keys")
  }
}
