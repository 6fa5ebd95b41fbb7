import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection to a server of this machine that sends and reads bytes as they are.
final class Connection {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let descriptor: Int32
  private(set) var received: [UInt8] = []
  private var isClosed = false

  /// Connects, or fails as a client would that finds nobody.
  init(port: Int) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // A server that does not answer is a failure and no endless wait.
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard result == 0 else { throw Failure(description: "nobody listens at port \(port): \(errno)") }
  }

  deinit { hangUp() }

  /// Closes both directions at once, as a client does that is stopped.
  func hangUp() {
    if !isClosed { close(descriptor) }
    isClosed = true
  }

  func send(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(description: "the server reads no more: \(errno)") }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Reads until the text so far holds `text`, or to the end.
  @discardableResult
  func read(until text: String? = nil) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let all = String(decoding: received, as: UTF8.self)
      if let text, all.contains(text) { return all }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { throw Failure(description: "nothing came for a minute after \(all.suffix(300))") }
      if count == 0 { return all }
      received += buffer[..<count]
    }
  }
}
