/// Numbers as people read them: sizes in powers of ten, rates, and times.
public enum ByteCount {
  /// A size such as `98.4 MB`; below a thousand bytes it is exact.
  public static func text(_ bytes: Int) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    if bytes.magnitude < 1_000 { return "\(bytes) \(bytes == 1 ? "byte" : "bytes")" }
    var value = Double(bytes) / 1_000
    var unit = 0
    // A value that would be printed as 1000.0 belongs to the next unit.
    while value.magnitude >= 999.95, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    return "\(oneDecimal(value)) \(units[unit])"
  }

  /// A speed such as `11.2 MB/s`.
  public static func rate(_ bytesPerSecond: Double) -> String {
    guard bytesPerSecond.isFinite else { return "– B/s" }
    let bytes = Int(clamping: Int64(min(max(bytesPerSecond, 0), 9e18)))
    return bytes < 1_000 ? "\(bytes) B/s" : text(bytes) + "/s"
  }

  /// A time to wait such as `0:07`, `12:30`, `3:05:00` or `2 days`.
  public static func time(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    if seconds >= 48 * 3_600 { return "\(seconds / 86_400) days" }
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
