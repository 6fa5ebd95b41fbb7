import MosoFormats

/// A schema inside a document, and where it stands there.
struct SchemaLocation: Sendable {
  let value: JSONValue
  /// Such as `$.properties.age`.
  let path: String

  /// The place of a member.
  func member(_ key: String, _ value: JSONValue) -> SchemaLocation {
    SchemaLocation(value: value, path: Self.path(path, key))
  }

  /// The place of an element.
  func element(_ index: Int, _ value: JSONValue) -> SchemaLocation {
    SchemaLocation(value: value, path: "\(path)[\(index)]")
  }

  static func path(_ path: String, _ key: String) -> String {
    let isPlain =
      !key.isEmpty
      && key.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x24 || byte == 0x5F || byte == 0x2D
      }
    return isPlain ? "\(path).\(key)" : "\(path)[\(JSONValue.string(key).serialized())]"
  }

  func error(_ reason: GrammarError.Reason) -> GrammarError { GrammarError(path: path, reason: reason) }
}

/// A document of schemas, in which references are looked up.
struct SchemaDocument: Sendable {
  let root: SchemaLocation

  init(_ value: JSONValue, path: String) { root = SchemaLocation(value: value, path: path) }

  /// The place to which `keys` lead from the root, where there is one.
  func place(at keys: [String]) -> SchemaLocation? {
    var place = root
    for key in keys {
      guard let value = place.value[key] else { return nil }
      place = place.member(key, value)
    }
    return place
  }

  /// Refuses a schema with an identifier of its own, below the root, that refers to others: its references start there.
  func checkIdentifier(of object: JSONObject, at location: SchemaLocation) throws(GrammarError) {
    guard location.path != root.path, Self.isDocument(object), Self.hasReference(.object(object)) else { return }
    throw location.member("$id", .null).error(
      .unsupported(
        found: "a reference inside a schema with an $id of its own", supported: "only the whole schema may have an $id")
    )
  }

  private static func isDocument(_ object: JSONObject) -> Bool {
    guard let identifier = object["$id"]?.stringValue else { return false }
    return !identifier.isEmpty && !identifier.hasPrefix("#")
  }

  private static func hasReference(_ value: JSONValue) -> Bool {
    switch value {
    case .object(let object): object["$ref"]?.stringValue != nil || object.values.contains(where: hasReference)
    case .array(let elements): elements.contains(where: hasReference)
    default: false
    }
  }

  /// The schema that `reference` names: the document, or a JSON Pointer into it.
  func resolve(_ reference: JSONValue, at location: SchemaLocation) throws(GrammarError) -> SchemaLocation {
    guard let text = reference.stringValue else {
      throw location.error(.malformed(found: reference.kind.description, expected: "a reference like #/$defs/name"))
    }
    var fragment = Substring(text)
    if let identifier = root.value["$id"]?.stringValue, !identifier.isEmpty, fragment.hasPrefix(identifier) {
      fragment = fragment.dropFirst(identifier.count)
      if fragment.isEmpty { return root }
    }
    guard fragment.first == "#", let decoded = Self.decoded(fragment.dropFirst()) else {
      throw location.error(
        .unsupported(
          found: "the reference \(reference.serialized())",
          supported: "references within the document, such as #/$defs/name, are supported"))
    }
    guard !decoded.isEmpty else { return root }
    guard decoded.first == "/" else {
      throw location.error(
        .unsupported(
          found: "the anchor \(reference.serialized())", supported: "references like #/$defs/name are supported"))
    }
    var place = root
    for part in decoded.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      let key = Self.unescaped(part)
      if let object = place.value.objectValue, let value = object[key] {
        place = place.member(key, value)
        if let inner = value.objectValue { try checkIdentifier(of: inner, at: place) }
      } else if let elements = place.value.arrayValue, let index = Int(key), elements.indices.contains(index) {
        place = place.element(index, elements[index])
      } else {
        throw location.error(
          .malformed(
            found: "the reference \(reference.serialized())", expected: "the place of a schema in the document"))
      }
    }
    return place
  }

  /// `~1` is a slash and `~0` a tilde.
  private static func unescaped(_ part: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in part.unicodeScalars {
      if isEscaped {
        result.unicodeScalars.append(character == "1" ? "/" : "~")
        if character != "1" && character != "0" { result.unicodeScalars.append(character) }
        isEscaped = false
      } else if character == "~" {
        isEscaped = true
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// The text with `%20` and the like resolved.
  private static func decoded(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          return nil
        }
        rest = rest.dropFirst(2)
        bytes.append(value)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
