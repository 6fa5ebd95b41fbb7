/// Learns merges: again and again the most frequent pair of neighbouring symbols becomes a symbol of its own.
///
/// Sennrich, Haddow and Birch (2016). Among pairs that occur equally often the one with the smallest symbols comes first, as in Hugging
/// Face's trainer, so that the result is the same every time and on every machine.
struct MergeLearner {
  /// The symbols of all words, one word after another; a word keeps its place when it gets shorter.
  private var symbols: [Int32] = []
  private let starts: [Int]
  private var lengths: [Int]
  private let counts: [Int]
  private var pairs = PairCounts()
  private var queue = PairQueue()

  /// - Parameters:
  ///   - words: The words and how often each occurs.
  ///   - symbolOfByte: The symbol that each byte is to begin with.
  init(_ words: WordCounts, symbolOfByte: [Int32]) {
    symbols = words.text.map { symbolOfByte[Int($0)] }
    starts = words.starts
    lengths = (0..<words.count).map { words.range($0).count }
    counts = words.counts
    for word in 0..<words.count {
      let range = words.range(word)
      for place in range.dropLast() {
        pairs.add(SymbolPair(left: symbols[place], right: symbols[place + 1]), counts[word], in: Int32(word))
      }
    }
    for index in pairs.pairs.indices {
      queue.push(.init(count: pairs.counts[index], pair: pairs.pairs[index], index: index))
    }
  }

  /// The next pair, which becomes `symbol` wherever it is; `nil` where no pair is left that occurs at least `least` times.
  mutating func next(becoming symbol: Int32, least: Int = 1) -> SymbolPair? {
    while let top = queue.pop() {
      let now = pairs.counts[top.index]
      if now < top.count {
        // Some of its places have gone since it was put in the queue.
        if now >= least { queue.push(.init(count: now, pair: top.pair, index: top.index)) }
        continue
      }
      guard now >= least, now > 0 else { return nil }
      merge(top.pair, index: top.index, into: symbol)
      return top.pair
    }
    return nil
  }

  private mutating func merge(_ pair: SymbolPair, index: Int, into symbol: Int32) {
    var changed: Set<Int> = []
    for word in pairs.takeWords(index) {
      let start = starts[Int(word)]
      let length = lengths[Int(word)]
      let count = counts[Int(word)]
      var read = start
      var write = start
      let end = start + length
      while read < end {
        guard read + 1 < end, symbols[read] == pair.left, symbols[read + 1] == pair.right else {
          symbols[write] = symbols[read]
          read += 1
          write += 1
          continue
        }
        // The neighbours lose their pairs with the halves and get new ones with the whole.
        if write > start {
          let before = symbols[write - 1]
          pairs.add(SymbolPair(left: before, right: pair.left), -count, in: nil)
          changed.insert(pairs.add(SymbolPair(left: before, right: symbol), count, in: word))
        }
        if read + 2 < end {
          let after = symbols[read + 2]
          pairs.add(SymbolPair(left: pair.right, right: after), -count, in: nil)
          changed.insert(pairs.add(SymbolPair(left: symbol, right: after), count, in: word))
        }
        pairs.add(pair, -count, in: nil)
        symbols[write] = symbol
        read += 2
        write += 1
      }
      lengths[Int(word)] = write - start
    }
    for index in changed where pairs.counts[index] > 0 {
      queue.push(.init(count: pairs.counts[index], pair: pairs.pairs[index], index: index))
    }
  }
}
