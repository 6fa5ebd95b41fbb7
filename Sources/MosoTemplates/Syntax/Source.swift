/// A template's source with the line ends of every platform written as `\n`, as the reference implementation does
/// before it reads a character.
struct Source: Sendable {
  let bytes: [UInt8]

  init(_ text: String) throws(TemplateError) {
    guard text.utf8.count <= TemplateLimits.sourceBytes else {
      throw TemplateError(reason: .limit(.sourceBytes, allowed: TemplateLimits.sourceBytes), line: 1, column: 1)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var afterReturn = false
    for byte in text.utf8 {
      switch byte {
      case 0x0D: bytes.append(0x0A)
      case 0x0A where afterReturn: break
      default: bytes.append(byte)
      }
      afterReturn = byte == 0x0D
    }
    // One line end at the very end belongs to the file and not to the prompt.
    if bytes.last == 0x0A { bytes.removeLast() }
    self.bytes = bytes
  }

  /// Line and column, both from 1, of a byte offset.
  func lineAndColumn(of offset: Int) -> (line: Int, column: Int) {
    let before = bytes[..<min(offset, bytes.count)]
    let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return (line, UTF8Text.count(in: before[lineStart...]) + 1)
  }

  func error(_ reason: TemplateError.Reason, at offset: Int) -> TemplateError {
    let (line, column) = lineAndColumn(of: offset)
    return TemplateError(reason: reason, line: line, column: column)
  }
}
