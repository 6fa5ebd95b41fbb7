import MosoTerminal
import MosoTraining

#if MPI
  import MosoMPI
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processes that a run is shared by: those that `mpirun` started, or this one.
enum TrainGroup {
  /// - Throws: `CommandFailure` where `mpirun` started several and this program cannot speak with them: each would make the
  ///   whole run, and all in one folder.
  static func join() throws -> any ProcessGroup {
    // Open MPI's `mpirun` says so to those that it starts.
    let count = getenv("OMPI_COMM_WORLD_SIZE").map { atoi($0) }
    #if MPI
      return count == nil ? SoleProcess() : MPIProcessGroup()
    #else
      guard let count, count > 1 else { return SoleProcess() }
      throw CommandFailure(
        "this moso was built without MPI and cannot share a run; build it with: swift build -c release --traits MPI")
    #endif
  }

  /// Runs `body`; where it fails, tells why once and ends all processes.
  static func run<Result>(_ group: any ProcessGroup, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      if group.count == 1 { throw error }
      if !group.isFirst {
        // All processes see a loss that diverges; the first one says so.
        if let error = error as? TrainingError, case .diverged = error { group.waitForFirst() }
        StandardError.writeLine("Error in process \(group.rank): \(error)")
      } else {
        StandardError.writeLine("Error: \(error)")
      }
      group.abort()
    }
  }
}
