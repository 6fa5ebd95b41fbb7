import MosoConstraints
import MosoConversation
import MosoPrompting
import MosoTokenizers
import Synchronization

/// The constraints that a model's requests have asked for lately: agents send the same tools with every request.
final class ConstraintStore: Sendable {
  /// What a constraint depends on.
  private struct Key: Hashable, Sendable {
    let tools: [Tool]?
    let choice: ToolChoice?
    let format: OutputFormat?
    let thinking: ThinkingRequest?
    let answerStart: Prompt.AnswerStart
    let isContinued: Bool
  }

  private struct State: Sendable {
    var trie: TokenTrie?
    var kept: [(key: Key, constraint: Constraint)] = []
  }

  private let tokenizer: Tokenizer
  private let state = Mutex(State())
  private static let most = 32

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
    let key = Key(
      tools: request.tools, choice: request.toolChoice, format: request.outputFormat, thinking: request.thinking,
      answerStart: prompt.answerStart, isContinued: prompt.isContinued)
    if let kept = find(key) { return kept }
    do throws(GrammarError) {
      let grammar = try prompt.answerGrammar(for: request, paths: paths, controlToken: controlToken)
      guard let grammar else { return nil }
      let constraint = try Constraint(grammar, trie)
      state.withLock { state in
        state.kept.append((key, constraint))
        if state.kept.count > Self.most { state.kept.removeFirst() }
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
