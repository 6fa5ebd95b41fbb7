/// Room on the disk, asked for before something large is begun.
enum FreeSpace {
  /// What is left free for everything else on the machine.
  private static let reserve = 1 << 20

  /// - Throws: ``DiskError/noSpace(path:needed:available:)`` when fewer than `bytes` can be written at `path`.
  static func check(for bytes: Int, at path: String) throws(DiskError) {
    guard bytes > 0, let available = SystemCalls.availableBytes(at: path) else { return }
    if available - reserve < bytes {
      throw .noSpace(path: path, needed: bytes, available: available)
    }
  }
}
