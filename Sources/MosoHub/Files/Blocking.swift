import NIOPosix

/// Runs calls that may wait for a disk on threads that may wait, not on those that run tasks.
enum Blocking {
  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(body)
  }
}
