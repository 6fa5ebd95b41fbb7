#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time of day.
enum WallClock {
  /// Whole seconds since 1970.
  static var seconds: Int { Int(time(nil)) }
}
