import Synchronization
import Testing

@testable import MosoHub

@Suite("Progress") struct ProgressTests {
  @Test(
    "Sizes are read at a glance",
    arguments: [
      (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (98_362_432, "98.4 MB"),
      (999_949, "999.9 kB"),
      (999_950, "1.0 MB"), (999_999_999, "1.0 GB"), (1_500_000_000_000, "1.5 TB"), (Int.max, "9.2 EB"),
    ])
  func sizes(bytes: Int, text: String) {
    #expect(ByteCount.text(bytes) == text)
  }

  @Test(
    "Times are read at a glance",
    arguments: [(-5, "0:00"), (7, "0:07"), (750, "12:30"), (11_100, "3:05:00"), (172_800, "2 days")])
  func times(seconds: Int, text: String) {
    #expect(ByteCount.time(.seconds(seconds)) == text)
  }

  @Test("Rates have a unit, and nonsense is not printed") func rates() {
    #expect(ByteCount.rate(11_234_567) == "11.2 MB/s")
    #expect(ByteCount.rate(0.4) == "0 B/s")
    #expect(ByteCount.rate(.nan) == "– B/s")
    #expect(ByteCount.rate(1e300) == "9.0 EB/s")
  }

  @Test("The rate follows the line, calmly, and what was there before does not count") func meter() throws {
    var meter = RateMeter()
    let start = ContinuousClock.now
    meter.restart(at: 50_000_000, time: start)
    #expect(meter.bytesPerSecond == nil)
    for tenths in 1...100 {
      meter.note(50_000_000 + tenths * 100_000, at: start + .milliseconds(tenths * 100))
    }
    #expect(abs(try #require(meter.bytesPerSecond) - 1_000_000) < 1)
    // The line breaks to a tenth: after three seconds the number has come down by more than half.
    for tenths in 1...30 {
      meter.note(60_000_000 + tenths * 10_000, at: start + .milliseconds(10_000 + tenths * 100))
    }
    let rate = try #require(meter.bytesPerSecond)
    #expect((100_000..<500_000).contains(rate))
    meter.restart(at: 0, time: start + .seconds(14))
    #expect(meter.bytesPerSecond == rate)
  }

  @Test("Amounts and activities are sentences for one line") func words() {
    let progress = PullProgress(
      model: "hf:a/b", phase: .downloading, file: "c/x.gguf", bytesDone: 41_900_000, bytesTotal: 92_900_000,
      bytesPerSecond: 10_200_000)
    #expect(progress.amounts == "41.9 MB of 92.9 MB, 10.2 MB/s, 0:05 left")
    #expect(progress.activity == "fetching x.gguf")
    #expect(progress.fraction == 41_900_000.0 / 92_900_000.0)
    let waiting = PullProgress(model: "x", phase: .retrying(after: .seconds(2), reason: "no\u{1B}[2J luck"))
    #expect(waiting.activity == "no?[2J luck; trying again in 0:02")
    #expect(waiting.fraction == nil)
    #expect(waiting.timeLeft == nil)
  }

  @Test("However many pieces come, few reports go out; changes of phase always do") func throttle() {
    let reports = Mutex<[PullProgress]>([])
    let reporter = ProgressReporter(model: "x") { progress in reports.withLock { $0.append(progress) } }
    let start = ContinuousClock.now
    reporter.enter(.downloading)
    for bytes in 1...20_000 { reporter.reach(bytes) }
    let tenths = Int(start.duration(to: .now) / .milliseconds(100))
    reporter.enter(.finished)
    let all = reports.withLock { $0 }
    #expect(all.count <= tenths + 3)
    #expect(all.first?.phase == .downloading)
    #expect(all.last == PullProgress(model: "x", phase: .finished, bytesDone: 20_000))
  }

  @Test("Pauses double, stay bounded, and end") func pauses() throws {
    var retries = Retries(RetryPolicy(attempts: 5, firstPause: .seconds(1), longestPause: .seconds(3)))
    let failure = TransientFailure(reason: "no")
    for expected in [1.0, 2, 3, 3] {
      let pause = try retries.pause(after: failure, host: "h") / .seconds(1)
      #expect((expected * 0.74...expected * 1.26).contains(pause))
    }
    #expect(throws: HubError.gaveUp(host: "h", reason: "no", attempts: 5)) {
      try retries.pause(after: failure, host: "h")
    }
    // A connection that brings a little each time is not for ever either.
    var drip = Retries(RetryPolicy(firstPause: .zero))
    var count = 0
    while (try? drip.pause(after: failure, host: "h")) != nil {
      drip.progressed()
      count += 1
    }
    #expect(count == 1_999)
  }
}
