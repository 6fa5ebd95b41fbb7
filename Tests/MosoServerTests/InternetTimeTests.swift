import MosoServer
import Testing

/// Times as RFC 3339 writes them.
@Suite("InternetTime") struct InternetTimeTests {
  // As GNU date says: date -u -d @SECONDS +%FT%TZ.
  @Test(
    "A moment is written in UTC and read back",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
      (1_795_780_566, "2026-11-27T11:56:06Z"), (-1, "1969-12-31T23:59:59Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
      (-62_162_121_600, "0000-02-29T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
      (1_709_164_800, "2024-02-29T00:00:00Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
    ])
  func text(seconds: Int, text: String) {
    #expect(InternetTime(milliseconds: seconds * 1_000).description == text)
    #expect(InternetTime(text)?.milliseconds == seconds * 1_000)
  }

  @Test("Every day of two hundred years comes back as itself, after the one before")
  func everyDay() {
    var previous = ""
    var wrong: [String] = []
    for day in -27_000...46_752 {
      let time = InternetTime(milliseconds: day * 86_400_000 + 1)
      let text = time.text(withMilliseconds: true)
      if InternetTime(text) != time || previous >= text { wrong.append(text) }
      previous = text
    }
    #expect(wrong.isEmpty)
    #expect(previous == "2098-01-01T00:00:00.001Z")
  }

  @Test("A fraction has three digits, before 1970 too")
  func fractions() {
    #expect(InternetTime(milliseconds: 5).description == "1970-01-01T00:00:00.005Z")
    #expect(InternetTime(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    #expect(InternetTime(milliseconds: -1).wholeSeconds.description == "1969-12-31T23:59:59Z")
    #expect(InternetTime(milliseconds: 0).text(withMilliseconds: true) == "1970-01-01T00:00:00.000Z")
  }

  @Test(
    "Offsets and fractions are read",
    arguments: [
      ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T18:30:00-05:30", 0), ("1970-01-01t00:00:00.5z", 500),
      ("1970-01-01T00:00:00.1234567Z", 123), ("1970-01-01T00:00:60Z", 60_000),
    ])
  func reading(text: String, milliseconds: Int) {
    #expect(InternetTime(text)?.milliseconds == milliseconds)
  }

  @Test(
    "What is no time is not read",
    arguments: [
      "", "2026", "2026-11-27", "2026-11-27T08:16:06", "2026-11-27 08:16:06Z", "2026-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z",
      "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00ZZ", "+026-01-01T00:00:00Z",
      "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-01-01T00:00:00.00000000000000000000Z",
    ])
  func malformed(text: String) {
    #expect(InternetTime(text) == nil)
  }

  @Test("Now is after these lines were written")
  func now() throws {
    #expect(try InternetTime.now > #require(InternetTime("2026-11-01T00:00:00Z")))
  }
}
