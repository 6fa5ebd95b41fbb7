public import MosoConversation
import MosoFormats
public import MosoTemplates
public import MosoTokenizers

extension LanguageModel {
  /// The template for models that come with none: each message between `<|im_start|>` and `<|im_end|>` (ChatML).
  static let plainTemplate = """
    {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}\
    {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
    """

  /// The prompt that makes the model answer a conversation, in pieces that say where control tokens may be.
  ///
  /// - Throws: `TemplateError` when the model's template cannot be read or refuses the conversation.
  public func prompt(for conversation: Conversation, now: LocalTime = .current()) throws -> [TextSegment] {
    if let templateError { throw templateError }
    let template = try chatTemplate ?? ChatTemplate(source: Self.plainTemplate)
    var context = templateTokens
    context["messages"] = conversation.templateMessages
    context["add_generation_prompt"] = true
    return try template.render(context: context, now: now)
  }

  /// The texts of the tokens that templates name.
  var templateTokens: JSONObject {
    func piece(_ token: Int32?) -> JSONValue { .string(token.flatMap { tokenizer.piece(of: $0) } ?? "") }
    return ["bos_token": piece(tokenizer.beginningOfSequence), "eos_token": piece(tokenizer.endOfSequence)]
  }

  /// The tokens of a prompt; a beginning token is added where the model wants one and the template wrote none.
  public func tokens(of prompt: [TextSegment]) -> [Int32] {
    let tokens = tokenizer.encode(prompt)
    guard tokenizer.addsBeginningOfSequence, let beginning = tokenizer.beginningOfSequence,
      tokens.first != beginning
    else { return tokens }
    return [beginning] + tokens
  }
}
