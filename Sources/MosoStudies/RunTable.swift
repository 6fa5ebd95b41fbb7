import MosoFormats
import MosoScaling
import MosoTraining

/// Runs as a file of comma-separated values: those of a study, or other people's.
///
/// The first line names the columns: `parameters`, `tokens` and `loss` have to be there; `name`, `compute` (otherwise six
/// operations for each parameter and token), `unique_tokens`, `least_loss`, `seconds` and `held_out` may be. Names that papers use
/// are understood too: `N`, `D`, `C`, `flops`.
public enum RunTable {
  private enum Column: String, CaseIterable {
    case name, parameters, tokens, loss, compute
    case uniqueTokens = "unique_tokens"
    case leastLoss = "least_loss"
    case seconds
    case heldOut = "held_out"

    /// What else it may be called.
    var otherNames: [String] {
      switch self {
      case .name: ["run", "id"]
      case .parameters: ["n", "params", "model_size", "num_params"]
      case .tokens: ["d", "training_tokens", "num_tokens"]
      case .loss: ["l", "final_loss", "validation_loss", "val_loss"]
      case .compute: ["c", "flops", "flop", "training_flop"]
      default: []
      }
    }
  }

  /// Reads a table.
  ///
  /// - Throws: `StudyError` that names the line and the column.
  public static func read(_ path: String) throws(StudyError) -> [FinishedRun] {
    let bytes = try StudyError.wrapping { () throws(FileError) in try MappedFile(path: path).bytes }
    return try parse(String(decoding: bytes, as: UTF8.self), path: path)
  }

  static func parse(_ text: String, path: String) throws(StudyError) -> [FinishedRun] {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let first = lines.firstIndex(where: { !isEmpty($0) }) else {
      throw .unusable(
        place: path, found: "nothing", expected: "a table of runs",
        hint: "its first line names the columns: parameters, tokens, loss")
    }
    let titles = cells(of: lines[first]).map { $0.lowercased() }
    var places: [Column: Int] = [:]
    for column in Column.allCases {
      places[column] = titles.firstIndex { $0 == column.rawValue || column.otherNames.contains($0) }
    }
    for column in [Column.parameters, .tokens, .loss] where places[column] == nil {
      throw .unusable(
        place: "\(path), line \(first + 1)", found: "the columns \(titles.joined(separator: ", "))",
        expected: "one that is called \(column.rawValue)",
        hint: "name it so, or \(column.otherNames.joined(separator: ", "))")
    }
    var runs: [FinishedRun] = []
    for (index, line) in lines.enumerated().dropFirst(first + 1) where !isEmpty(line) {
      runs.append(try run(cells(of: line), places, place: "\(path), line \(index + 1)", count: runs.count + 1))
    }
    return runs
  }

  private static func run(
    _ cells: [String], _ places: [Column: Int], place: String, count: Int
  ) throws(StudyError) -> FinishedRun {
    func text(_ column: Column) -> String? {
      guard let index = places[column], index < cells.count, !cells[index].isEmpty else { return nil }
      return cells[index]
    }
    func number(_ column: Column) throws(StudyError) -> Double? {
      guard let text = text(column) else { return nil }
      guard let number = RecipeReader.number(text), number > 0 else {
        throw .unusable(
          place: "\(place), \(column.rawValue)", found: "'\(text.prefix(40))'", expected: "a number above zero",
          hint: "write it as 1500000, 1.5e6 or 1.5M")
      }
      return number
    }
    func needed(_ column: Column) throws(StudyError) -> Double {
      if let number = try number(column) { return number }
      throw .unusable(
        place: "\(place), \(column.rawValue)", found: "nothing", expected: "a number above zero",
        hint: "fill it in or remove the line")
    }
    let size = RunSize(
      parameters: try needed(.parameters), tokens: try needed(.tokens), uniqueTokens: try number(.uniqueTokens))
    return FinishedRun(
      name: text(.name) ?? "run \(count)",
      measured: MeasuredRun(size: size, loss: try needed(.loss), compute: try number(.compute)),
      leastLoss: try number(.leastLoss), seconds: try number(.seconds),
      isHeldOut: ["true", "yes", "1"].contains(text(.heldOut)?.lowercased()))
  }

  /// The table as text.
  public static func text(_ runs: [FinishedRun]) -> String {
    let lines = runs.map { run in
      let size = run.measured.size
      let numbers: [Double?] = [
        size.parameters, size.tokens, size.uniqueTokens, run.measured.compute, run.measured.loss, run.leastLoss,
        run.seconds,
      ]
      return ([quoted(run.name)] + numbers.map { $0.map(plain) ?? "" } + [run.isHeldOut ? "yes" : "no"])
        .joined(separator: ",")
    }
    let titles = "name,parameters,tokens,unique_tokens,compute,loss,least_loss,seconds,held_out"
    return ([titles] + lines).joined(separator: "\n") + "\n"
  }

  private static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  private static func isEmpty(_ line: Substring) -> Bool {
    line.allSatisfy(\.isWhitespace) || line.first == "#"
  }

  /// The cells of a line: between commas, or between quotes in which two stand for one.
  private static func cells(of line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false, followsQuote = false
    for character in line {
      let isQuote = character == "\""
      if isQuote {
        if !isQuoted && followsQuote { cells[cells.count - 1].append(character) }
        isQuoted.toggle()
      } else if character == "," && !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      followsQuote = isQuote
    }
    return cells.map { cell in
      let start = cell.drop(while: \.isWhitespace)
      return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }
  }
}
