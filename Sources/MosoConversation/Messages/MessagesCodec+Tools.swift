import MosoFormats

extension MessagesCodec {
  /// Reads the field `tools`.
  func tools(_ fields: inout FieldReader) throws(RequestError) -> [Tool]? {
    guard let list = try fields.array("tools") else { return nil }
    var tools: [Tool] = []
    var names: Set<String> = []
    for (index, element) in list.enumerated() {
      let tool = try tool(element, at: "tools.\(index)")
      if !tool.name.isEmpty, !names.insert(tool.name).inserted {
        throw RequestError(
          .invalidRequest,
          "tools.\(index).name is \"\(tool.name)\" a second time, but names of tools have to be unique",
          field: "tools.\(index).name")
      }
      tools.append(tool)
    }
    return tools
  }

  private func tool(_ value: JSONValue, at path: String) throws(RequestError) -> Tool {
    var fields = try FieldReader(value, at: path)
    let type = try fields.string("type")
    let isCustom = type == nil || type == "custom"
    // A tool of a type of its own may be known by that type alone.
    let name = isCustom ? try fields.requiredString("name") : try fields.string("name") ?? ""
    if isCustom || !name.isEmpty {
      guard Tool.isName(name) else {
        throw fields.wrong("name", expected: "1 to \(Tool.maximumNameLength) letters, digits, _ or -")
      }
    }
    var tool = Tool(name: name, description: try fields.string("description"))
    tool.type = type
    if isCustom {
      let schema = try fields.required("input_schema", expected: "a JSON Schema")
      var schemaFields = try FieldReader(schema, at: fields.place("input_schema"))
      _ = try schemaFields.requiredWord("type", of: ["object"])
      tool.inputSchema = schema
    } else {
      tool.inputSchema = fields.value("input_schema")
    }
    tool.isStrict = try fields.bool("strict")
    tool.isDeferred = try fields.bool("defer_loading")
    tool.cacheControl = try cacheControl(&fields)
    tool.unknown = fields.rest
    return tool
  }

  /// Reads the field `tool_choice`.
  func toolChoice(_ fields: inout FieldReader) throws(RequestError) -> ToolChoice? {
    guard var choice = try fields.fields("tool_choice") else { return nil }
    let kind: ToolChoice.Kind
    switch try choice.requiredWord("type", of: ["auto", "any", "tool", "none"]) {
    case "auto": kind = .automatic
    case "any": kind = .any
    case "tool": kind = .tool(name: try choice.requiredName("name"))
    default: kind = .none
    }
    let disablesParallelUse = try choice.bool("disable_parallel_tool_use")
    var result = ToolChoice(kind, allowsParallelUse: disablesParallelUse.map { !$0 })
    result.unknown = choice.rest
    return result
  }
}

extension Tool {
  /// How many characters the name of a tool may have.
  static var maximumNameLength: Int { 128 }

  /// Whether a tool may have this name, as both APIs see it.
  static func isName(_ name: String) -> Bool {
    (1...maximumNameLength).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
