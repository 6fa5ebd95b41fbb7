/// Why compressed bytes do not stand for others.
struct DecompressionError: Error, Hashable {
  /// The byte at which the problem was seen, counted from the first compressed one.
  let offset: Int
  let found: String
  let expected: String
}
