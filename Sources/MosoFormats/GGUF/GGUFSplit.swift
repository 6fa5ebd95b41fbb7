/// How a model is split over several GGUF files, named `model-00001-of-00003.gguf` and so on.
struct GGUFSplit {
  /// How many files there are.
  let count: Int
  /// Which of them this one is, counted from 0.
  let number: Int

  private static let maximumCount = 512
  private static let countKey = "split.count"
  private static let numberKey = "split.no"
  private static let tensorCountKey = "split.tensors.count"

  /// What `metadata` says about the split, or `nil` when the model is whole.
  init?(_ metadata: GGUFMetadata) throws(FormatError) {
    guard let count = try metadata.integer(Self.countKey, in: 0...Self.maximumCount), count > 0 else { return nil }
    self.count = count
    number = try metadata.requiredInteger(Self.numberKey, in: 0...count - 1)
  }

  /// The paths of all files, made from the path of this one.
  func paths(from path: String) throws(FormatError) -> [String] {
    let ending = Self.ending(number, of: count)
    guard path.hasSuffix(ending) else {
      throw .malformed(
        path: path, offset: 0, field: "file name", found: "another name on file \(number + 1) of \(count)",
        expected: "a name that ends in \(ending)")
    }
    let stem = path.dropLast(ending.count)
    return (0..<count).map { stem + Self.ending($0, of: count) }
  }

  /// Checks that `metadata` belongs to file `number` of the same split.
  func check(_ metadata: GGUFMetadata, isNumber number: Int) throws(FormatError) {
    let found = try GGUFSplit(metadata)
    guard let found, found.count == count, found.number == number else {
      throw .malformed(
        path: metadata.file.path, offset: 0, field: "\(Self.numberKey) and \(Self.countKey)",
        found: found.map { "\($0.number) and \($0.count)" } ?? "none", expected: "\(number) and \(count)")
    }
  }

  /// Checks that all files together have as many tensors as the first one announces.
  func check(tensorCount: Int, _ metadata: GGUFMetadata) throws(FormatError) {
    guard let announced = try metadata.integer(Self.tensorCountKey), announced != tensorCount else { return }
    throw .malformed(
      path: metadata.file.path, offset: metadata.entry(Self.tensorCountKey)?.offset ?? 0, field: Self.tensorCountKey,
      found: "\(announced)", expected: "\(tensorCount), which is how many tensors the files have")
  }

  private static func ending(_ number: Int, of count: Int) -> String {
    "-\(padded(number + 1))-of-\(padded(count)).gguf"
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
