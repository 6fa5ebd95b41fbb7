/// The markers that a model's answers may hold.
struct AnswerMarkers: Sendable {
  /// What a marker says.
  enum Meaning: Sendable, Hashable {
    case thinkingBegins, thinkingEnds, callsBegin
    /// The header of a message on a channel begins.
    case headerBegins
    /// A message on a channel ends, thoughts included.
    case messageEnds
    /// The last message on a channel ends.
    case answerEnds
  }

  /// How bytes compare with the markers.
  enum Match: Sendable, Hashable {
    case none
    /// They may be the beginning of one.
    case beginning
    case whole(Meaning)
  }

  private struct Marker {
    var bytes: [UInt8]
    var meaning: Meaning
    /// Whether it counts only as a control token.
    var isControlOnly: Bool
  }

  private let markers: [Marker]

  /// The markers of a model.
  ///
  /// - Parameter controlTokens: Those that count only as control tokens, because the tokenizer has them as such.
  init(thinking: ThinkingFormat, callOpening: String?, hasChannels: Bool, controlTokens: Set<String>) {
    var list: [(String, Meaning)] = []
    if let callOpening { list.append((callOpening, .callsBegin)) }
    if !hasChannels {
      list += [(thinking.opening, .thinkingBegins), (thinking.closing, .thinkingEnds)]
    } else {
      // Thoughts have a channel of their own.
      list += [("<|channel|>", .headerBegins), ("<|start|>", .headerBegins)]
      list += [("<|end|>", .messageEnds), ("<|return|>", .answerEnds), ("<|call|>", .answerEnds)]
    }
    markers = list.map { text, meaning in
      Marker(bytes: Array(text.utf8), meaning: meaning, isControlOnly: controlTokens.contains(text))
    }
  }

  /// Compares bytes of text with the markers that may come next.
  func match(_ bytes: [UInt8], isThinking: Bool, isSaying: Bool) -> Match {
    var match = Match.none
    for marker in markers
    where !marker.isControlOnly && isPossible(marker.meaning, isThinking: isThinking, isSaying: isSaying) {
      guard marker.bytes.starts(with: bytes) else { continue }
      if marker.bytes.count == bytes.count { return .whole(marker.meaning) }
      match = .beginning
    }
    return match
  }

  /// What a control token says; `nil` when it says nothing here.
  func meaning(ofControl bytes: [UInt8], isThinking: Bool) -> Meaning? {
    markers.first { $0.bytes == bytes && isPossible($0.meaning, isThinking: isThinking, isSaying: false) }?.meaning
  }

  private func isPossible(_ meaning: Meaning, isThinking: Bool, isSaying: Bool) -> Bool {
    switch meaning {
    // Some models open their thoughts once more where the prompt has done so; in the midst of a text it is a quotation.
    case .thinkingBegins: !isSaying
    case .thinkingEnds: isThinking
    case .callsBegin, .headerBegins, .answerEnds: !isThinking
    case .messageEnds: true
    }
  }
}
