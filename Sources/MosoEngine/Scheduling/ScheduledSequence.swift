/// A request on its way: its tokens, how many of them are read, and the pages their keys and values are in.
struct ScheduledSequence: Sendable {
  let submission: Submission
  /// The prompt and what was chosen since.
  var tokens: [Int32]
  /// How many tokens are read.
  var readCount = 0
  /// The pages of the tokens in order; the first of them, one for each node of `path`, are in the tree of prefixes.
  var pages: [Int32] = []
  /// The nodes of the pages that are full.
  var path: [PrefixTree.NodeID] = []
  /// How many tokens of the prompt were found read.
  private(set) var reusedCount = 0
  /// How far it had come when it was set aside: to find that again is no saving.
  private var farthestCount = 0
  /// Whether a step that has not come back yet computes something of it.
  var isInStep = false
  var isCancelled = false

  init(_ submission: Submission) {
    self.submission = submission
    tokens = submission.prompt
  }

  var id: RequestID { submission.id }
  var owner: String { submission.owner }

  /// How many tokens are still to be read before the next one can be chosen.
  var unreadCount: Int { tokens.count - readCount }

  /// Whether each step gives it a token: all but the token chosen last is read.
  var isAnswering: Bool { tokens.count > submission.prompt.count && unreadCount == 1 }

  /// Goes on behind `count` tokens that were found read.
  mutating func skip(_ count: Int) {
    let start = max(readCount, farthestCount)
    readCount += count
    reusedCount += max(min(readCount, submission.prompt.count) - start, 0)
  }

  /// Forgets the pages, to begin again.
  mutating func setAside() {
    farthestCount = max(farthestCount, readCount)
    pages = []
    path = []
    readCount = 0
  }

  /// Whether pages that others have filled serve as well: not where every token's scores or states are wanted.
  var mayReuse: Bool {
    switch submission.wanted {
    case .answer, .nothing: true
    case .everyScore, .hiddenStates: tokens.count > submission.prompt.count
    }
  }
}
