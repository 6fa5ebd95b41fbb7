/// Makes automata that read the numbers of a range.
///
/// Numbers have at most so many digits that they end, fit 64 bits, and that two different ones are different doubles.
struct NumberAutomaton {
  let budget: GrammarBudget
  let path: String

  /// Digits of a whole number on a side that has no bound; 10^18 fits 64 bits.
  private static let wholeDigits = 18
  /// Digits that a double always keeps apart.
  private static let doubleDigits = 15
  /// Digits of the largest bounds.
  private static let maximumBoundDigits = 40
  /// A remainder needs a state for each of its values.
  static let largestDivisor = 1_000

  /// JSON's numbers, with at most 18 digits before the point, 17 after it, and 2 in the exponent.
  static let anyNumber = "-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,2})?"
  /// Whole numbers of at most 18 digits.
  static let anyInteger = "0|-?[1-9][0-9]{0,17}"

  /// The whole numbers of a range that are multiples of `divisor`.
  func integers(_ range: DecimalRange, multipleOf divisor: Int) throws(GrammarError) -> CharacterAutomaton {
    if divisor == 1, range == DecimalRange() {
      return try PatternReader.read(Self.anyInteger, path: path).matchedWhole(budget: budget, path: path)
    }
    guard divisor > 1 else { return try ranged(range, wholeDigits: Self.wholeDigits, integersOnly: true) }
    // Whoever computes a remainder with doubles needs numbers that doubles can tell apart.
    let numbers = try ranged(range, wholeDigits: Self.doubleDigits, integersOnly: true)
    return try numbers.intersection(Self.multiples(of: divisor), budget: budget, path: path)
  }

  /// The numbers of a range, whole or not.
  func numbers(_ range: DecimalRange) throws(GrammarError) -> CharacterAutomaton {
    if range == DecimalRange() {
      return try PatternReader.read(Self.anyNumber, path: path).matchedWhole(budget: budget, path: path)
    }
    return try ranged(range, wholeDigits: Self.doubleDigits, integersOnly: false)
  }

  private func ranged(
    _ range: DecimalRange, wholeDigits: Int, integersOnly: Bool
  ) throws(GrammarError) -> CharacterAutomaton {
    for bound in [range.lower, range.upper] {
      guard let digits = bound?.value else { continue }
      guard max(digits.whole.count, digits.fraction.count) <= Self.maximumBoundDigits else {
        throw GrammarError(
          path: path,
          reason: .unsupported(
            found: "a bound of \(max(digits.whole.count, digits.fraction.count)) digits",
            supported: "bounds have at most \(Self.maximumBoundDigits) digits before the point and as many after it"))
      }
    }
    var network = CharacterNetwork(budget: budget, path: path)
    let final = try network.addState()
    let zero = DecimalText(isNegative: false, whole: [], fraction: [])
    // From zero on, the magnitude is the number; below it, bounds change places.
    let atLeastZero = DecimalRange(lower: DecimalBound(value: zero, isIncluded: true), upper: nil)
    let positive = range.intersection(atLeastZero)
    if !positive.isEmpty { try addMagnitudes(positive, wholeDigits, integersOnly, to: &network, from: 0, final: final) }
    let mirrored = DecimalRange(lower: range.upper?.negated, upper: range.lower?.negated)
    let aboveZero = DecimalRange(lower: DecimalBound(value: zero, isIncluded: false), upper: nil)
    let negative = mirrored.intersection(aboveZero)
    if !negative.isEmpty {
      let sign = try network.addState()
      network.connect(0, CharacterSet("-"), to: sign)
      try addMagnitudes(negative, wholeDigits, integersOnly, to: &network, from: sign, final: final)
    }
    return try network.determinized(final: final)
  }

  /// Adds the numbers of a range from zero on, one network for each count of digits before the point.
  private func addMagnitudes(
    _ range: DecimalRange, _ wholeDigits: Int, _ onlyIntegers: Bool, to network: inout CharacterNetwork, from: Int32,
    final: Int32
  ) throws(GrammarError) {
    let lowest = max(range.lower?.value.whole.count ?? 0, 1)
    let integersOnly = onlyIntegers || lowest > Self.doubleDigits
    var longest = max(wholeDigits, lowest + (lowest > wholeDigits ? 1 : 0))
    if let upper = range.upper { longest = min(longest, max(upper.value.whole.count, 1)) }
    guard lowest <= longest else { return }
    for length in lowest...longest {
      var digits = DigitNetwork(range: range, length: length, final: final)
      digits.fractionDigits = integersOnly ? 0 : Self.fractionDigits(length: length, range: range)
      try digits.add(to: &network, from: from)
    }
  }

  private static func fractionDigits(length: Int, range: DecimalRange) -> Int {
    var digits = max(doubleDigits - length, 0)
    if length == 1, let upper = range.upper?.value, upper.whole.isEmpty {
      digits += upper.fraction.prefix { $0 == 0 }.count
    }
    for bound in [range.lower, range.upper] {
      if let bound, bound.isIncluded, max(bound.value.whole.count, 1) == length {
        digits = max(digits, bound.value.fraction.count)
      }
    }
    return digits
  }

  /// Whole numbers that leave no remainder.
  private static func multiples(of divisor: Int) -> CharacterAutomaton {
    // States 0 and 1 have read nothing and the sign; the others stand for remainders.
    func digits(after remainder: Int) -> [CharacterAutomaton.Edge] {
      (0...9).map { digit in
        let character = UInt32(0x30 + digit)
        return .init(range: character...character, target: Int32(2 + (remainder * 10 + digit) % divisor))
      }
    }
    var states = [
      CharacterAutomaton.State(edges: [.init(range: 0x2D...0x2D, target: 1)] + digits(after: 0)),
      CharacterAutomaton.State(edges: digits(after: 0)),
    ]
    states += (0..<divisor).map { .init(edges: digits(after: $0), accepts: $0 == 0) }
    return CharacterAutomaton(states: states)
  }
}

extension DecimalBound {
  fileprivate var negated: DecimalBound { DecimalBound(value: value.negated, isIncluded: isIncluded) }
}

extension DecimalText {
  fileprivate init(isNegative: Bool, whole: [UInt8], fraction: [UInt8]) {
    self.isNegative = isNegative
    self.whole = whole
    self.fraction = fraction
  }
}

/// The numbers of a range that have a certain count of digits before the point.
private struct DigitNetwork {
  /// How much of a bound has been written digit for digit.
  private struct Place: Hashable {
    var digits: Int
    var followsLower: Bool
    var followsUpper: Bool
  }

  let length: Int
  let final: Int32
  var fractionDigits = 0
  /// The digits of the bounds, those before the point first; `nil` where the count of digits alone keeps the bound.
  private let lower: [UInt8]?
  private let upper: [UInt8]?
  private let includesLower: Bool
  private let includesUpper: Bool
  private var states: [Place: Int32] = [:]

  init(range: DecimalRange, length: Int, final: Int32) {
    self.length = length
    self.final = final
    func digits(_ bound: DecimalBound?) -> [UInt8]? {
      guard let value = bound?.value, max(value.whole.count, 1) == length else { return nil }
      return (value.whole.isEmpty ? [0] : value.whole) + value.fraction
    }
    lower = digits(range.lower)
    upper = digits(range.upper)
    includesLower = range.lower?.isIncluded ?? true
    includesUpper = range.upper?.isIncluded ?? true
  }

  mutating func add(to network: inout CharacterNetwork, from: Int32) throws(GrammarError) {
    let start = Place(digits: 0, followsLower: lower != nil, followsUpper: upper != nil)
    states[start] = from
    var pending = [start]
    while let place = pending.popLast() {
      guard var state = states[place] else { continue }
      if place.digits >= length, accepts(place) { network.skip(state, to: final) }
      guard place.digits < length + fractionDigits else { continue }
      if place.digits == length {
        let point = try network.addState()
        network.connect(state, CharacterSet("."), to: point)
        state = point
      }
      let least = place.followsLower ? digit(place.digits, of: lower) : 0
      let most = place.followsUpper ? digit(place.digits, of: upper) : 9
      let first: UInt8 = place.digits == 0 && length > 1 ? 1 : 0
      guard max(least, first) <= most else { continue }
      for value in max(least, first)...most {
        let next = Place(
          digits: place.digits + 1, followsLower: place.followsLower && value == least,
          followsUpper: place.followsUpper && value == most)
        if states[next] == nil {
          states[next] = try network.addState()
          pending.append(next)
        }
        let character = UInt32(0x30 + value)
        network.connect(state, CharacterSet([character...character]), to: states[next] ?? final)
      }
    }
  }

  private func digit(_ place: Int, of bound: [UInt8]?) -> UInt8 {
    guard let bound, place < bound.count else { return 0 }
    return bound[place]
  }

  /// Whether the number may end here: what is not written counts as zeros.
  private func accepts(_ place: Place) -> Bool {
    if place.followsLower, let lower {
      if lower.dropFirst(place.digits).contains(where: { $0 != 0 }) { return false }
      if !includesLower { return false }
    }
    if place.followsUpper, let upper, !includesUpper {
      return upper.dropFirst(place.digits).contains { $0 != 0 }
    }
    return true
  }
}
