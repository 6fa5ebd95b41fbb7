import MosoConstraints
import MosoConversation
import MosoFormats
import MosoPrompting
import MosoTokenizers
import Synchronization

/// The constraints that a model's requests have asked for lately: agents send the same tools with every request.
final class ConstraintStore: Sendable {
  /// What a constraint depends on.
  private struct Key: Hashable, Sendable {
    /// The names and schemas of the tools that may be called, and the form of the answer, as JSON: two spellings of a letter
    /// are two texts.
    let schemas: [UInt8]
    let choice: ToolChoice.Kind?
    let isParallel: Bool?
    let thinking: ThinkingRequest.Mode?
    let answerStart: Prompt.AnswerStart
    let isContinued: Bool

    init(_ request: GenerationRequest, _ prompt: Prompt) {
      let shown = Set(prompt.tools.map(\.name))
      let tools = (request.tools ?? []).filter { $0.isDeferred != true && shown.contains($0.name) }
      let format: JSONValue =
        switch request.outputFormat {
        case nil, .text: nil
        case .jsonObject: "object"
        case .jsonSchema(let schema, _, _, _): [schema]
        }
      schemas = JSONValue.array([format] + tools.map { [.string($0.name), $0.inputSchema ?? .null] }).serializedBytes()
      choice = request.toolChoice?.kind
      isParallel = request.toolChoice?.allowsParallelUse
      thinking = request.thinking?.mode
      answerStart = prompt.answerStart
      isContinued = prompt.isContinued
    }
  }

  private struct State: Sendable {
    var trie: TokenTrie?
    var kept: [(key: Key, constraint: Constraint)] = []
  }

  private let tokenizer: Tokenizer
  private let state = Mutex(State())
  /// What is kept may take so many bytes, with the masks that have been made; what was used last is kept in any case.
  private static let mostBytes = 128 << 20

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// What the answer to a request has to look like; `nil` for anything.
  ///
  /// - Throws: `RequestError` that names the place of whatever cannot be enforced.
  func constraint(
    for request: GenerationRequest, _ prompt: Prompt, paths: SchemaPaths, controlToken: (String) -> Int32?
  ) throws(RequestError) -> Constraint? {
    guard request.tools?.isEmpty == false || request.outputFormat != nil || request.toolChoice != nil else {
      return nil
    }
    let key = Key(request, prompt)
    if let kept = find(key) { return kept }
    do throws(GrammarError) {
      let grammar = try prompt.answerGrammar(for: request, paths: paths, controlToken: controlToken)
      guard let grammar else { return nil }
      let constraint = try Constraint(grammar, trie)
      state.withLock { state in
        state.kept.append((key, constraint))
        // Masks are made while answers are written, so all of them are counted anew.
        var bytes = state.kept.reduce(0) { $0 + $1.key.schemas.count + $1.constraint.memory }
        while bytes > Self.mostBytes, state.kept.count > 1 {
          let oldest = state.kept.removeFirst()
          bytes -= oldest.key.schemas.count + oldest.constraint.memory
        }
      }
      return constraint
    } catch {
      throw RequestError(.invalidRequest, "\(error)", field: error.path)
    }
  }

  private func find(_ key: Key) -> Constraint? {
    state.withLock { state in
      guard let index = state.kept.firstIndex(where: { $0.key == key }) else { return nil }
      // What was used last is dropped last.
      let entry = state.kept.remove(at: index)
      state.kept.append(entry)
      return entry.constraint
    }
  }

  /// The vocabulary as a tree, made when it is first needed.
  private var trie: TokenTrie {
    if let trie = state.withLock({ $0.trie }) { return trie }
    let made = TokenTrie(tokenizer)
    return state.withLock { state in
      if state.trie == nil { state.trie = made }
      return state.trie ?? made
    }
  }
}
