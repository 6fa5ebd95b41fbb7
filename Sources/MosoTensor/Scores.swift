import CMosoKernels

/// A row of scores over a vocabulary, as sampling works on it.
@safe
public struct Scores: Sendable {
  /// One score per token.
  public private(set) var values: [Float]

  public init(_ row: Span<Float>) {
    values = unsafe row.withUnsafeBufferPointer { unsafe Array($0) }
  }

  public var count: Int { values.count }

  public subscript(token: Int) -> Float {
    get { values[token] }
    set { values[token] = newValue }
  }

  /// The token with the highest score, the first among equals; `nil` when no score is above -∞ or one is +∞.
  public var best: Int? { Self.best(of: values.span) }

  /// The same of a row that need not be copied for it.
  public static func best(of row: Span<Float>) -> Int? {
    let best = unsafe row.withUnsafeBufferPointer { buffer -> Int in
      guard let base = buffer.baseAddress else { return -1 }
      return Int(unsafe mk_argmax(base, buffer.count))
    }
    return best >= 0 && row[best] > -.infinity && row[best] < .infinity ? best : nil
  }

  /// Makes the scores impossible whose bits are not set: bit `i` of word `j` stands for the token `64 j + i`.
  ///
  /// Tokens beyond the last word are impossible too.
  public mutating func keep(_ words: [UInt64]) {
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      for (index, word) in words.enumerated() where word != .max {
        let start = index * 64
        let end = min(start + 64, buffer.count)
        if start >= end { return }
        if word == 0 {
          unsafe buffer[start..<end].update(repeating: -.infinity)
        } else {
          for token in start..<end where word >> UInt64(token - start) & 1 == 0 { unsafe buffer[token] = -.infinity }
        }
      }
      let end = words.count * 64
      if end < buffer.count { unsafe buffer[end...].update(repeating: -.infinity) }
    }
  }

  /// Multiplies every score.
  public mutating func scale(by factor: Float) {
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe mk_scale(factor, buffer.count, base) }
    }
  }

  /// Turns scores into probabilities, and returns the logarithm of the sum that was divided by.
  ///
  /// - Precondition: `best` is not `nil`.
  @discardableResult
  public mutating func softmax() -> Float {
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe mk_softmax(buffer.count, base)
    }
  }
}
