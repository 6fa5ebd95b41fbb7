import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTemplates
import MosoTokenizers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Templates in the style of each family, which the tests of templates own.
enum Templates {
  private static let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")

  static func named(_ name: String) throws -> ChatTemplate {
    let path = "/\(folder)/MosoTemplatesTests/Fixtures/Templates/\(name).jinja"
    return try ChatTemplate(source: String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self))
  }

  /// All of them.
  static let names = [
    "channels", "chatml", "chatml-thinking", "chatml-tools", "command-r", "deepseek-r1", "gemma", "gemma3",
    "hermes-tools", "llama2", "llama3", "llama31-tools", "mistral-v1", "mistral-v3", "phi3", "phi4", "sections",
  ]

  static func builder(
    _ name: String, isUnchanged: @escaping @Sendable (ThinkingContent) -> Bool = { $0.signature == "signed" }
  ) throws -> PromptBuilder {
    try PromptBuilder(
      template: named(name), tokens: ["bos_token": "<s>", "eos_token": "</s>"], isUnchanged: isUnchanged)
  }
}

/// A repeatable source of random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

let noon = LocalTime(year: 2024, month: 7, day: 26, hour: 12)

extension PromptBuilder {
  func text(_ request: GenerationRequest) throws -> String { try prompt(for: request, now: noon).text }
}
