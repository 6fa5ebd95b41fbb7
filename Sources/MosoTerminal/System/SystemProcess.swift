#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the terminal driver would do with Ctrl-Z.
enum SystemProcess {
  /// Stops every process of the foreground job, as Ctrl-Z does, and returns when the shell continues it.
  static func stop() {
    kill(0, SIGTSTP)
  }
}
