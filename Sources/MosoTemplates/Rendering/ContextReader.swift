import MosoFormats

/// Turns a context's JSON into values, every text marked with whether it may be trusted.
struct ContextReader {
  let trusted: [TrustedInput]

  /// The value of one name in the context; `nil` when it is nested too deeply.
  func value(of json: JSONValue, name: String) -> Value? {
    let paths = trusted.filter { $0.path.first == name }.map { TrustedPath(rest: $0.path.dropFirst(), words: $0.words) }
    return convert(json, paths, depth: 0)
  }

  /// What is left of a trusted input's path below the value being read.
  private struct TrustedPath {
    var rest: ArraySlice<String>
    var words: Set<String>?
  }

  private func convert(_ json: JSONValue, _ paths: [TrustedPath], depth: Int) -> Value? {
    guard depth <= TemplateLimits.valueDepth else { return nil }
    switch json {
    case .null: return Value.none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .float(value)
    case .string(let text):
      let isTrusted = paths.contains { $0.rest.isEmpty && $0.words?.contains(text) != false }
      return .text(MarkedText(text, origin: isTrusted ? .template : .input))
    case .array(let elements):
      let inner = paths.filter { $0.rest.first == "*" }.map { TrustedPath(rest: $0.rest.dropFirst(), words: $0.words) }
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard let value = convert(element, inner, depth: depth + 1) else { return nil }
        values.append(value)
      }
      return .list(values)
    case .object(let object):
      var entries: [(key: DictionaryKey, name: Value, value: Value)] = []
      entries.reserveCapacity(object.count)
      for (key, member) in object {
        let inner = paths.filter { $0.rest.first == key }.map {
          TrustedPath(rest: $0.rest.dropFirst(), words: $0.words)
        }
        guard let value = convert(member, inner, depth: depth + 1) else { return nil }
        let name = MarkedText(key, origin: .input)
        entries.append((key: .text(name.bytes), name: .text(name), value: value))
      }
      return .dictionary(DictionaryValue(entries))
    }
  }
}
