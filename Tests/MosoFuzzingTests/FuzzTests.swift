import MosoFormats
import Testing

@testable import MosoFuzzing

@Suite("Fuzzing") struct FuzzTests {
  // Each kind in a process of its own: the run limits the memory of the process, and a crash is a failure of the test.

  @Test("Damaged JSON texts are read or refused")
  func json() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.json, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged GGUF files are read or refused")
  func gguf() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.gguf, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged safetensors files are read or refused")
  func safetensors() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.safetensors, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged vocabularies are read or refused")
  func tokenizer() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.tokenizer, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged chat templates are rendered or refused")
  func template() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.template, seed: 1, count: 2_000).mustRefuse(500) }
  }

  @Test("Damaged models are opened or refused")
  func model() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.model, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("Damaged files of a model's folder are read or refused")
  func folder() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.folder, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("Damaged requests, answers and streams of the Messages API are read or refused")
  func messages() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.messages, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("Damaged requests, answers and streams of OpenAI's API are read or refused")
  func openAI() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.openAI, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("Damaged schemas are enforced or refused")
  func schema() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.schema, seed: 1, count: 2_000).mustRefuse(500) }
  }

  @Test("Damaged Parquet files are read or refused")
  func parquet() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.parquet, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("Damaged JSON lines are read or refused")
  func lines() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.lines, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged files of gzip are read or refused")
  func gzip() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.gzip, seed: 1, count: 5_000).mustRefuse(1_000) }
  }

  @Test("Damaged files of Zstandard are read or refused")
  func zstandard() async {
    await #expect(processExitsWith: .success) { try FuzzRun(.zstandard, seed: 1, count: 3_000).mustRefuse(1_000) }
  }

  @Test("The same seed and number make the same file, others make others")
  func determinism() {
    let run = FuzzRun(.gguf, seed: 3, count: 10)
    #expect(run.file(5) == FuzzRun(.gguf, seed: 3, count: 1).file(5))
    #expect(run.file(5) != run.file(6))
    #expect(run.file(5) != FuzzRun(.gguf, seed: 4, count: 10).file(5))
  }

  @Test("A reader that crashes, wastes memory or time, or says nothing is found out")
  func detection() async {
    let seeds = [FuzzSeed([1, 2, 3, 4])]
    let silent = FuzzTarget("silent", seeds: seeds) { (bytes: [UInt8]) throws(Complaint) in
      if bytes.count > 3 && bytes[0] != 1 { throw Complaint(description: "no") }
    }
    #expect(throws: FuzzFailure.self) { try FuzzRun(silent, seed: 1, count: 1_000).run(limitsProcess: false) }
    let slow = FuzzTarget("slow", seeds: seeds) { (bytes: [UInt8]) throws(Complaint) in
      guard bytes != [1, 2, 3, 4] else { return }
      let start = ProcessLimits.processorTime
      while ProcessLimits.processorTime - start < FuzzRun.maximumTime * 1.2 {}
    }
    #expect(throws: FuzzFailure.self) { try FuzzRun(slow, seed: 1, count: 100).run(limitsProcess: false) }
    let picky = FuzzTarget("picky", seeds: seeds) { (_: [UInt8]) throws(Complaint) in
      throw Complaint(description: "nothing is good enough for me")
    }
    #expect(throws: FuzzFailure.self) { try FuzzRun(picky, seed: 1, count: 1).run(limitsProcess: false) }
    await #expect(processExitsWith: .failure) {
      let greedy = FuzzTarget("greedy", seeds: [FuzzSeed([1])]) { (bytes: [UInt8]) throws(Complaint) in
        if bytes.count > 8 {
          var memory = [UInt8](repeating: 0, count: 200 << 20)
          memory[bytes.count] = 1
          if memory[0] == 1 { throw Complaint(description: "never") }
        }
      }
      _ = try FuzzRun(greedy, seed: 1, count: 1_000).run()
    }
  }
}

/// The error of the readers that the tests make up.
private struct Complaint: Error, CustomStringConvertible {
  var description: String
}

extension FuzzRun {
  /// Runs, and sees that at least `count` files were refused: that the mutations do damage.
  fileprivate func mustRefuse(_ minimum: Int) throws {
    let report = try run()
    precondition(report.files == count && (minimum..<count).contains(report.refused), "\(report)")
  }
}

@Suite("Files cut anywhere") struct CutTests {
  /// A template may end anywhere outside its tags, a stream of events anywhere at all, and lines after any of them.
  static let targets = FuzzTarget.all.filter { target in
    ![FuzzTarget.template, .messages, .openAI, .lines, .gzip].contains { $0.name == target.name }
  }

  @Test("A file that ends early is refused wherever it ends, but for what may be left out", arguments: targets)
  func cut(target: FuzzTarget) {
    for seed in target.seeds {
      let bytes = seed.finish(seed.content)
      #expect(target.read(bytes) == nil)
      // The end of a text may be blank, and the padding at the end of a GGUF file may be missing.
      let blanks = bytes.reversed().prefix { $0 == 0 || $0 == 0x20 || $0 == 0x0A }.count
      let accepted = (0..<bytes.count - blanks).filter { target.read(Array(bytes[..<$0])) == nil }
      #expect(accepted.isEmpty, "\(target.name): \(accepted)")
    }
  }
}

extension FuzzTarget: CustomTestStringConvertible {
  package var testDescription: String { name }
}
