/// Feeds mutated files to a target and sees that each is read or refused, in little time and memory.
package struct FuzzRun: Sendable {
  package let target: FuzzTarget
  package let seed: UInt64
  /// The number of the first file; each depends on its number and the seed alone.
  package let first: Int
  package let count: Int

  /// What a run found.
  package struct Report: Sendable {
    package var files = 0
    package var refused = 0
    /// The longest time that a file took of the processor, and its number.
    package var slowest = (time: Duration.zero, file: 0)
    /// By how many bytes resident memory grew at most.
    package var memoryGrowth = 0
  }

  /// One file may keep the processor for this long; code that is not optimised is some ten times slower.
  #if DEBUG
    package static let maximumTime = Duration.seconds(3)
  #else
    package static let maximumTime = Duration.milliseconds(500)
  #endif
  /// All files together may make the process grow by this much; none of them is larger than 64 KiB.
  private static let maximumMemory = 48 << 20
  /// An error is a sentence, not a copy of the file.
  private static let maximumSentence = 4_000
  /// When this many files together take longer than this many seconds of real time, one of them hangs.
  private static let watch = (files: 512, seconds: 300)

  package init(_ target: FuzzTarget, seed: UInt64, first: Int = 0, count: Int) {
    self.target = target
    self.seed = seed
    self.first = first
    self.count = count
  }

  /// The bytes of file `number`.
  package func file(_ number: Int) -> [UInt8] {
    var mutator = FuzzMutator(random: FuzzRandom(seed: seed, file: number))
    return mutator.file(from: target.seeds)
  }

  /// Runs. Unless told otherwise it limits the memory of the whole process, also for what comes after it, and the time.
  ///
  /// A file that crashes, hangs or asks for too much memory ends the process. `progress` has told which file it was, or
  /// a number not far below when not every file is to be told.
  package func run(
    limitsProcess: Bool = true, everyFile: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws(FuzzFailure) -> Report {
    for (number, seed) in target.seeds.enumerated() {
      if let sentence = target.read(seed.finish(seed.content)) {
        throw FuzzFailure(target: target.name, file: nil, problem: "sound file \(number) was refused: \(sentence)")
      }
    }
    if limitsProcess { ProcessLimits.limitMemory(growth: Self.maximumMemory) }
    let startMemory = ProcessLimits.peakMemory
    var report = Report()
    for number in first..<first + count {
      let isWatch = (number - first) % Self.watch.files == 0
      if isWatch && limitsProcess { ProcessLimits.endAfter(seconds: Self.watch.seconds) }
      if isWatch || everyFile { progress(number) }
      try check(number, &report)
      report.memoryGrowth = ProcessLimits.peakMemory - startMemory
      guard !limitsProcess || report.memoryGrowth <= Self.maximumMemory else {
        throw failure(number, "memory has grown by \(report.memoryGrowth >> 20) MiB")
      }
    }
    if limitsProcess { ProcessLimits.endAfter(seconds: 0) }
    return report
  }

  private func check(_ number: Int, _ report: inout Report) throws(FuzzFailure) {
    let bytes = file(number)
    let start = ProcessLimits.processorTime
    let sentence = target.read(bytes)
    let time = ProcessLimits.processorTime - start
    report.files += 1
    if time > report.slowest.time { report.slowest = (time, number) }
    guard time <= Self.maximumTime else { throw failure(number, "\(bytes.count) bytes took \(time)") }
    guard let sentence else { return }
    report.refused += 1
    guard (10...Self.maximumSentence).contains(sentence.utf8.count) else {
      throw failure(number, "the error is no sentence: it has \(sentence.utf8.count) bytes: \(sentence.prefix(200))")
    }
  }

  private func failure(_ number: Int, _ problem: String) -> FuzzFailure {
    FuzzFailure(target: target.name, file: number, problem: problem)
  }
}

/// A file that a reader did not deal with as it should.
package struct FuzzFailure: Error, CustomStringConvertible {
  let target: String
  let file: Int?
  let problem: String

  package var description: String {
    "\(target)\(file.map { ", file \($0)" } ?? ""): \(problem)"
  }
}
