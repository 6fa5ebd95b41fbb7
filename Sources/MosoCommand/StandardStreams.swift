import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output, written at once: people watch it, and pipes may close it.
enum StandardOutput {
  static func write(_ text: String) { StandardStream.write(text, to: 1) }
}

/// Standard error: progress, remarks and errors.
enum StandardError {
  static func write(_ text: String) { StandardStream.write(text, to: 2) }
}

private enum StandardStream {
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      // Nobody reads any more: what a pipe's end means to every command.
      if count < 0 { exit(errno == EPIPE ? 0 : 1) }
      bytes = bytes.dropFirst(count)
    }
  }
}

#if canImport(Glibc)
  private let systemWrite = Glibc.write
#elseif canImport(Musl)
  private let systemWrite = Musl.write
#elseif canImport(Darwin)
  private let systemWrite = Darwin.write
#endif

/// Files a person names on the command line.
enum InputFile {
  /// A file larger than this is not a prompt.
  static let largest = 1 << 30

  static func bytes(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw InputFileError(path: path, reason: unsafe String(cString: strerror(errno))) }
    defer { close(descriptor) }
    return try read(descriptor, path: path)
  }

  static func standardInput() throws -> [UInt8] { try read(0, path: "standard input") }

  private static func read(_ descriptor: Int32, path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw InputFileError(path: path, reason: unsafe String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= largest else { throw InputFileError(path: path, reason: "it is longer than 1 GB") }
    }
  }
}

#if canImport(Glibc)
  private let systemRead = Glibc.read
#elseif canImport(Musl)
  private let systemRead = Musl.read
#elseif canImport(Darwin)
  private let systemRead = Darwin.read
#endif

/// A file that cannot be read.
struct InputFileError: Error, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "\(path) cannot be read: \(reason)" }
}
