import MosoScaling
import MosoTesting
import Testing

@testable import MosoStudies

@Suite("A table of runs") struct RunTableTests {
  private func read(_ text: String) throws -> [FinishedRun] { try RunTable.parse(text, path: "runs.csv") }

  private func message(_ text: String) -> String {
    do {
      _ = try read(text)
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test("has the columns that its first line names, in any order and by the names of papers")
  func columns() throws {
    let runs = try read(
      """
      # from a paper
      Loss, D, N, FLOPs, run
      2.5, 1.4T, 70e9, 5.76e23, "Chinchilla, 70B"

      2.7,300B,280B,,"a ""quoted"" name"
      """)
    #expect(runs.map(\.name) == ["Chinchilla, 70B", "a \"quoted\" name"])
    #expect(runs.map(\.measured.loss) == [2.5, 2.7])
    #expect(runs[0].measured.size == RunSize(parameters: 70e9, tokens: 1.4e12))
    #expect(runs[0].measured.compute == 5.76e23)
    #expect(runs[1].measured.compute == 6 * 280e9 * 300e9)
  }

  @Test("is read as it was written")
  func roundTrip() throws {
    let runs = [
      FinishedRun(
        name: "a, b", measured: MeasuredRun(size: RunSize(parameters: 1e6, tokens: 2e7, uniqueTokens: 5e6), loss: 1.25),
        leastLoss: 0.625, seconds: 12.5),
      FinishedRun(
        name: "large", measured: MeasuredRun(size: RunSize(parameters: 3e6, tokens: 4e7), loss: 1.125, compute: 9e14),
        isHeldOut: true),
    ]
    #expect(try read(RunTable.text(runs)) == runs)
  }

  @Test(
    "says what is wrong, and in which line",
    arguments: [
      ("", "runs.csv: found nothing, where a table of runs was expected"),
      ("N,D\n1,2", "runs.csv, line 1: found the columns n, d, where one that is called loss was expected"),
      ("N,D,L\n1e6,2e7,1.5\n1e6,many,1.5", "runs.csv, line 3, tokens: found 'many', where a number above zero"),
      ("N,D,L\n1e6,2e7,-1.5", "runs.csv, line 2, loss: found '-1.5'"),
      ("N,D,L\n1e6,2e7,nan", "runs.csv, line 2, loss: found 'nan'"),
      ("N,D,L\n1e6,2e7", "runs.csv, line 2, loss: found nothing"),
    ])
  func problems(_ text: String, _ expected: String) { #expect(message(text).hasPrefix(expected), "\(message(text))") }
}
