import MosoTerminal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files a person names, to be read.
enum InputFile {
  /// A file larger than this is not a prompt.
  static let largest = 1 << 30

  static func bytes(of path: String) throws(NamedFileError) -> [UInt8] {
    let descriptor = open(NamedFile.expanded(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemReason(errno)) }
    defer { close(descriptor) }
    return try read(descriptor, path: path)
  }

  /// Everything on standard input; a person at a keyboard is told that it is waited for.
  static func standardInput(_ what: String) throws(NamedFileError) -> [UInt8] {
    if TerminalCapabilities.standardInput.isTerminal {
      StandardError.writeLine("Type \(what); Ctrl-D on an empty line ends it.")
    }
    return try read(0, path: "standard input")
  }

  private static func read(_ descriptor: Int32, path: String) throws(NamedFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, reason: systemReason(errno)) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= largest else { throw .cannotRead(path: path, reason: "it is longer than 1 GB") }
    }
  }
}

/// Files a person names, to be written.
enum OutputFile {
  /// Replaces the file at `path` by one with these bytes: all of them, or the old file stays.
  static func write(_ bytes: [UInt8], to path: String) throws(NamedFileError) {
    do throws(SystemFailure) {
      try replace(NamedFile.expanded(path), with: bytes)
    } catch {
      throw .cannotWrite(path: path, reason: error.reason)
    }
  }

  private static func replace(_ path: String, with bytes: [UInt8]) throws(SystemFailure) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR { throw SystemFailure(code: EISDIR) }
    // A device or a pipe cannot be replaced, only written to.
    let isPlain = !exists || status.st_mode & S_IFMT == S_IFREG
    let target = isPlain ? "\(path).new-\(getpid())" : path
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemFailure(code: errno) }
    var failure = StandardStream.write(bytes, to: descriptor)
    if close(descriptor) != 0 { failure = failure ?? errno }
    if isPlain && failure == nil {
      let renamed = unsafe rename(target, path)
      if renamed != 0 { failure = errno }
    }
    guard let failure else { return }
    if isPlain { unlink(target) }
    throw SystemFailure(code: failure)
  }
}

/// The number a failed system call left.
private struct SystemFailure: Error {
  var code: Int32
  var reason: String { systemReason(code) }
}

private enum NamedFile {
  /// The path with `~` as the home folder, as completion offers it and shells have it.
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else { return path }
    return home + path.dropFirst(1)
  }
}

/// A file that cannot be read or written, or that holds something else than was expected.
enum NamedFileError: Error, CustomStringConvertible {
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case unexpected(path: String, reason: String)

  var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
    case .unexpected(let path, let reason): "\(path): \(reason)"
    }
  }
}

/// What only a model can tell to be wrong; the command itself was written as it should be.
struct CommandFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

#if canImport(Glibc)
  private let systemRead = Glibc.read
#elseif canImport(Musl)
  private let systemRead = Musl.read
#elseif canImport(Darwin)
  private let systemRead = Darwin.read
#endif
