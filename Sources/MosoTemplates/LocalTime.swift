/// A moment on the wall clock of one place, which `strftime_now` writes.
public struct LocalTime: Sendable, Hashable {
  /// The year of the Gregorian calendar.
  public var year: Int
  /// From 1.
  public var month: Int
  /// From 1.
  public var day: Int
  /// The hour of the day, from 0 to 23.
  public var hour: Int
  /// The minute, from 0 to 59.
  public var minute: Int
  /// The second, from 0 to 60.
  public var second: Int

  /// A time by the clock on the wall, whatever the zone.
  public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// Days since 1970-01-01, by the rules of the Gregorian calendar.
  private var dayNumber: Int {
    // Counting years from March puts the leap day at their end.
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// 0 is Sunday.
  private var weekday: Int { ((dayNumber + 4) % 7 + 7) % 7 }
  /// 0 is the first of January.
  private var dayOfYear: Int { dayNumber - LocalTime(year: year, month: 1, day: 1).dayNumber }
}

extension LocalTime {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// The time in the layout of C's `strftime`, in English; `%-d` leaves out the padding, as in the GNU library.
  func formatted(_ format: String) -> String {
    var result = ""
    var rest = format.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      var flag: Unicode.Scalar?
      if let next = rest.first, ["-", "_", "0", "^"].contains(next) { flag = rest.popFirst() }
      guard let directive = rest.popFirst() else {
        result += "%" + (flag.map(String.init) ?? "")
        break
      }
      if let text = field(directive, flag) {
        result += flag == "^" ? text.uppercased() : text
      } else {
        result += "%" + (flag.map(String.init) ?? "") + String(directive)
      }
    }
    return result
  }

  private func field(_ directive: Unicode.Scalar, _ flag: Unicode.Scalar?) -> String? {
    func padded(_ number: Int, _ width: Int, _ fill: Character = "0") -> String {
      let fill: Character = flag == "_" ? " " : flag == "0" ? "0" : fill
      let text = String(number)
      return flag == "-" ? text : String(repeating: fill, count: max(0, width - text.count)) + text
    }
    let hour12 = hour % 12 == 0 ? 12 : hour % 12
    let monthName = Self.months.indices.contains(month - 1) ? Self.months[month - 1] : "?"
    switch directive {
    case "Y": return String(year)
    case "C": return padded(year / 100, 2)
    case "y": return padded((year % 100 + 100) % 100, 2)
    case "m": return padded(month, 2)
    case "d": return padded(day, 2)
    case "e": return padded(day, 2, " ")
    case "H": return padded(hour, 2)
    case "k": return padded(hour, 2, " ")
    case "I": return padded(hour12, 2)
    case "l": return padded(hour12, 2, " ")
    case "M": return padded(minute, 2)
    case "S": return padded(second, 2)
    case "f": return "000000"
    case "j": return padded(dayOfYear + 1, 3)
    case "p": return hour < 12 ? "AM" : "PM"
    case "P": return hour < 12 ? "am" : "pm"
    case "B": return monthName
    case "b", "h": return String(monthName.prefix(3))
    case "A": return Self.weekdays[weekday]
    case "a": return String(Self.weekdays[weekday].prefix(3))
    case "w": return String(weekday)
    case "u": return String(weekday == 0 ? 7 : weekday)
    case "U": return padded((dayOfYear + 7 - weekday) / 7, 2)
    case "W": return padded((dayOfYear + 7 - (weekday + 6) % 7) / 7, 2)
    // The time has no zone, so that these two are empty, as for Python's `datetime.now()`.
    case "z", "Z": return ""
    case "D", "x": return formatted("%m/%d/%y")
    case "F": return formatted("%Y-%m-%d")
    case "T", "X": return formatted("%H:%M:%S")
    case "R": return formatted("%H:%M")
    case "r": return formatted("%I:%M:%S %p")
    case "c": return formatted("%a %b %e %H:%M:%S %Y")
    case "n": return "\n"
    case "t": return "\t"
    case "%": return "%"
    default: return nil
    }
  }
}
