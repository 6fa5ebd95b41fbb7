#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file or folder of the model store could not be read or written.
public enum DiskError: Error, Hashable, Sendable {
  /// The disk is full, or a quota is used up; `available` is what is left, in bytes, when the system says so.
  case noSpace(path: String, needed: Int, available: Int?)
  /// A system call failed; `code` is its error number.
  case failed(action: String, path: String, code: Int32)
}

extension DiskError {
  /// The error that `errno` stands for; a full disk, a quota and a file size limit are one case of their own, with how
  /// many bytes were still to be written.
  static func last(_ action: String, _ path: String, needed: Int = 0) -> DiskError {
    let code = errno
    switch code {
    case ENOSPC, EDQUOT, EFBIG:
      return .noSpace(path: path, needed: needed, available: SystemCalls.availableBytes(at: FilePaths.parent(of: path)))
    default:
      return .failed(action: action, path: path, code: code)
    }
  }
}

extension DiskError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSpace(let path, let needed, let available):
      let left = available.map { "; \(ByteCount.text($0)) are free" } ?? ""
      return "there is no room for \(path.printable()): \(ByteCount.text(needed)) more are needed\(left); "
        + "free some space or set MOSO_HOME to a folder on a larger disk, and what is already here is kept"
    case .failed(let action, let path, let code):
      let advice =
        switch code {
        case EACCES, EPERM, EROFS: "; make it writable or set MOSO_HOME to a folder of your own"
        case ELOOP: "; a symbolic link stands where a plain file was expected: remove it"
        default: ""
        }
      return "could not \(action) \(path.printable()): \(SystemCalls.message(of: code))\(advice)"
    }
  }
}
