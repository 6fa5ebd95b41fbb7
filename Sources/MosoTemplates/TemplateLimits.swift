/// How much work and memory a chat template may use: templates come with model files and are not trusted.
public struct TemplateLimits: Sendable, Hashable {
  /// Evaluated expressions and statements, with long texts and lists counted by their size.
  public var steps: Int
  /// Nested macro calls, recursive loops, statements and expressions at one time.
  public var depth: Int
  /// UTF-8 bytes of the finished prompt.
  public var outputBytes: Int
  /// UTF-8 bytes of any one text that the template builds.
  public var textBytes: Int
  /// Bytes of all texts and lists that the template builds, whether or not it still holds them.
  public var workingBytes: Int
  /// Numbers in one `range()`; Hugging Face's sandbox allows as many.
  public var rangeCount: Int

  /// Limits, each the standard one unless it is given.
  public init(
    steps: Int = 20_000_000,
    depth: Int = 200,
    outputBytes: Int = 16 << 20,
    textBytes: Int = 16 << 20,
    workingBytes: Int = 512 << 20,
    rangeCount: Int = 100_000
  ) {
    self.steps = steps
    self.depth = depth
    self.outputBytes = outputBytes
    self.textBytes = textBytes
    self.workingBytes = workingBytes
    self.rangeCount = rangeCount
  }

  /// The limits used when a caller names none.
  public static let standard = TemplateLimits()

  /// UTF-8 bytes of a template's own source.
  static let sourceBytes = 1 << 20
  /// Statements and expressions inside one another in a template's source.
  static let sourceDepth = 100
  /// UTF-8 bytes of the name of one of a namespace's attributes.
  static let attributeNameBytes = 1_000
  /// Lists and dictionaries inside one another in a value.
  static let valueDepth = 100
}
