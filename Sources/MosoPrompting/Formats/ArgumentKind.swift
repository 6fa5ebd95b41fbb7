import MosoConversation
import MosoFormats

/// How an argument stands in an element of its own (`ElementSyntax`), where only the schema tells texts from other values.
enum ArgumentKind: Sendable, Hashable {
  /// Any text, as it is.
  case text
  /// One of these texts, as it is.
  case words([String])
  /// JSON: numbers, lists, objects, and texts of which the schema says more than that they are texts. A text that is no
  /// JSON stands for itself.
  case json(isText: Bool)

  /// Keywords of a schema that say nothing about a text.
  private static let annotations: Set<String> = [
    "type", "title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly",
  ]

  /// The kind of a value that satisfies a schema.
  init(schema: JSONValue) {
    let isText = schema["type"] == "string"
    let keywords = Set(schema.objectValue?.keys ?? []).subtracting(Self.annotations)
    let words = schema["enum"]?.arrayValue?.map(\.stringValue) ?? []
    let texts = words.compactMap(\.self)
    if isText && keywords.isEmpty {
      self = .text
    } else if keywords == ["enum"], !texts.isEmpty, texts.count == words.count, texts.allSatisfy(Self.standsForItself) {
      self = .words(texts)
    } else {
      self = .json(isText: isText)
    }
  }

  /// The kinds of a tool's arguments, by their names.
  static func all(of tool: Tool) -> [String: ArgumentKind] {
    var kinds: [String: ArgumentKind] = [:]
    for (name, schema) in tool.inputSchema?["properties"]?.objectValue ?? [:] {
      kinds[name] = ArgumentKind(schema: schema)
    }
    return kinds
  }

  /// Whether a text can be told from the element around it.
  private static func standsForItself(_ text: String) -> Bool { !text.utf8.contains { $0 == 0x0A || $0 == 0x3C } }

  /// A text as the JSON that it stands for.
  func value(of text: [UInt8]) -> [UInt8] {
    if case .json(let isText) = self {
      let trimmed = Array(text.trimmingSpace)
      if let value = try? JSONValue(parsing: trimmed), !isText || value.stringValue != nil { return trimmed }
    }
    return Array(quoted(String(decoding: text, as: UTF8.self)).utf8)
  }
}

extension [UInt8] {
  /// The bytes without white space at both ends.
  var trimmingSpace: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !$0.isJSONSpace }), let last = lastIndex(where: { !$0.isJSONSpace }) else {
      return []
    }
    return self[first...last]
  }
}
