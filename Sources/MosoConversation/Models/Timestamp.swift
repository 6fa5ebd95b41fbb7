/// Times as the Messages API writes them.
enum Timestamp {
  /// The moment `seconds` after the start of 1970 in UTC, as RFC 3339 writes it: `2026-10-21T00:00:00Z`.
  ///
  /// A moment outside the years 1 to 9999, which the format cannot say, becomes the nearest that it can.
  static func text(secondsSince1970 seconds: Int) -> String {
    let secondsBefore1970 = daysBefore(1970) * secondsOfDay
    let second = min(max(seconds, -secondsBefore1970), daysBefore(10_000) * secondsOfDay - secondsBefore1970 - 1)
    let sinceYear1 = second + secondsBefore1970
    let (day, time) = sinceYear1.quotientAndRemainder(dividingBy: secondsOfDay)
    // A year has at most 366 days, so this is never too late, and by less than 8 years too early.
    var year = day / 366 + 1
    while daysBefore(year + 1) <= day { year += 1 }
    var dayOfMonth = day - daysBefore(year)
    var month = 1
    while dayOfMonth >= length(ofMonth: month, in: year) {
      dayOfMonth -= length(ofMonth: month, in: year)
      month += 1
    }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth + 1, 2))"
    return "\(date)T\(padded(time / 3_600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
  }

  private static let secondsOfDay = 86_400

  /// The days from the start of the year 1 to the start of `year` in the Gregorian calendar.
  private static func daysBefore(_ year: Int) -> Int {
    let years = year - 1
    return 365 * years + years / 4 - years / 100 + years / 400
  }

  private static func length(ofMonth month: Int, in year: Int) -> Int {
    switch month {
    case 2: daysBefore(year + 1) - daysBefore(year) == 366 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
