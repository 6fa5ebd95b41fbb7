/// Writes quantities for people: sizes in decimal units, rates, durations; the same in every locale.
public enum QuantityFormat {
  private static let byteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]

  /// A size such as `98.0 MB`, in powers of 1000 as disks and networks are sold.
  public static func bytes(_ count: Int) -> String {
    scaledBytes(Double(count))
  }

  /// A transfer rate such as `12.3 MB/s`.
  public static func byteRate(_ bytesPerSecond: Double) -> String {
    "\(scaledBytes(bytesPerSecond))/s"
  }

  /// A whole number with its thousands set apart: `150,000`.
  public static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return number < 0 ? "-\(result)" : result
  }

  /// A length of time such as `850 ms`, `4.2 s`, `1 min 20 s` or `2 h 05 min`.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let seconds = max(0, seconds)
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return "\(fixed(seconds, digits: 1)) s" }
    guard let whole = Int(exactly: seconds.rounded()) else { return "?" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    let minutes = (whole + 30) / 60
    if minutes < 48 * 60 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
    return "\(minutes / 1440) days"
  }

  /// `value` with exactly `digits` digits after the point.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "?" }
    let scale = (0..<max(0, digits)).reduce(1.0) { scale, _ in scale * 10 }
    guard let scaled = Int(exactly: (value.magnitude * scale).rounded()) else { return "\(value)" }
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  /// `value` to three significant digits, or as a whole number when it has more.
  public static func threeDigits(_ value: Double) -> String {
    let size = value.magnitude
    return fixed(value, digits: size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
  }

  private static func scaledBytes(_ value: Double) -> String {
    guard value.isFinite else { return "? B" }
    var scaled = value
    var unit = 0
    // The limit is where one digit after the point would round up to 1000.
    while scaled.magnitude >= (unit == 0 ? 999.5 : 999.95) && unit + 1 < byteUnits.count {
      scaled /= 1000
      unit += 1
    }
    return "\(fixed(scaled, digits: unit == 0 ? 0 : 1)) \(byteUnits[unit])"
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
