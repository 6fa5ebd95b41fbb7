import CMosoKernels
import Synchronization

/// The instruction sets that kernels can run on here.
public enum InstructionSets {
  /// The choice holds for the whole process, so whoever changes it keeps others from changing it meanwhile.
  private static let choosing = Mutex(())

  /// Calls `body` once on each, the best first and the portable one last.
  public static func each<Result: Sendable>(_ body: (_ name: String) throws -> Result) rethrows -> [Result] {
    try choosing.withLock { _ in
      defer { mk_isa_select(0) }
      return try (0..<mk_isa_count()).map { index in
        mk_isa_select(index)
        return try body(String(cString: mk_isa_name()))
      }
    }
  }
}
