/// The whole number whose lowest bits come first in `bytes`.
///
/// - Precondition: There are at most eight bytes.
func littleEndian(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
  precondition(bytes.count <= 8, "a number of \(bytes.count) bytes")
  return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
