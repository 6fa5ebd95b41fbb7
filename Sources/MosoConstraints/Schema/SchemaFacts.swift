import MosoFormats

/// The types of JSON Schema as a set; whole numbers are apart from other numbers.
struct SchemaTypes: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  static let null = SchemaTypes(rawValue: 1)
  static let boolean = SchemaTypes(rawValue: 2)
  static let integer = SchemaTypes(rawValue: 4)
  static let fraction = SchemaTypes(rawValue: 8)
  static let string = SchemaTypes(rawValue: 16)
  static let array = SchemaTypes(rawValue: 32)
  static let object = SchemaTypes(rawValue: 64)
  static let number: SchemaTypes = [.integer, .fraction]
  static let all = SchemaTypes(rawValue: 127)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The type of a name as the keyword `type` has it.
  init?(name: String) {
    switch name {
    case "null": self = .null
    case "boolean": self = .boolean
    case "integer": self = .integer
    case "number": self = .number
    case "string": self = .string
    case "array": self = .array
    case "object": self = .object
    default: return nil
    }
  }

  /// The type of a value; `2.0` is a whole number.
  init(of value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool: self = .boolean
    case .integer: self = .integer
    case .number(let number): self = number.rounded() == number ? .integer : .fraction
    case .string: self = .string
    case .array: self = .array
    case .object: self = .object
    }
  }
}

/// Everything that one alternative of a schema demands, with references and `allOf` merged into it.
///
/// A value is valid when it satisfies all of it; what is said of one type does not matter for others.
struct SchemaFacts {
  /// Where the first of the merged schemas stands, for errors.
  var path: String
  var types = SchemaTypes.all
  /// The only values allowed, from `const` and `enum`; `nil` when any.
  var values: [JSONValue]?
  var range = DecimalRange()
  var divisor = 1
  var lengths = CountBounds(minimum: 0, maximum: nil)
  var texts: [TextFact] = []
  var elementCounts = CountBounds(minimum: 0, maximum: nil)
  var arrays: [ArrayFact] = []
  /// Where `uniqueItems` stands, if it does.
  var uniqueness: String?
  var memberCounts = CountBounds(minimum: 0, maximum: nil)
  var objects: [ObjectFact] = []
  var required: [ExactText] = []
  var names: [SchemaLocation] = []

  /// A pattern or a format, and where it stands.
  struct TextFact: Hashable {
    enum Kind: Hashable {
      case pattern(ExactText)
      case format(String)
    }
    var kind: Kind
    var path: String
  }

  /// What one schema says about the elements of arrays.
  struct ArrayFact {
    var first: [SchemaLocation] = []
    /// Every further element; `nil` when nothing is said.
    var rest: SchemaLocation?

    func schema(at index: Int) -> SchemaLocation? { index < first.count ? first[index] : rest }
  }

  /// What one schema says about the members of objects.
  struct ObjectFact {
    /// The named members, in their order.
    private(set) var declared: [(key: ExactText, schema: SchemaLocation)] = []
    private var places: [ExactText: Int] = [:]
    var patterns: [(pattern: TextFact, schema: SchemaLocation)] = []
    /// Every other member; `nil` when nothing is said.
    var additional: SchemaLocation?

    /// Whether members that are not named may be written: when that is said, or no names at all are given.
    var isOpen: Bool {
      if let additional { return additional.value != .bool(false) }
      return declared.isEmpty && patterns.isEmpty
    }

    init(additional: SchemaLocation? = nil) { self.additional = additional }

    func schema(of key: ExactText) -> SchemaLocation? { places[key].map { declared[$0].schema } }

    /// Names a member; the first schema of a name counts.
    mutating func declare(_ key: ExactText, _ schema: SchemaLocation) {
      guard places[key] == nil else { return }
      places[key] = declared.count
      declared.append((key, schema))
    }
  }

  /// What satisfies both; `nil` when the types or values alone show that nothing does.
  func merged(with other: SchemaFacts) -> SchemaFacts? {
    var result = self
    result.types.formIntersection(other.types)
    if let values = other.values {
      result.values = result.values.map { own in own.filter { value in values.contains { $0.means(value) } } } ?? values
    }
    if result.types.isEmpty || result.values?.isEmpty == true { return nil }
    result.range = range.intersection(other.range)
    result.divisor = Self.leastCommonMultiple(divisor, other.divisor)
    result.lengths = lengths.intersection(other.lengths)
    result.texts += other.texts
    result.elementCounts = elementCounts.intersection(other.elementCounts)
    result.arrays += other.arrays
    result.uniqueness = uniqueness ?? other.uniqueness
    result.memberCounts = memberCounts.intersection(other.memberCounts)
    result.objects += other.objects
    result.required += other.required.filter { !required.contains($0) }
    result.names += other.names
    return result
  }

  /// Saturates at a number that no automaton can count to.
  static func leastCommonMultiple(_ one: Int, _ other: Int) -> Int {
    var (a, b) = (one, other)
    while b != 0 { (a, b) = (b, a % b) }
    let (product, overflow) = (one / max(a, 1)).multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

extension CountBounds {
  func intersection(_ other: CountBounds) -> CountBounds {
    let maximums = [maximum, other.maximum].compactMap { $0 }
    return CountBounds(minimum: Swift.max(minimum, other.minimum), maximum: maximums.min())
  }

  func contains(_ count: Int) -> Bool { count >= minimum && count <= maximum ?? .max }

  var isEmpty: Bool { minimum > maximum ?? .max }
}

extension JSONValue {
  /// Whether JSON Schema takes two values for the same: `1` and `1.0` are, and the order of members does not matter.
  func means(_ other: JSONValue) -> Bool {
    switch (self, other) {
    case (.integer(let one), .integer(let two)): return one == two
    case (.integer, .number), (.number, .integer), (.number, .number):
      guard let one = DecimalText(self), let two = DecimalText(other) else { return false }
      return one == two
    case (.array(let one), .array(let two)):
      return one.count == two.count && zip(one, two).allSatisfy { $0.means($1) }
    case (.object(let one), .object(let two)):
      return one.count == two.count && one.allSatisfy { key, value in two[key].map(value.means) ?? false }
    case (.string(let one), .string(let two)): return one.utf8.elementsEqual(two.utf8)
    default: return self == other
    }
  }
}
