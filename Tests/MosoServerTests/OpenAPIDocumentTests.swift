import MosoFormats
import Testing

/// The document of the API.
@Suite("openapi.json") struct OpenAPIDocumentTests {
  private let document: JSONValue

  init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let options = JSONReadingOptions(duplicateKeys: .refused)
    document = try JSONValue(contentsOf: root + "/Sources/MosoServer/OpenAPI/openapi.json", options: options)
  }

  /// Every object in a value, with the value itself.
  private func objects(in value: JSONValue) -> [JSONObject] {
    switch value {
    case .object(let object): [object] + object.values.flatMap(objects)
    case .array(let elements): elements.flatMap(objects)
    default: []
    }
  }

  private var operations: [(path: String, method: String, operation: JSONValue)] {
    (document["paths"]?.objectValue ?? [:]).flatMap { path, item in
      (item.objectValue ?? [:]).map { (path, $0.key, $0.value) }
    }
  }

  @Test("Every reference leads somewhere, and everything that can be referred to is")
  func references() throws {
    let references = Set(objects(in: document).compactMap { $0["$ref"]?.stringValue })
    for reference in references {
      let parts = reference.split(separator: "/")
      #expect(parts.first == "#")
      #expect(parts.dropFirst().reduce(document) { $0?[String($1)] } != nil, "\(reference)")
    }
    for (kind, members) in try #require(document["components"]?.objectValue) where kind != "securitySchemes" {
      for name in members.objectValue?.keys ?? [] {
        #expect(references.contains("#/components/\(kind)/\(name)"), "\(kind) \(name)")
      }
    }
  }

  @Test("Every operation has a name of its own, and says which statuses it answers with")
  func operationsAreComplete() throws {
    #expect(Set(operations.compactMap { $0.operation["operationId"]?.stringValue }).count == operations.count)
    for (path, method, operation) in operations {
      let statuses = Set(try #require(operation["responses"]?.objectValue).keys)
      let open = operation["security"] == []
      #expect(statuses.isSuperset(of: ["200", "400", "403", "405", "413", "500"]), "\(method) \(path)")
      #expect(open || statuses.isSuperset(of: ["401", "404"]), "\(method) \(path)")
      // Only what takes a model's time or memory can be too much: 529 in one API's words, 503 in the other's.
      let takesModel = method == "post" || path == "/tokenizer_info"
      let full = takesModel ? [path.hasPrefix("/v1/messages") ? "529" : "503"] : path == "/readyz" ? ["503"] : []
      #expect(statuses.intersection(["503", "529"]) == Set(full), "\(method) \(path)")
      for never in ["415", "429", "501"] { #expect(!statuses.contains(never), "\(method) \(path)") }
      #expect(!statuses.contains("422"))
      #expect(["get", "post"].contains(method))
      #expect((operation["requestBody"] != nil) == (method == "post"), "\(method) \(path)")
    }
  }

  @Test("The server's paths are there")
  func paths() throws {
    #expect(
      Set(try #require(document["paths"]?.objectValue).keys) == [
        "/", "/api/hello", "/detokenize", "/healthz", "/metrics", "/openapi.json", "/readyz", "/tokenize",
        "/tokenizer_info", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/messages",
        "/v1/messages/count_tokens", "/v1/models", "/v1/models/{model}",
      ])
  }

  @Test("Each schema that requires a member describes it")
  func requiredMembers() throws {
    for schema in objects(in: document) {
      guard let required = schema["required"]?.arrayValue, let properties = schema["properties"]?.objectValue else {
        continue
      }
      for name in required { #expect(properties[name.stringValue ?? ""] != nil, "\(name) of \(properties.keys)") }
    }
  }
}
