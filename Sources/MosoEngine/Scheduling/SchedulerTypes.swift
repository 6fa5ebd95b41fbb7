/// Names one request within an engine, in the order of arrival.
typealias RequestID = UInt64

/// How much a scheduler lets happen at once.
struct SchedulerLimits: Sendable {
  /// How many pages of keys and values there are.
  var pages: Int
  /// Positions in a page.
  var pageLength: Int
  /// How many sequences are read or written at a time.
  var running: Int
  /// How many more may wait; the next is refused.
  var waiting: Int
  /// The most tokens of prompts that one step reads while nobody waits for the next token of an answer.
  var promptTokens: Int
  /// The same while somebody does: a step takes as long as what it reads, and that is the gap between two tokens.
  var promptTokensBesideAnswers: Int

  /// The most tokens of one prompt in a step whose every score is wanted.
  var scoredTokens = 64
  /// How many tokens a prompt must share with a page, beyond the pages it shares as a whole, to have the page copied. To copy
  /// one takes less time than to read a single token, but it is a page that others could have kept.
  var copiedTokens = 8

  init(
    pages: Int, pageLength: Int, running: Int = 16, waiting: Int = 256, promptTokens: Int = 512,
    promptTokensBesideAnswers: Int = 128
  ) {
    self.pages = pages
    self.pageLength = pageLength
    self.running = running
    self.waiting = waiting
    self.promptTokens = promptTokens
    self.promptTokensBesideAnswers = promptTokensBesideAnswers
  }
}

/// A request as the scheduler sees it: whose it is, its tokens, and what is wanted of them.
struct Submission: Sendable {
  /// What is computed from the prompt.
  enum Wanted: Sendable {
    /// The scores after the last token: the beginning of an answer.
    case answer
    /// The scores after every token, for the probabilities of the prompt itself.
    case everyScore
    /// The hidden state of every token, for an embedding.
    case hiddenStates
    /// Nothing but the prompt's keys and values in the cache.
    case nothing
  }

  let id: RequestID
  let owner: String
  let prompt: [Int32]
  let wanted: Wanted
}

/// What one forward pass computes.
struct Step: Sendable, Equatable {
  /// Consecutive tokens of one request.
  struct Work: Sendable, Equatable {
    let id: RequestID
    let tokens: [Int32]
    let firstPosition: Int
    /// Where the keys and values of the sequence are, those of `tokens` included.
    let pages: [Int32]
    /// The offsets within `tokens` whose scores are wanted.
    let outputs: Range<Int>
  }

  /// A page that is copied to another.
  struct Copy: Sendable, Equatable {
    let from: Int32
    let to: Int32
  }

  /// What is copied, in this order, before anything is computed.
  var copies: [Copy] = []
  var works: [Work] = []
  /// Whether the hidden states of every token are wanted instead of scores.
  var wantsHiddenStates = false
}

/// What became of a request in a step.
enum StepOutcome: Sendable, Equatable {
  /// Another token was chosen, to be read in the next step.
  case token(Int32)
  /// The request is over.
  case ended
}
