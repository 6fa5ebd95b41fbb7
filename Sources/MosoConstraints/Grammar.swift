public import MosoFormats

/// What a model may write, whatever its tokenizer: a value that never changes and may be used from many threads.
///
/// A grammar comes from a JSON Schema, or from a ``GrammarExpression`` that puts schemas between other texts. It is
/// complete: everything that was begun within it can be ended within it, so that generation never gets stuck.
public struct Grammar: Sendable {
  let rules: [GrammarRule]
  let start: Int32
  let limits: GrammarLimits

  /// JSON values that satisfy a JSON Schema.
  ///
  /// - Parameters:
  ///   - schema: The schema; the landing page of this library lists what is supported.
  ///   - path: What errors call the schema.
  ///   - limits: How large the grammar may become.
  /// - Throws: An error that names the place of whatever cannot be enforced.
  public init(
    jsonSchema schema: JSONValue, path: String = "$", limits: GrammarLimits = GrammarLimits()
  ) throws(GrammarError) {
    try self.init(.schema(schema, path: path), limits: limits)
  }

  /// The texts of an expression.
  ///
  /// - Throws: An error that names the place of whatever cannot be enforced, or the expression at which nothing can be
  ///   written.
  public init(_ expression: GrammarExpression, limits: GrammarLimits = GrammarLimits()) throws(GrammarError) {
    let builder = GrammarBuilder(limits)
    self.limits = limits
    start = try builder.rule(for: expression)
    rules = builder.finishedRules()
    // Whether anything can be written at all does not depend on a vocabulary that has every byte.
    _ = try GrammarTables(self, bytes: .all, tokenCount: .max)
  }

  /// Any JSON value.
  public static var anyJSON: Grammar { get throws(GrammarError) { try Grammar(jsonSchema: true) } }
}
