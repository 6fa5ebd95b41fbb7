import MosoConstraints
import MosoConversation
import MosoTokenizers

/// One answer on its way: chooses tokens, turns them into text, and notices when it is over.
struct Answer {
  private let tokenizer: Tokenizer
  private let options: GenerationOptions
  private var sampler: Sampler
  private var detokenizer: StreamingDetokenizer
  private var matcher: StopMatcher
  private var constraint: ConstraintMatcher?
  private var thoughts: ThoughtTimer?
  private var count = 0
  private(set) var stopReason: StopReason?
  /// How long it took to find out which tokens the constraint allows, of the token chosen last.
  private(set) var maskTime: Duration?
  var decodeStart: ContinuousClock.Instant?

  init(_ tokenizer: Tokenizer, _ options: GenerationOptions, prompt: [Int32]) {
    self.tokenizer = tokenizer
    self.options = options
    sampler = Sampler(options.sampling, prompt: prompt, reportedAlternatives: options.reportedAlternatives)
    detokenizer = StreamingDetokenizer(tokenizer, continuesText: true)
    matcher = StopMatcher(options.stopStrings)
    constraint = options.constraint.map { ConstraintMatcher($0) }
    thoughts = options.thoughtBudget.map { ThoughtTimer($0) }
  }

  mutating func next(from scores: Span<Float>) throws(SamplingError) -> GeneratedToken {
    let sampled: SampledToken
    if let forced = thoughts?.nextForced() {
      sampled = try sampler.take(forced, from: scores)
      constraint?.accept(sampled.token)
    } else if constraint != nil {
      sampled = try nextConstrained(from: scores)
    } else {
      sampled = try sampler.next(from: scores)
    }
    count += 1
    if thoughts != nil {
      let bytes = spelling(of: sampled.token)
      thoughts?.append(bytes)
    }
    if tokenizer.endOfGeneration.contains(sampled.token) && !options.ignoresEndOfGeneration {
      stopReason = .endOfTurn
      return GeneratedToken(sampled: sampled, text: "")
    }
    var (text, stop) = matcher.append(detokenizer.append(sampled.token))
    // Whoever reads the answer puts a control token behind all text before it.
    if stop == nil, tokenizer.isControl(sampled.token) { (text, stop) = release(text) }
    if let stop {
      stopReason = .stopString(stop)
    } else if constraint?.mustEnd == true {
      stopReason = .endOfTurn
    } else if let most = options.maximumTokens, count >= most {
      stopReason = .maximumTokens
    }
    return GeneratedToken(sampled: sampled, text: text)
  }

  /// Chooses among the tokens that the constraint allows.
  private mutating func nextConstrained(from scores: Span<Float>) throws(SamplingError) -> SampledToken {
    let begin = ContinuousClock.now
    var mask = constraint?.allowed()
    maskTime = ContinuousClock.now - begin
    while true {
      var attempt = sampler
      let sampled = try attempt.next(from: scores, allowing: mask)
      // A mask and what follows a text each give up ways of reading it where there are very many, and not the same ones.
      guard constraint?.accept(sampled.token) == false else {
        sampler = attempt
        return sampled
      }
      mask?.remove(sampled.token)
    }
  }

  /// `text` and what was held back behind it.
  private mutating func release(_ text: String) -> (text: String, stop: String?) {
    let (rest, stop) = matcher.append(detokenizer.finish())
    return (text + rest + (stop == nil ? matcher.finish() : ""), stop)
  }

  /// What a token writes; of a control token, what it is called.
  private func spelling(of token: Int32) -> [UInt8] {
    tokenizer.isControl(token) ? tokenizer.piece(of: token).map { Array($0.utf8) } ?? [] : tokenizer.bytes(of: token)
  }

  /// The text still held back.
  mutating func finish() -> String {
    if case .stopString = stopReason { return "" }
    let (text, _) = matcher.append(detokenizer.finish())
    return text + matcher.finish()
  }

  func summary(
    _ reason: StopReason, _ prompt: Int, _ cached: Int, start: ContinuousClock.Instant
  ) -> GenerationSummary {
    let now = ContinuousClock.now
    let decodeStart = decodeStart ?? now
    return GenerationSummary(
      stopReason: reason, promptTokens: prompt, cachedTokens: cached, generatedTokens: count,
      prefillTime: decodeStart - start, decodeTime: now - decodeStart)
  }
}
