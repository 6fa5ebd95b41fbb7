import Foundation
import Synchronization

@testable import MosoHub

/// A folder of a test's own, which goes when the test ends.
struct Scratch: ~Copyable, Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "moso-hub-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }

  /// A store in the folder, without retries that take long.
  func store(_ hub: FakeHub, token: String? = nil) -> ModelStore {
    ModelStore(folder: path("store"), hub: .quick(hub.endpoint, token: token), environment: [:])
  }
}

extension HubSettings {
  /// Settings that give up soon.
  static func quick(_ endpoint: String, token: String? = nil) -> HubSettings {
    HubSettings(
      endpoint: endpoint, token: token,
      retries: RetryPolicy(attempts: 4, firstPause: .milliseconds(1), longestPause: .milliseconds(4)),
      connectTimeout: .seconds(10), silenceTimeout: .seconds(20))
  }
}

/// Numbers that look random and are the same every time.
func sampleBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}

func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// Every file below a folder, as paths from it.
func filesBelow(_ folder: String) -> [String] {
  let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  var isFolder: ObjCBool = false
  return paths.filter {
    FileManager.default.fileExists(atPath: folder + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue
  }
  .sorted()
}

extension FakeHub.Repository {
  /// A small model in safetensors, with one large file.
  static func safetensors(bytes: Int = 50_000) -> FakeHub.Repository {
    var repository = FakeHub.Repository()
    repository.files["model.safetensors"] = FakeHub.File(bytes: sampleBytes(bytes), isLarge: true)
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"] {
      repository.files[name] = FakeHub.File(bytes: Array("{\"this is\": \"\(name)\"}".utf8), isLarge: false)
    }
    repository.files["README.md"] = FakeHub.File(bytes: Array("# read me".utf8), isLarge: false)
    repository.files["pytorch_model.bin"] = FakeHub.File(bytes: sampleBytes(99), isLarge: true)
    return repository
  }

  /// GGUF files of those names, each with its own content.
  static func gguf(_ names: [String], bytes: Int = 20_000) -> FakeHub.Repository {
    var repository = FakeHub.Repository()
    for (index, name) in names.enumerated() {
      let content = Array("GGUF".utf8) + sampleBytes(bytes, seed: UInt64(index + 1))
      repository.files[name] = FakeHub.File(bytes: content, isLarge: true)
    }
    return repository
  }
}

/// Something that happened or did not, told from any thread.
final class Flag: Sendable {
  private let state = Mutex(false)

  var isSet: Bool { state.withLock { $0 } }

  /// Sets the flag; true for the first who does.
  @discardableResult
  func set() -> Bool {
    state.withLock { was in
      defer { was = true }
      return !was
    }
  }
}
