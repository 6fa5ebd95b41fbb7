import MosoFuzzing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Feeds mutated files to the readers of Moso; see `--help`.
@main struct MosoFuzz {
  private static let usage = """
    Usage: MosoFuzz [--count N] [--seed S] [--kind KIND] [--first N] [--verbose]

    Makes N damaged files of each kind (50,000 when not given) out of small sound ones and reads them. A crash, a hang, much
    memory, much time or an error without a sentence ends the run. The same seed makes the same files: after a crash,
    --first with the last number shown and --verbose find the file.

      --kind KIND   one of: \(FuzzTarget.all.map(\.name).joined(separator: ", ")); all of them when not given

    Example: swift run -c release MosoFuzz --count 200000 --seed 7 --kind gguf
    """

  private static let progressInterval = 8_192

  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    var targets = FuzzTarget.all
    var count = 50_000
    var seed: UInt64 = 1
    var first = 0
    var isVerbose = false
    while let option = arguments.popFirst() {
      switch option {
      case "--count": count = number(&arguments, after: option)
      case "--seed": seed = number(&arguments, after: option)
      case "--first": first = number(&arguments, after: option)
      case "--verbose": isVerbose = true
      case "--kind":
        let name = arguments.popFirst() ?? ""
        targets = targets.filter { $0.name == name }
        if targets.isEmpty { end("there is no kind '\(name)'\n\n\(usage)", code: 2) }
      case "--help", "-h": return print(usage)
      default: end("there is no option \(option)\n\n\(usage)", code: 2)
      }
    }
    for target in targets { run(FuzzRun(target, seed: seed, first: first, count: count), isVerbose: isVerbose) }
  }

  private static func run(_ run: FuzzRun, isVerbose: Bool) {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(FuzzFailure) {
      let report = try run.run(everyFile: isVerbose) { file in
        if isVerbose || file % progressInterval == 0 { say("\(run.target.name): file \(file)\n") }
      }
      let rate = Double(report.files) / max((clock.now - start) / .seconds(1), 1e-9)
      print(
        """
        \(run.target.name): \(report.files) files, \(report.refused) refused, \(Int(rate)) files a second, \
        slowest \(report.slowest.time) (file \(report.slowest.file)), memory grew by \(report.memoryGrowth >> 10) KiB
        """)
    } catch {
      end("\(error); to see it again: --kind \(run.target.name) --seed \(run.seed) --first N --count 1", code: 1)
    }
  }

  private static func number<Number: FixedWidthInteger>(
    _ arguments: inout ArraySlice<String>, after option: String
  ) -> Number {
    let text = arguments.popFirst() ?? ""
    guard let number = Number(text), number >= 0 else {
      end("\(option) takes a whole number, not '\(text)'\n\n\(usage)", code: 2)
    }
    return number
  }

  private static func say(_ text: String) {
    _ = write(STDERR_FILENO, text, text.utf8.count)
  }

  private static func end(_ message: String, code: Int32) -> Never {
    say(message + "\n")
    exit(code)
  }
}
