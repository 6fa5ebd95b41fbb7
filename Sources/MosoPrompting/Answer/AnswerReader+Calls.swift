import MosoConversation

extension AnswerReader {
  /// Begins to read calls after their marker, or at their first brace.
  mutating func beginCalls(_ marker: [UInt8]) {
    guard let syntax else { return }
    untold = marker
    // Where no marker tells a call from any other JSON, the tool's name has to.
    let names = marker.isEmpty ? toolNames : nil
    mode = .calls(CallReader(syntax.steps, streams: options.callsAreCertain, names: names, kinds: argumentKinds))
  }

  /// Takes a byte where calls are read.
  ///
  /// - Returns: Whether it belongs to them; if not, they are over, and the byte is still to be taken.
  mutating func takeInCalls(_ byte: UInt8) -> Bool {
    guard case .calls(var calls) = mode else { return false }
    // Frees the reader's arrays from their second owner.
    mode = .text
    let outcome = calls.take(byte)
    let outputs = calls.takeOutputs()
    tell(outputs)
    switch outcome {
    case .goesOn:
      if outputs.isEmpty { untold.append(byte) } else { untold = [] }
      mode = .calls(calls)
    case .ended: endCalls()
    case .endedBefore:
      endCalls()
      return false
    case .broken:
      mode = .calls(calls)
      giveUp()
      return false
    }
    return true
  }

  private mutating func endCalls() {
    untold = []
    dropsSpace = true
    mode = .text
  }

  private mutating func tell(_ outputs: [CallReader.Output]) {
    for output in outputs {
      switch output {
      case .begin(let name):
        space = []
        blocks.beginToolUse(name: name)
      case .arguments(let bytes): blocks.writeArguments(bytes)
      case .end:
        blocks.close()
        dropsSpace = true
      }
    }
  }

  /// Takes what looked like calls or a header for text; a call that is being told ends where it is.
  mutating func giveUp() {
    if case .calls(let calls) = mode, calls.isInArguments {
      blocks.close()
      dropsSpace = true
    }
    mode = .text
    let bytes = untold
    untold = []
    for byte in bytes { say(byte) }
  }
}
