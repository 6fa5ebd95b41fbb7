public import MosoFormats

/// What a grammar is built from: texts, special tokens, JSON values, and their combinations.
///
/// This one is free text in which every tool call is whole:
///
/// ```swift
/// let call: GrammarExpression = .sequence([
///   .text(until: [.text("<tool_call>")]), .literal("\n"), .schema(schema), .literal("\n</tool_call>"),
/// ])
/// let answer = try Grammar(.sequence([.repeated(call, minimum: 0), .closingText(without: [.text("<tool_call>")])]))
/// ```
public indirect enum GrammarExpression: Sendable {
  /// Exactly this text.
  case literal(String)
  /// Exactly this token, such as a control token, which has no text.
  case token(Int32)
  /// One after another.
  case sequence([GrammarExpression])
  /// Any one of them.
  case choice([GrammarExpression])
  /// The same several times, with something between two of them; `maximum` is `nil` for as often as it likes.
  case repeated(GrammarExpression, separatedBy: GrammarExpression = .literal(""), minimum: Int, maximum: Int? = nil)
  /// A JSON value that satisfies a JSON Schema; `path` is what errors call the schema.
  case schema(JSONValue, path: String = "$")
  /// A JSON value that satisfies the schema to which `keys` lead in a document of schemas; references are those of the
  /// document, which errors call `path`.
  case subschema(of: JSONValue, keys: [String], path: String)
  /// Text that goes on until the first of the triggers has been written, which belongs to it.
  ///
  /// It may hold any bytes, and any tokens without text apart from those that end generation.
  case text(until: [GrammarTrigger])
  /// Text, perhaps none, in which none of the triggers occurs.
  ///
  /// It may hold any bytes, and any tokens without text apart from those that end generation.
  case closingText(without: [GrammarTrigger])
}

/// What ends free text.
public enum GrammarTrigger: Hashable, Sendable {
  /// These characters, however they are cut into tokens.
  case text(String)
  /// This token.
  case token(Int32)
}
