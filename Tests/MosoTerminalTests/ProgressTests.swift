import Foundation
import Synchronization
import Testing

@testable import MosoTerminal

@Suite struct ProgressTests {
  @Test func theLineSaysHowFarHowFastAndHowLong() {
    var meter = ProgressMeter(label: "smollm2", total: 98_000_000, unit: .bytes, at: 0)
    #expect(
      meter.line(columns: 79, isUTF8: true, at: 0) == "smollm2  ──────────────────────────────  0%  0 B of 98.0 MB")
    meter.record(24_500_000, at: 2000)
    #expect(
      meter.line(columns: 100, isUTF8: true, at: 2000)
        == "smollm2  ━━━━━━━───────────────────────  25%  24.5 MB of 98.0 MB  12.3 MB/s  6.0 s left")
    #expect(
      meter.line(columns: 79, isUTF8: false, at: 2000)
        == "smollm2  #####-----------------  25%  24.5 MB of 98.0 MB  12.3 MB/s  6.0 s left")
    #expect(meter.line(columns: 50, isUTF8: true, at: 2000) == "smollm2  25%  24.5 MB of 98.0 MB  12.3 MB/s")
    #expect(meter.line(columns: 30, isUTF8: true, at: 2000) == "smollm2  25%  12.3 MB/s")
    #expect(meter.line(columns: 57, isUTF8: true, at: 2000).hasSuffix("6.0 s left"))
    #expect(meter.line(columns: 11, isUTF8: true, at: 2000) == "smollm2")
  }

  @Test func theNameGivesWayBeforeTheBarAndTheBarBeforeTheNumbers() {
    var meter = ProgressMeter(label: "SmolLM2-135M-Instruct.Q4_1.gguf", total: 98_000_000, unit: .bytes, at: 0)
    meter.record(24_500_000, at: 2000)
    let numbers = "  25%  24.5 MB of 98.0 MB  12.3 MB/s  6.0 s left"
    #expect(meter.line(columns: 79, isUTF8: true, at: 2000) == "SmolLM2-135M-Instruc…  ━━──────" + numbers)
    #expect(meter.line(columns: 63, isUTF8: true, at: 2000) == "SmolLM2-135M-I…" + numbers)
    #expect(meter.line(columns: 59, isUTF8: true, at: 2000) == "SmolLM2-13…" + numbers)
    #expect(meter.line(columns: 55, isUTF8: true, at: 2000) == "SmolLM2-…  ━━──────" + numbers.dropLast(12))
  }

  @Test(arguments: 1...120)
  func theLineIsNeverWiderThanTheTerminal(columns: Int) {
    var meter = ProgressMeter(label: "漢字のモデル with a long name\u{1B}[2J", total: 1 << 40, unit: .items("tensors"), at: 0)
    meter.record(123_456_789, at: 5000)
    let line = meter.line(columns: columns, isUTF8: true, at: 5000)
    #expect(line.displayWidth <= columns)
    #expect(!line.contains("\u{1B}"))
  }

  @Test func theRateIsThatOfTheLastSeconds() throws {
    var meter = ProgressMeter(label: "x", total: nil, unit: .bytes, completed: 1_000_000, at: 0)
    #expect(meter.rate(at: 100) == nil)
    for step in 1...100 { meter.record(1_000_000 + step * 100_000, at: step * 100) }
    #expect(try abs(#require(meter.rate(at: 10_000)) - 1_000_000) < 1)
    for step in 101...200 { meter.record(11_000_000, at: step * 100) }
    #expect(meter.rate(at: 20_000) == 0)
    #expect(meter.line(columns: 80, isUTF8: true, at: 20_000) == "x  11.0 MB  0 B/s")
  }

  @Test func oddTotalsAreShownWithoutHarm() {
    var meter = ProgressMeter(label: "x", total: 0, unit: .items("things"), at: 0)
    meter.record(5, at: 1000)
    #expect(meter.line(columns: 60, isUTF8: false, at: 1000).hasSuffix("100%  5 of 0 things  5.00/s"))
    meter.total = 2
    #expect(meter.line(columns: 60, isUTF8: false, at: 1000).contains("100%"))
  }

  @Test func theBarIsDrawnTenTimesASecondAndLeavesNothingBehind() throws {
    let terminal = try PseudoTerminal(columns: 60)
    let time = Clock()
    let bar = ProgressBar("model", total: 1000, unit: .items("steps"), completed: 0, output: terminal.capabilities) {
      time.now
    }
    for step in 1...1000 {
      time.now = step * 10
      bar.update(completed: step)
    }
    terminal.wait { $0.lines.first?.contains("steps") ?? false }
    bar.cancel()
    bar.cancel()
    bar.update(completed: 3)
    terminal.wait { $0.lines == [] && $0.column == 0 }
    let redraws = terminal.output.split(separator: UInt8(ascii: "\r"), omittingEmptySubsequences: true).count
    #expect((100...103).contains(redraws), "\(redraws)")
  }

  @Test func anUnfinishedBarLeavesNothingBehind() throws {
    let terminal = try PseudoTerminal(columns: 60)
    do {
      let bar = ProgressBar("model", total: 10, unit: .bytes, completed: 0, output: terminal.capabilities) { 0 }
      terminal.wait { $0.lines.first?.hasPrefix("model") ?? false }
      bar.update(completed: 3)
    }
    terminal.wait { $0.lines == [] && $0.column == 0 }
  }

  @Test func aPipeStaysQuiet() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let bar = ProgressBar("model", total: 10, unit: .bytes, output: TerminalCapabilities(descriptor: ends[1]))
    bar.update(completed: 10)
    bar.cancel()
    close(ends[1])
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == 0)
    close(ends[0])
  }

  private final class Clock: Sendable {
    private let time = Mutex(0)

    var now: Int {
      get { time.withLock { $0 } }
      set { time.withLock { $0 = newValue } }
    }
  }
}
