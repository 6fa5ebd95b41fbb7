public import MosoFormats
public import MosoTokenizers

/// A chat template as models ship it: the Jinja program that turns a conversation into a prompt.
///
/// Templates are rendered as Hugging Face's `apply_chat_template` renders them. The prompt comes in segments that say
/// who wrote them: only in what the template itself wrote may the tokenizer recognise control tokens.
public struct ChatTemplate: Sendable {
  /// The template's text as it was given.
  public let sourceText: String
  let source: Source
  let names: NameTable
  let body: [Statement]

  /// Reads a template.
  ///
  /// - Throws: a ``TemplateError`` with the line and column of the first thing that is not understood.
  public init(source text: String) throws(TemplateError) {
    sourceText = text
    source = try Source(text)
    (body, names) = try Parser.parse(source)
  }

  /// Renders the template for a conversation.
  ///
  /// - Parameters:
  ///   - context: the variables the template sees: `messages`, `tools`, `add_generation_prompt`, `bos_token` …
  ///   - trusted: the places in `context` whose text may form control tokens.
  ///   - limits: the work and memory that rendering may take.
  ///   - now: the time that `strftime_now` writes.
  /// - Returns: the prompt in pieces; neighbours differ in whether control tokens may be recognised in them.
  /// - Throws: a ``TemplateError`` when the template refuses the conversation, is wrong, or goes past a limit.
  public func render(
    context: JSONObject,
    trusted: [TrustedInput] = TrustedInput.standard,
    limits: TemplateLimits = .standard,
    now: LocalTime = .current()
  ) throws(TemplateError) -> [TextSegment] {
    let renderer = Renderer(source: source, names: names, limits: limits, now: now)
    return try renderer.render(body, context: context, trusted: trusted).segments
  }
}
