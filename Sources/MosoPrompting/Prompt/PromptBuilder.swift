public import MosoConversation
public import MosoFormats
public import MosoTemplates
import MosoTokenizers

/// Turns requests into prompts, with whatever chat template a model has.
///
/// ```swift
/// let builder = PromptBuilder(template: template, tokens: ["bos_token": "<s>", "eos_token": "</s>"])
/// let prompt = try builder.prompt(for: request)
/// ```
///
/// Making one tries the template with some thirty small conversations, so make it once for a model and keep it.
public struct PromptBuilder: Sendable {
  /// The model's template, or the plain one.
  public let template: ChatTemplate
  /// What the template was found to know.
  public let traits: TemplateTraits
  /// How the model writes calls of tools.
  public let toolCallFormat: ToolCallFormat
  /// What stands around the model's thoughts.
  public let thinkingFormat: ThinkingFormat
  /// Whether calls and results go to the template as such.
  let callsAreNative: Bool
  private let tokens: JSONObject
  private let isUnchanged: @Sendable (ThinkingContent) -> Bool

  /// The template for models that come with none: each message between `<|im_start|>` and `<|im_end|>` (ChatML).
  static let plainTemplate = """
    {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}\
    {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
    """

  /// A builder for a model.
  ///
  /// - Parameters:
  ///   - template: The model's chat template; `nil` for ChatML.
  ///   - tokens: The texts of the tokens that templates name: `bos_token`, `eos_token` …; these may form control tokens.
  ///   - toolCallFormat: How the model writes calls; `nil` for what the template's source shows.
  ///   - thinkingFormat: What stands around its thoughts; `nil` for what the template's source shows.
  ///   - isUnchanged: Whether thoughts that come back are what their signature says; others are left out of the prompt.
  /// - Throws: `TemplateError`, only where the plain template cannot be read.
  public init(
    template: ChatTemplate?, tokens: JSONObject = [:], toolCallFormat: ToolCallFormat? = nil,
    thinkingFormat: ThinkingFormat? = nil, isUnchanged: @escaping @Sendable (ThinkingContent) -> Bool = { _ in false }
  ) throws(TemplateError) {
    if let template { self.template = template } else { self.template = try ChatTemplate(source: Self.plainTemplate) }
    let source = self.template.sourceText
    let thinking = thinkingFormat ?? .detect(inTemplate: source)
    let format = toolCallFormat ?? .detect(inTemplate: source)
    traits = TemplateProbe.traits(
      of: self.template, tokens: tokens, thinks: thinking != nil || format == .harmony, thinksInText: thinking != nil)
    callsAreNative = format != nil && traits.showsCalls
    self.toolCallFormat = (callsAreNative ? format : toolCallFormat) ?? .hermes
    self.thinkingFormat = thinking ?? .think
    self.tokens = tokens
    self.isUnchanged = isUnchanged
  }
}

extension PromptBuilder {
  /// The prompt that makes the model answer a request.
  ///
  /// - Parameters:
  ///   - now: The time that the template may tell the model.
  ///   - generator: What marks of places in the prompt are drawn from; it has to be unguessable.
  /// - Throws: `TemplateError` when the template is wrong, or refuses even turns of plain text that alternate.
  public func prompt(
    for request: GenerationRequest, now: LocalTime = .current(),
    using generator: inout some RandomNumberGenerator
  ) throws(TemplateError) -> Prompt {
    let marks = PromptMarks(using: &generator)
    do throws(TemplateError) {
      return try prompt(for: request, now: now, marks: marks, traits: traits, callsAreNative: callsAreNative)
    } catch  where error.raisedMessage != nil {
      // A conversation that the trials did not foresee: say it in the plainest way. What that throws is less telling.
      guard
        let plain = try? prompt(
          for: request, now: now, marks: marks, traits: plainTraits, callsAreNative: false)
      else { throw error }
      return plain
    }
  }

  /// The prompt that makes the model answer a request, with marks from the system's generator.
  public func prompt(for request: GenerationRequest, now: LocalTime = .current()) throws(TemplateError) -> Prompt {
    var generator = SystemRandomNumberGenerator()
    return try prompt(for: request, now: now, using: &generator)
  }

  /// What every template knows that knows what this one's trials say of contents.
  private var plainTraits: TemplateTraits {
    var plain = TemplateTraits.least
    plain.wantsContentParts = traits.wantsContentParts
    return plain
  }

  private func prompt(
    for request: GenerationRequest, now: LocalTime, marks: PromptMarks, traits: TemplateTraits, callsAreNative: Bool
  ) throws(TemplateError) -> Prompt {
    let job = PromptJob(
      builder: self, request: request, now: now, traits: traits, callsAreNative: callsAreNative, marks: marks,
      isUnchanged: isUnchanged)
    let plain = try job.render(setsMarks: false)
    var prompt = Prompt(
      segments: plain.segments, breakpoints: try job.breakpoints(plain), answerStart: .text, tools: job.tools,
      toolCallFormat: job.format, thinkingFormat: thinkingFormat)
    finish(&prompt, prefill: plain.prefill)
    return prompt
  }

  /// Puts the beginning of the answer behind the prompt, and finds out what the prompt has opened.
  private func finish(_ prompt: inout Prompt, prefill: [TextSegment]) {
    let ending = prompt.segments.last.map { $0.mayContainControlTokens ? $0.text : "" } ?? ""
    let reversed = ending.unicodeScalars.reversed().drop { $0.properties.isWhitespace }
    func ends(with text: String) -> Bool { reversed.starts(with: text.unicodeScalars.reversed()) }
    // What has to be written before an answer's beginning, which is no thought and no header.
    let closing: String
    if ends(with: thinkingFormat.opening) {
      prompt.answerStart = .thinking
      closing = "\n\(thinkingFormat.closing)\n\n"
    } else if prompt.toolCallFormat == .harmony, ends(with: "<|start|>assistant") {
      prompt.answerStart = .header
      closing = "<|channel|>final<|message|>"
    } else {
      closing = ""
    }
    guard !prefill.isEmpty else { return }
    prompt.answerStart = .text
    prompt.isContinued = true
    var writer = SegmentWriter()
    prompt.segments.forEach { writer.append($0) }
    writer.append(TextSegment(closing, mayContainControlTokens: true))
    prefill.forEach { writer.append($0) }
    prompt.segments = writer.segments
  }

  /// The variables of the template that do not depend on messages and tools.
  func variables(for request: GenerationRequest, now: LocalTime) -> JSONObject {
    var variables: JSONObject = ["add_generation_prompt": true]
    let thinks =
      switch request.thinking?.mode {
      case nil, .disabled: false
      case .enabled, .adaptive, .betweenTools: true
      }
    variables["enable_thinking"] = .bool(thinks)
    variables["thinking"] = .bool(thinks)
    if let effort = request.effort {
      let level = effort == "minimal" ? "low" : effort
      variables["reasoning_effort"] = .string(["low", "medium"].contains(level) ? level : "high")
    }
    variables["date_string"] = .string(now.dayMonthYear)
    // What other servers' clients send for the template alone.
    for (name, value) in request.unknown[""]?["chat_template_kwargs"]?.objectValue ?? [:]
    where !["messages", "tools", "add_generation_prompt"].contains(name) {
      variables[name] = value
    }
    for (name, value) in tokens { variables[name] = value }
    return variables
  }
}

extension LocalTime {
  /// The date as Llama's templates write it: `26 Jul 2024`.
  fileprivate var dayMonthYear: String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let name = months.indices.contains(month - 1) ? months[month - 1] : "?"
    return "\(day < 10 ? "0" : "")\(day) \(name) \(year)"
  }
}
