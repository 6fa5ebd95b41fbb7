import MosoFormats
public import MosoScaling
import MosoTraining

/// Finished runs that laws are fitted to: a study's, or those of a table.
public struct RunCollection: Sendable {
  /// Where they are from.
  public var place: String
  /// The runs.
  public var runs: [FinishedRun]
  /// Their losses on the way, where they are known.
  public var curves: [LossEnvelope.Curve] = []

  /// Reads the runs of a study in a folder, or those of a file of comma-separated values.
  ///
  /// - Parameter limit: Runs that cost more floating-point operations are held out; those that the table says where left out.
  /// - Throws: `StudyError`, in one sentence.
  public init(_ path: String, holdingOutAbove limit: Double? = nil) throws(StudyError) {
    place = path
    let isStudy = Folder.exists(path)
    let table = isStudy ? "\(path)/\(Study.tableFile)" : path
    if isStudy && !Folder.hasFile(table) {
      throw .unusable(
        place: path, found: "no \(Study.tableFile)", expected: "a study with finished runs",
        hint: "make them with 'moso scale run'")
    }
    runs = try RunTable.read(table)
    if let limit {
      for index in runs.indices { runs[index].isHeldOut = runs[index].measured.compute > limit }
    }
    guard isStudy else { return }
    for run in runs {
      let folder = "\(path)/runs/\(run.name)"
      let history = try StudyError.wrapping { () throws(FileError) in try RunHistory(folder: folder) }
      guard !history.looks.isEmpty else { continue }
      let perToken = run.measured.compute / run.measured.size.tokens
      curves.append(
        LossEnvelope.Curve(
          parameters: run.measured.size.parameters,
          points: history.looks.map { (Double($0.tokens), $0.loss, Double($0.tokens) * perToken) }))
    }
  }

  /// Runs that are already at hand.
  public init(place: String, runs: [FinishedRun]) {
    self.place = place
    self.runs = runs
  }
}
