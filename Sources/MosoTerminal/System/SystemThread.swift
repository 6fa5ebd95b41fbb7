#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Starts a thread of its own for work that blocks, which a task must not do.
enum SystemThread {
  /// Runs `body` once on a new thread; the result is 0 or the error number that says why none could be made.
  static func detach(_ body: @escaping @Sendable () -> Void) -> Int32 {
    let argument = unsafe Unmanaged.passRetained(ThreadWork(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let result = unsafe pthread_create(&thread, nil, runDarwinThread, argument)
      if result == 0, let thread = unsafe thread { unsafe pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let result = unsafe pthread_create(&thread, nil, runThread, argument)
      if result == 0 { pthread_detach(thread) }
    #endif
    if result != 0 { unsafe Unmanaged<ThreadWork>.fromOpaque(argument).release() }
    return result
  }
}

private final class ThreadWork: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().body()
  return nil
}

#if canImport(Darwin)
  private func runDarwinThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    unsafe runThread(argument)
  }
#endif
