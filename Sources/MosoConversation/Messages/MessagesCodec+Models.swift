public import MosoFormats

extension MessagesCodec {
  /// The description of one model.
  public func encode(_ model: ModelInfo) -> JSONValue {
    var capabilities = JSONObject()
    for capability in ModelInfo.Capability.allCases {
      capabilities[capability.rawValue] = Self.json(capability, isSupported: model.capabilities.contains(capability))
    }
    return [
      "type": "model", "id": .string(model.id), "display_name": .string(model.displayName),
      "created_at": .string(Timestamp.text(secondsSince1970: model.created)),
      "lifecycle": .string(model.lifecycle.rawValue), "line": nil,
      "max_input_tokens": model.maximumInputTokens.map(JSONValue.integer) ?? .null,
      "max_tokens": model.maximumOutputTokens.map(JSONValue.integer) ?? .null,
      "deprecated_at": nil, "retires_at": nil, "capabilities": .object(capabilities),
    ]
  }

  /// A part of the list of models.
  ///
  /// - Throws: `RequestError` when the part begins or ends at a model that there is not.
  public func encode(_ models: [ModelInfo], page: ModelPage) throws(RequestError) -> JSONValue {
    let (part, hasMore) = try page.models(of: models)
    return [
      "data": .array(part.map(encode)), "has_more": .bool(hasMore),
      "first_id": part.first.map { .string($0.id) } ?? .null, "last_id": part.last.map { .string($0.id) } ?? .null,
    ]
  }

  /// A capability, with its kinds where it has some: all of them or none.
  private static func json(_ capability: ModelInfo.Capability, isSupported: Bool) -> JSONValue {
    let leaf: JSONValue = ["supported": .bool(isSupported)]
    switch capability {
    case .thinking:
      // Not to think is something that every model can do.
      let types: JSONValue = [
        "adaptive": leaf, "between_tools": leaf, "disabled": ["supported": true], "enabled": leaf,
      ]
      return ["supported": .bool(isSupported), "types": types]
    case .effort: return json(of: ["low", "medium", "high", "xhigh", "max"], isSupported: isSupported)
    case .serverTools: return json(of: ["code_execution", "web_search"], isSupported: isSupported)
    default: return leaf
    }
  }

  private static func json(of kinds: [String], isSupported: Bool) -> JSONValue {
    var fields: JSONObject = ["supported": .bool(isSupported)]
    for kind in kinds { fields[kind] = ["supported": .bool(isSupported)] }
    return .object(fields)
  }
}
