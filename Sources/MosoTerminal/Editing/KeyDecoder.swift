/// Turns the bytes a terminal sends into key events.
///
/// A pure state machine: bytes may be cut anywhere, and every state is bounded, whatever arrives. The sequences are those of
/// ECMA-48 as xterm, the Linux console, rxvt and the kitty keyboard protocol use them; unknown ones are dropped.
public struct KeyDecoder: Sendable {
  private enum State: Equatable {
    case ground
    case escape
    /// After `ESC [`: the parameter bytes so far.
    case sequence([UInt8])
    /// After `ESC O`.
    case singleShift
    /// After `ESC [ [`, the Linux console's function keys: one byte follows.
    case consoleFunctionKey
    case paste
  }

  private var state = State.ground
  /// Bytes of text that are not yet an event; between calls only the beginning of a character.
  private var text: [UInt8] = []
  private var pasted: [UInt8] = []
  private var isOversizedPaste = false
  private var hasPausedInPaste = false
  private let pasteLimit: Int

  private static let longestSequence = 32
  private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]  // ESC [ 201 ~

  /// A decoder that has read nothing yet.
  ///
  /// - Parameter pasteLimit: the longest paste, in bytes, that becomes an event with its text.
  public init(pasteLimit: Int = 1 << 22) {
    self.pasteLimit = pasteLimit
  }

  /// Whether the bytes so far may be a complete key or the beginning of a longer one, so that only time can tell.
  public var isAmbiguous: Bool {
    switch state {
    case .ground, .paste: false
    case .escape, .sequence, .singleShift, .consoleFunctionKey: true
    }
  }

  /// Whether a paste has begun and not ended.
  public var isPasting: Bool { state == .paste }

  /// Takes the next bytes and appends what they mean to `events`.
  public mutating func decode(_ bytes: some Collection<UInt8>, into events: inout [KeyEvent]) {
    var rest = Array(bytes)[...]
    while let byte = rest.first {
      if state == .paste && !hasPausedInPaste {
        decodePaste(&rest, &events)
        continue
      }
      rest.removeFirst()
      switch state {
      case .ground: decodeGround(byte, &events)
      case .escape: decodeEscape(byte, &events)
      case .sequence(let parameters): decodeSequence(byte, parameters, &events)
      case .singleShift:
        state = .ground
        if let event = KeySequence(parameters: [], final: byte).event { events.append(event) }
      case .consoleFunctionKey: state = .ground
      case .paste: decodeAfterPause(byte, &events)
      }
    }
    flushText(into: &events, keepingIncomplete: true)
  }

  /// Says that nothing more came for a while: a lone escape byte was the Escape key.
  public mutating func pause(into events: inout [KeyEvent]) {
    switch state {
    case .ground: break
    case .escape:
      events.append(.escape)
      state = .ground
    case .sequence, .singleShift, .consoleFunctionKey: state = .ground
    case .paste: hasPausedInPaste = true
    }
  }
}

extension KeyDecoder {
  private mutating func decodeGround(_ byte: UInt8, _ events: inout [KeyEvent]) {
    if byte >= 0x20 && byte != 0x7F {
      text.append(byte)
      return
    }
    flushText(into: &events, keepingIncomplete: false)
    switch byte {
    case 0x1B: state = .escape
    case 0x0D: events.append(.enter)
    case 0x0A: events.append(.newline)
    case 0x09: events.append(.tab)
    case 0x08, 0x7F: events.append(.backspace)
    case 0x01...0x1A: events.append(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x1C...0x1F: events.append(.control(Character(Unicode.Scalar(byte + 0x40))))
    default: break  // Ctrl-Space
    }
  }

  private mutating func decodeEscape(_ byte: UInt8, _ events: inout [KeyEvent]) {
    state = .ground
    switch byte {
    case 0x5B: state = .sequence([])
    case 0x4F: state = .singleShift
    case 0x1B:
      events.append(.escape)
      state = .escape
    case 0x0D, 0x0A: events.append(.newline)
    case 0x08, 0x7F: events.append(.wordBackspace)
    case 0x21..<0x7F: events.append(.alt(Character(Unicode.Scalar(byte))))
    case 0x80...: text.append(byte)
    default: break
    }
  }

  private mutating func decodeSequence(_ byte: UInt8, _ parameters: [UInt8], _ events: inout [KeyEvent]) {
    switch byte {
    case 0x5B where parameters.isEmpty: state = .consoleFunctionKey
    case 0x20..<0x40:
      // Too long to be a key: the rest is still swallowed, but not kept.
      state = .sequence(parameters.count < Self.longestSequence ? parameters + [byte] : parameters)
    case 0x40..<0x7F:
      state = .ground
      let sequence = KeySequence(parameters: parameters, final: byte)
      if sequence.beginsPaste {
        state = .paste
        pasted = []
        isOversizedPaste = false
        hasPausedInPaste = false
      } else if let event = sequence.event {
        events.append(event)
      }
    case 0x1B: state = .escape
    default:
      state = .ground
      decodeGround(byte, &events)
    }
  }

  /// The end of the paste may have been lost on the way; Ctrl-C after a pause is the user's way out.
  private mutating func decodeAfterPause(_ byte: UInt8, _ events: inout [KeyEvent]) {
    hasPausedInPaste = false
    if byte == 0x03 {
      state = .ground
      events.append(.control("c"))
    } else {
      var rest = [byte][...]
      decodePaste(&rest, &events)
    }
  }

  /// Takes pasted bytes up to the next that may end the paste.
  private mutating func decodePaste(_ rest: inout ArraySlice<UInt8>, _ events: inout [KeyEvent]) {
    let end = rest.firstIndex(of: 0x7E).map { $0 + 1 } ?? rest.endIndex
    pasted += rest[..<end]
    rest = rest[end...]
    let tail = pasted.suffix(Self.pasteEnd.count)
    if tail.elementsEqual(Self.pasteEnd) {
      state = .ground
      pasted.removeLast(tail.count)
      isOversizedPaste = isOversizedPaste || pasted.count > pasteLimit
      events.append(isOversizedPaste ? .oversizedPaste(limit: pasteLimit) : .paste(Self.cleaned(pasted)))
      pasted = []
    } else if pasted.count > pasteLimit + tail.count {
      isOversizedPaste = true
      pasted = Array(tail)
    }
  }

  /// Emits the text gathered so far, except a character whose last bytes have not arrived.
  private mutating func flushText(into events: inout [KeyEvent], keepingIncomplete: Bool) {
    guard !text.isEmpty else { return }
    let incomplete = keepingIncomplete ? Self.incompleteSuffixLength(text) : 0
    let complete = text.dropLast(incomplete)
    let decoded = String(decoding: complete, as: UTF8.self)
    let typed = decoded.unicodeScalars.filter { !HarmlessText.isDangerous($0) }
    if !typed.isEmpty { events.append(.text(String(String.UnicodeScalarView(typed)))) }
    text = Array(text.suffix(incomplete))
  }

  /// How many bytes at the end begin a UTF-8 character that needs more (RFC 3629, section 3).
  static func incompleteSuffixLength(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let needed =
        switch byte {
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 1
        }
      return needed > length ? length : 0
    }
    return 0
  }

  /// Pasted text with newlines of one kind and no other control characters than tabs.
  static func cleaned(_ bytes: [UInt8]) -> String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar == "\r" {
        result.append("\n")
      } else if scalar == "\n" {
        if previous != "\r" { result.append("\n") }
      } else if !HarmlessText.isDangerous(scalar) {
        result.append(scalar)
      }
      previous = scalar
    }
    return String(result)
  }
}
