import MosoConversation
import MosoFormats
import MosoTemplates
import MosoTokenizers

/// One prompt in the making: it is rendered once to be read, and again wherever a place in it is looked for.
struct PromptJob {
  let builder: PromptBuilder
  let request: GenerationRequest
  let now: LocalTime
  let traits: TemplateTraits
  let callsAreNative: Bool
  let marks: PromptMarks
  let isUnchanged: @Sendable (ThinkingContent) -> Bool

  /// A rendered prompt without its marks, and where they stood.
  struct Rendering {
    var segments: [TextSegment]
    var places: [PromptMarks.Number: Int]
    var reader: TurnReader
    /// The mark behind the tools, where they are described in the rules.
    var toolsMark: PromptMarks.Number?
    /// The beginning of the answer, which stands behind the prompt.
    var prefill: [TextSegment]
  }

  /// How calls are written.
  var format: ToolCallFormat { builder.toolCallFormat }

  /// The tools that the model is told of: none where none may be used, and none that is yet to be searched for.
  var tools: [Tool] {
    if request.toolChoice?.kind == ToolChoice.Kind.none { return [] }
    return (request.tools ?? []).filter { $0.isDeferred != true }
  }

  /// Whether the template shows the tools.
  private var toolsAreNative: Bool { callsAreNative && traits.showsTools }

  /// Renders the prompt.
  ///
  /// - Parameters:
  ///   - setsMarks: Whether there are marks at the places worth keeping.
  ///   - tools: Other tools than the request's.
  func render(setsMarks: Bool, tools: [Tool]? = nil) throws(TemplateError) -> Rendering {
    let tools = tools ?? self.tools
    let reader = TurnReader(request, marks: marks, setsMarks: setsMarks, isUnchanged: isUnchanged)
    var marks = reader.marks
    var rules = reader.system.isEmpty ? [] : [reader.system]
    var toolsMark: PromptMarks.Number?
    if !tools.isEmpty && !toolsAreNative {
      let text = PromptInstructions.tools(
        tools, format: format, allowsParallelUse: request.toolChoice?.allowsParallelUse != false,
        resultsAreText: !callsAreNative)
      let example = marks.add(.controlText(PromptInstructions.exampleCall(format))).text
      let end = setsMarks ? marks.add(.place) : nil
      toolsMark = end?.number
      rules.append(text.before + example + text.after + (end?.text ?? ""))
    }
    if let text = PromptInstructions.output(request.outputFormat) { rules.append(text) }

    var shaper = TurnShaper(
      traits: traits, callsAreNative: callsAreNative, format: format, thinking: builder.thinkingFormat, marks: marks)
    var context = builder.variables(for: request, now: now)
    context["messages"] = .array(
      shaper.messages(system: rules.joined(separator: "\n\n"), turns: reader.turns))
    if !tools.isEmpty && toolsAreNative { context["tools"] = .array(tools.map(\.templateValue)) }
    let beginning = reader.prefill.map { shaper.text(of: $0) } ?? ""

    let found = shaper.marks.resolve(try builder.template.render(context: context, now: now))
    let prefill = shaper.marks.resolve([TextSegment(beginning, mayContainControlTokens: false)]).segments
    return Rendering(
      segments: found.segments, places: found.places, reader: reader, toolsMark: toolsMark, prefill: prefill)
  }
}

// MARK: - Places worth keeping

extension PromptJob {
  /// How many places one request may name; the API allows four.
  private static let mostBreakpoints = 8

  /// Where the blocks end that the request marked, in a prompt that was rendered without marks.
  ///
  /// A template that drops or repeats a block leaves its place unknown, and a template that writes something else because
  /// of the marks leaves all of them unknown. These are ignored: they only say what is worth keeping.
  func breakpoints(_ plain: Rendering) throws(TemplateError) -> [Prompt.Breakpoint] {
    guard hasBreakpoints else { return [] }
    let marked = try render(setsMarks: true)
    guard marked.segments == plain.segments else { return [] }
    var result: [Prompt.Breakpoint] = []
    func add(_ offset: Int?, _ control: CacheControl) {
      if let offset { result.append(Prompt.Breakpoint(offset: offset, control: control)) }
    }
    for index in tools.indices {
      guard let control = tools[index].cacheControl else { continue }
      add(try end(ofTool: index, marked), control)
    }
    // Tools come before the rules in the order of the request; templates mostly write them after the rules.
    var toolsEnd = 0
    if let last = tools.indices.last, let firstWord = marked.reader.firstWord.flatMap({ marked.places[$0] }),
      let end = try end(ofTool: last, marked), end <= firstWord
    {
      toolsEnd = end
    }
    for (mark, control, isInRules) in marked.reader.breakpoints {
      add(marked.places[mark].map { isInRules ? max($0, toolsEnd) : $0 }, control)
    }
    return Array(result.sorted { $0.offset < $1.offset }.suffix(Self.mostBreakpoints))
  }

  /// Whether any block or tool is marked.
  private var hasBreakpoints: Bool {
    request.cacheControl != nil || tools.contains { $0.cacheControl != nil }
      || ((request.system ?? []) + request.messages.flatMap(\.content)).contains(where: \.marksPlace)
  }

  /// Where a tool's description ends: there the prompt begins to differ from one in which another tool follows.
  private func end(ofTool index: Int, _ marked: Rendering) throws(TemplateError) -> Int? {
    guard toolsAreNative else { return marked.toolsMark.flatMap { marked.places[$0] } }
    let other = try render(setsMarks: false, tools: tools[...index] + [Tool(name: "another_tool")])
    let bytes = marked.segments.flatMap { Array($0.text.utf8) }
    var offset = zip(other.segments.flatMap { Array($0.text.utf8) }, bytes).prefix { $0 == $1 }.count
    // Two tools may begin with the same bytes of one character.
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }
}

extension ContentBlock {
  /// Whether the prompt up to the end of this block, or of one in it, is worth keeping.
  fileprivate var marksPlace: Bool {
    if cacheControl != nil { return true }
    if case .toolResult(let result) = kind { return result.content?.contains { $0.cacheControl != nil } == true }
    return false
  }
}
