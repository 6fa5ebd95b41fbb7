import MosoConstraints
import MosoFormats

/// Calls whose arguments are elements of their own.
extension AnswerExpression {
  /// What a schema of arguments may say where each argument is an element; the rest would need all of them at once.
  private static let keywords: Set<String> = [
    "type", "properties", "required", "additionalProperties", "$defs", "definitions", "title", "description", "default",
    "examples", "$comment", "$schema", "$id", "deprecated", "readOnly", "writeOnly",
  ]

  /// The arguments of a call, with what ends them: the required ones, and others or not, in the schema's order.
  func elements(_ call: Call, _ syntax: ElementSyntax) throws(GrammarError) -> GrammarExpression {
    let members = call.schema.objectValue ?? [:]
    if let keyword = members.keys.first(where: { !Self.keywords.contains($0) }) {
      throw GrammarError(
        path: "\(call.path).\(keyword)",
        reason: .unsupported(
          found: "\"\(keyword)\" of all arguments together",
          supported: "this model writes each argument by itself, so describe them under \"properties\""))
    }
    let properties = members["properties"]?.objectValue ?? [:]
    let required = Set(members["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    if let name = required.first(where: { properties[$0] == nil }) {
      throw GrammarError(
        path: "\(call.path).required",
        reason: .unsupported(
          found: "the argument \"\(name)\", which nothing describes", supported: "describe it under \"properties\""))
    }
    var parts: [GrammarExpression] = []
    for (key, schema) in properties {
      let path = "\(call.path).properties.\(key)"
      guard !key.isEmpty, !key.utf8.contains(0x0A), !key.utf8.contains(0x3C), !key.utf8.contains(0x3E) else {
        throw GrammarError(
          path: path,
          reason: .unsupported(
            found: "an argument whose name is empty or has a line break or angle bracket",
            supported: "give it a plain name"))
      }
      let element = element(key, schema: schema, of: call, syntax)
      parts.append(required.contains(key) ? element : .choice([.literal(""), element]))
    }
    return .sequence(parts + [marker(syntax.ending)])
  }

  private func element(
    _ key: String, schema: JSONValue, of call: Call, _ syntax: ElementSyntax
  ) -> GrammarExpression {
    var parts: [GrammarExpression] = [marker(syntax.keyOpening), .literal(key), marker(syntax.keyClosing)]
    if !syntax.valueOpening.isEmpty { parts += [.literal("\n"), marker(syntax.valueOpening)] }
    parts.append(.literal(syntax.padding))
    let end: GrammarExpression = .sequence([.literal(syntax.padding), marker(syntax.valueClosing)])
    switch ArgumentKind(schema: schema) {
    case .text: parts.append(.text(until: [trigger(syntax.valueClosing)]))
    case .words(let words): parts += [.choice(words.map { .literal($0) }), end]
    case .json: parts += [.subschema(of: call.schema, keys: ["properties", key], path: call.path), end]
    }
    return .sequence(parts + [.literal("\n")])
  }
}
