import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where lines of a log go, one after the other.
public final class LogSink: Sendable {
  private let output: @Sendable ([UInt8]) -> Void
  /// Held while a line is written, so that lines of two threads do not mix.
  private let lock = Mutex<Void>(())

  /// Standard error. A line that cannot be written is lost, for there is nobody to tell.
  public static let standardError = LogSink { line in
    var rest = line[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// A place of your own; `output` gets whole lines, in UTF-8 and with their line break.
  public init(_ output: @escaping @Sendable ([UInt8]) -> Void) { self.output = output }

  func append(_ line: [UInt8]) { lock.withLock { _ in output(line) } }
}
