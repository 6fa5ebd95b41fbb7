import Foundation
import Testing

@testable import MosoHub

@Suite("Naming a model") struct ModelReferenceTests {
  @Test("The default model is known by its names, in any case", arguments: ["smollm2", "SmolLM2", "smollm2:135m"])
  func wellKnown(text: String) throws {
    #expect(try ModelReference(text) == .wellKnown(.smollm2))
    #expect(try ModelReference(text).description == "smollm2")
  }

  @Test("Repositories, revisions, quantisations and files are told apart")
  func hub() throws {
    func parsed(_ text: String) throws -> HubReference? {
      if case .hub(let reference) = try ModelReference(text) { reference } else { nil }
    }
    #expect(try parsed("hf:a/b") == HubReference(owner: "a", name: "b"))
    #expect(try parsed("HF:a/b@main") == HubReference(owner: "a", name: "b"))
    #expect(
      try parsed("hf:Qwen/Qwen3-0.6B-GGUF:q4_k_m")
        == HubReference(owner: "Qwen", name: "Qwen3-0.6B-GGUF", selection: .quantisation("Q4_K_M")))
    #expect(
      try parsed("hf:a/b@refs/pr/3:sub/x-Q8_0.gguf")
        == HubReference(owner: "a", name: "b", revision: "refs/pr/3", selection: .file("sub/x-Q8_0.gguf")))
    #expect(
      try parsed("hf:a/b:model.safetensors")
        == HubReference(owner: "a", name: "b", selection: .file("model.safetensors")))
  }

  @Test(
    "The canonical spelling is read back as the same reference",
    arguments: ["smollm2", "hf:a/b", "hf:a/b@v1", "hf:a/b:Q4_0", "hf:a/b@v1:c/d.gguf", "/models/x.gguf"])
  func roundTrip(text: String) throws {
    #expect(try ModelReference(text).description == text)
  }

  @Test("Paths are paths, whether or not something is there")
  func paths() throws {
    for text in ["/x", "./x", "../x", ".", "..", "x.gguf", "a/b/c", "dir/x.safetensors"] {
      #expect(try ModelReference(text) == .local(path: text))
    }
    #expect(try ModelReference("~/x") == .local(path: CacheLocation.homeFolder() + "/x"))
    let scratch = try Scratch()
    #expect(try ModelReference(scratch.path) == .local(path: scratch.path))
  }

  @Test("What cannot be a model is refused with what may have been meant")
  func suggestions() {
    func message(_ text: String) -> String {
      do {
        return "\(try ModelReference(text))"
      } catch {
        return "\(error)"
      }
    }
    #expect(message("smolm2") == "no model or file is called \"smolm2\"; did you mean smollm2?")
    #expect(
      message("smollm2-135M-instrct") == "no model or file is called \"smollm2-135M-instrct\"; did you mean smollm2?")
    #expect(
      message("Qwen/Qwen3-0.6B") == "no model or file is called \"Qwen/Qwen3-0.6B\"; did you mean hf:Qwen/Qwen3-0.6B?")
    #expect(message("a/b:q8_0") == "no model or file is called \"a/b:q8_0\"; did you mean hf:a/b:Q8_0?")
    #expect(
      message("https://huggingface.co/a/b/blob/main/c/x.gguf?download=true")
        == "\"https://huggingface.co/a/b/blob/main/c/x.gguf?download=true\" is an address, where a model's name was "
        + "expected; write hf:a/b:c/x.gguf")
    #expect(message("hf://hf.co/a/b/tree/main").hasSuffix("write hf:a/b"))
    #expect(message("huggingface.co/a/b").hasSuffix("write hf:a/b"))
    #expect(message("https://example.org/x.gguf").contains("download the file and give its path"))
    #expect(message("gpt-5").hasPrefix("no model or file is called \"gpt-5\"; write smollm2, hf:owner/name"))
    #expect(
      message("")
        == "no model was named; write smollm2, hf:owner/name, hf:owner/name:Q4_K_M or a path to a .gguf file or a model folder"
    )
    #expect(message("hf:gpt2").contains("should name a repository as hf:owner/name"))
    #expect(message("hf:a/b/c").contains("should name a repository as hf:owner/name"))
    #expect(message("hf:a/b@").contains("branch, tag or commit after the @"))
    #expect(message("hf:a/b@../x").contains("branch, tag or commit after the @"))
    #expect(message("hf:a/b:").contains("a file or a quantisation"))
    #expect(message("hf:a/b:../x.gguf").contains("a file or a quantisation"))
    #expect(
      message("x\u{1B}[31m")
        == "no model or file is called \"x?[31m\"; write smollm2, hf:owner/name, hf:owner/name:Q4_K_M or a path to a .gguf file or a model folder"
    )
  }

  @Test(
    "Names that no hub has are refused",
    arguments: ["hf:-a/b", "hf:a/.b", "hf:a/b--c", "hf:a/b..c", "hf:a b/c", "hf:a/ü", "hf:/b", "hf:a/", "hf:"])
  func badNames(text: String) {
    #expect(throws: ModelReferenceError.self) { try ModelReference(text) }
  }

  @Test("Every text is either a reference or an error") func anything() {
    let letters = Array("hf:/@.~-smol2 gguf\u{0}\u{1B}é🙂:")
    for seed in 1...2_000 {
      let text = String(sampleBytes(seed % 24, seed: UInt64(seed)).map { letters[Int($0) % letters.count] })
      if let reference = try? ModelReference(text), case .hub(let hub) = reference {
        #expect((try? ModelReference(hub.description)) == reference, "\(text)")
      }
    }
  }
}
