/// Whether texts have the formats of JSON Schema, checked part by part and not by one expression.
enum FormatCheck {
  static func isValid(_ text: String, _ format: String) throws -> Bool {
    switch format {
    case "date": return isDate(text)
    case "time": return isTime(text)
    case "date-time":
      let parts = text.split(separator: "T", maxSplits: 1)
      return parts.count == 2 && isDate(String(parts[0])) && isTime(String(parts[1]))
    case "email":
      let parts = text.split(separator: "@", omittingEmptySubsequences: false)
      let atoms = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 2 && atoms.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        && isHostname(String(parts[1]))
    case "hostname": return isHostname(text)
    case "ipv4": return isIPv4(text)
    case "ipv6": return isIPv6(text)
    case "uuid":
      let groups = text.split(separator: "-", omittingEmptySubsequences: false)
      return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    case "duration": return isDuration(text)
    case "uri":
      guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isLetter else { return false }
      let marks = "-._~:/?#@!$&'()*+,;=%"
      return text[..<colon].allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
        && text.count { $0 == "#" } <= 1
    default: return true
    }
  }

  private static func number(_ text: some StringProtocol, digits: Int) -> Int? {
    text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
      let day = number(parts[2], digits: 2), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  private static func isTime(_ text: String) -> Bool {
    var clock = text[...]
    if clock.hasSuffix("Z") {
      clock = clock.dropLast()
    } else {
      let zone = clock.suffix(6)
      guard let sign = zone.first, sign == "+" || sign == "-", isClock(zone.dropFirst() + ":00") else { return false }
      clock = clock.dropLast(6)
    }
    if let point = clock.firstIndex(of: ".") {
      let fraction = clock[clock.index(after: point)...]
      guard !fraction.isEmpty, fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
      clock = clock[..<point]
    }
    return isClock(String(clock))
  }

  private static func isClock(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2),
      let second = number(parts[2], digits: 2)
    else { return false }
    return hour < 24 && minute < 60 && second < 60
  }

  private static func isHostname(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy {
            Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) || $0 == 0x2D
          }
      }
  }

  private static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in Int(part).map { (0...255).contains($0) && String($0) == part } ?? false }
  }

  private static func isIPv6(_ text: String) -> Bool {
    func groups(_ text: Substring) -> Int? {
      if text.isEmpty { return 0 }
      var count = 0
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index == parts.count - 1, part.contains(".") {
          guard isIPv4(String(part)) else { return nil }
          count += 2
        } else {
          guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit) else { return nil }
          count += 1
        }
      }
      return count
    }
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    switch halves.count {
    case 1: return groups(halves[0]) == 8
    case 2: return groups(halves[0]).flatMap { one in groups(halves[1]).map { one + $0 <= 7 } } ?? false
    default: return false
    }
  }

  private static func isDuration(_ text: String) -> Bool {
    guard text.first == "P", text.count > 1, text.last != "T" else { return false }
    var order = Array("YMWD")
    var digits = 0
    var isTime = false
    for character in text.dropFirst() {
      if character.isNumber {
        digits += 1
      } else if character == "T", !isTime, digits == 0 {
        isTime = true
        order = Array("HMS")
      } else if let place = order.firstIndex(of: character), digits > 0 {
        order.removeSubrange(...place)
        digits = 0
      } else {
        return false
      }
    }
    return digits == 0
  }
}
