#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A moment to the millisecond, read and written as RFC 3339 has it.
public struct InternetTime: Sendable, Hashable, Comparable {
  /// Milliseconds since the beginning of 1970 in UTC, leap seconds not counted.
  public let milliseconds: Int

  /// The moment so many milliseconds after the beginning of 1970 in UTC.
  ///
  /// - Precondition: The moment lies in the years 0 to 9999, which are all that RFC 3339 can write.
  public init(milliseconds: Int) {
    precondition(Self.range.contains(milliseconds), "\(milliseconds) milliseconds are not in the years 0 to 9999")
    self.milliseconds = milliseconds
  }

  /// The moment at which this is called, as the system's clock has it.
  public static var now: InternetTime {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return InternetTime(milliseconds: 0) }
    let milliseconds = Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
    return InternetTime(milliseconds: min(max(milliseconds, range.lowerBound), range.upperBound))
  }

  /// The same moment without its fraction of a second.
  public var wholeSeconds: InternetTime {
    InternetTime(milliseconds: milliseconds - Self.floorModulo(milliseconds, 1_000))
  }

  public static func < (one: InternetTime, other: InternetTime) -> Bool { one.milliseconds < other.milliseconds }

  private static let range = daysFromCivil(0, 1, 1) * 86_400_000...daysFromCivil(10_000, 1, 1) * 86_400_000 - 1
}

// MARK: Writing

extension InternetTime: CustomStringConvertible {
  /// The moment in UTC, such as `2026-11-27T08:16:06Z`, with three digits of a fraction where there is one.
  public var description: String { text(withMilliseconds: Self.floorModulo(milliseconds, 1_000) != 0) }

  /// The moment in UTC, such as `2026-11-27T08:16:06.250Z`.
  public func text(withMilliseconds: Bool) -> String {
    let day = Self.floorDivision(milliseconds, 86_400_000)
    let rest = Self.floorModulo(milliseconds, 86_400_000)
    let date = Self.civilFromDays(day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func append(_ value: Int, _ digits: Int) {
      var divisor = 1
      for _ in 1..<digits { divisor *= 10 }
      while divisor > 0 {
        text.append(0x30 + UInt8(value / divisor % 10))
        divisor /= 10
      }
    }
    append(date.year, 4)
    text.append(UInt8(ascii: "-"))
    append(date.month, 2)
    text.append(UInt8(ascii: "-"))
    append(date.day, 2)
    text.append(UInt8(ascii: "T"))
    append(rest / 3_600_000, 2)
    text.append(UInt8(ascii: ":"))
    append(rest / 60_000 % 60, 2)
    text.append(UInt8(ascii: ":"))
    append(rest / 1_000 % 60, 2)
    if withMilliseconds {
      text.append(UInt8(ascii: "."))
      append(rest % 1_000, 3)
    }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }
}

// MARK: Reading

extension InternetTime {
  /// Reads a moment such as `2026-11-27T08:16:06Z` or `2026-11-27T09:16:06.25+01:00`; `nil` for anything else.
  ///
  /// Digits beyond the milliseconds are dropped.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard rest.count <= 40 else { return nil }
    func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
      guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      let value = rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
      rest = rest.dropFirst(digits)
      return range.contains(value) ? value : nil
    }
    func take(_ character: Unicode.Scalar) -> Bool {
      guard let byte = rest.first, byte == UInt8(ascii: character) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = number(4, 0...9_999), take("-"), let month = number(2, 1...12), take("-") else { return nil }
    guard let day = number(2, 1...Self.dayCount(year, month)), take("T") || take("t") else { return nil }
    guard let hour = number(2, 0...23), take(":"), let minute = number(2, 0...59), take(":") else { return nil }
    // A leap second is the moment at which the next minute begins.
    guard let second = number(2, 0...60) else { return nil }
    var fraction = 0
    if take(".") {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty else { return nil }
      rest = rest.dropFirst(digits.count)
      for position in 0..<3 {
        fraction = fraction * 10 + (digits.dropFirst(position).first.map { Int($0) - 0x30 } ?? 0)
      }
    }
    var offset = 0
    if !take("Z") && !take("z") {
      let isAhead = take("+")
      guard isAhead || take("-") else { return nil }
      guard let hours = number(2, 0...23), take(":"), let minutes = number(2, 0...59) else { return nil }
      offset = (hours * 60 + minutes) * (isAhead ? 1 : -1)
    }
    guard rest.isEmpty else { return nil }
    let minutes = Self.daysFromCivil(year, month, day) * 1_440 + hour * 60 + minute - offset
    let milliseconds = (minutes * 60 + second) * 1_000 + fraction
    guard Self.range.contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
  }
}

// MARK: Calendar

extension InternetTime {
  /// Days from 1970-01-01 to a day of the Gregorian calendar; years begin in March here, so that a leap day comes last.
  private static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let years = month > 2 ? year : year - 1
    let months = (month + 9) % 12
    let leapDays = floorDivision(years, 4) - floorDivision(years, 100) + floorDivision(years, 400)
    // From March on, months have 31 and 30 days by turns, five of them 153.
    return years * 365 + leapDays + (153 * months + 2) / 5 + day - 1 - 719_468
  }

  private static func civilFromDays(_ days: Int) -> (year: Int, month: Int, day: Int) {
    // 400 years have 146,097 days; within them the year is found from the average and set right.
    let days = days + 719_468
    let era = floorDivision(days, 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let months = (5 * dayOfYear + 2) / 153
    let month = months < 10 ? months + 3 : months - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * months + 2) / 5 + 1)
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func floorDivision(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }

  private static func floorModulo(_ value: Int, _ divisor: Int) -> Int {
    value - floorDivision(value, divisor) * divisor
  }
}
