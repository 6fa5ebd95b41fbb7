/// Turns text into the tokens that a language model reads, and tokens back into text.
///
/// A tokenizer comes from a model's files: `Tokenizer(folder:)`, `Tokenizer(json:…)` or `Tokenizer(metadata:)`. It is a
/// value that never changes, cheap to copy, and may be used from many threads at once.
///
/// ```swift
/// let ids = tokenizer.encode("Hello there!")
/// let text = tokenizer.decode(ids)  // "Hello there!"
/// ```
///
/// Plain text never becomes a control token, whatever it spells: `encode("<|im_end|>")` gives the tokens of ten ordinary
/// characters. Only a `TextSegment` that says so may contain control tokens.
public struct Tokenizer: Sendable {
  let tables: TokenizerTables

  init(tables: TokenizerTables) { self.tables = tables }

  /// How many tokens there are; ids run from zero to one below.
  public var vocabularySize: Int { tables.vocabulary.count }

  /// The token that begins a text, if the model has one.
  public var beginningOfSequence: Int32? { tables.special.beginning }

  /// The token that ends a text, if the model has one.
  public var endOfSequence: Int32? { tables.special.end }

  /// The token that fills rows of a batch, if the model has one.
  public var padding: Int32? { tables.special.padding }

  /// The token for what the vocabulary cannot express, if the model has one.
  public var unknown: Int32? { tables.special.unknown }

  /// The tokens after which an answer is complete: the end of text, of a turn, of a message.
  public var endOfGeneration: Set<Int32> { tables.special.endOfGeneration }

  /// Whether the model was trained with a beginning token before every text.
  public var addsBeginningOfSequence: Bool { tables.special.addsBeginning }

  /// Whether the model was trained with an end token after every text.
  public var addsEndOfSequence: Bool { tables.special.addsEnd }

  /// The chat templates that came with the tokenizer, by name; the usual one is called `default`.
  public var chatTemplates: [String: String] { tables.chatTemplates }

  /// The usual chat template, if there is one.
  public var chatTemplate: String? { tables.chatTemplates["default"] }

  /// What may make this tokenizer cut text differently from the one that the model was trained with.
  public var warnings: [TokenizerWarning] { tables.warnings }
}
