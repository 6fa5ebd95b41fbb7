/// Well-formed UTF-8 that is read one character class at a time.
struct ClassifiedText {
  let bytes: [UInt8]
  let table: CharacterClassTable

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    table = .shared
  }

  /// The class of the character that starts at `index`, and where the next one starts.
  @inline(__always)
  func character(at index: Int) -> (kind: CharacterClass, next: Int) {
    let lead = bytes[index]
    if lead < 0x80 { return (table.ascii(lead), index + 1) }
    let (codePoint, next) = longCharacter(at: index, lead: lead)
    return (table[codePoint], next)
  }

  /// The code point of the character of two to four bytes at `index`, and where the next one starts.
  @inline(__always)
  func longCharacter(at index: Int, lead: UInt8) -> (codePoint: UInt32, next: Int) {
    let second = UInt32(bytes[index + 1] & 0x3F)
    if lead < 0xE0 { return (UInt32(lead & 0x1F) << 6 | second, index + 2) }
    let third = UInt32(bytes[index + 2] & 0x3F)
    if lead < 0xF0 { return (UInt32(lead & 0x0F) << 12 | second << 6 | third, index + 3) }
    let fourth = UInt32(bytes[index + 3] & 0x3F)
    return (UInt32(lead & 0x07) << 18 | second << 12 | third << 6 | fourth, index + 4)
  }

  /// The end of the run of characters, from `start`, that each meet `kinds`.
  @inline(__always)
  func endOfRun(of kinds: CharacterClass, from start: Int, limit: Int) -> Int {
    var position = start
    while position < limit {
      let (kind, next) = character(at: position)
      if !kind.meets(kinds) { break }
      position = next
    }
    return position
  }

  /// The end of the run of characters, from `start`, none of which meets `kinds`.
  @inline(__always)
  func endOfRun(outside kinds: CharacterClass, from start: Int, limit: Int) -> Int {
    var position = start
    while position < limit {
      let (kind, next) = character(at: position)
      if kind.meets(kinds) { break }
      position = next
    }
    return position
  }

  /// Where the character that ends at `end` starts.
  @inline(__always)
  func startOfCharacter(endingAt end: Int) -> Int {
    var position = end - 1
    while bytes[position] & 0xC0 == 0x80 { position -= 1 }
    return position
  }
}
