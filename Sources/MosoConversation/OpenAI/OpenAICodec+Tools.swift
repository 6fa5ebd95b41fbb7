import MosoFormats

extension OpenAICodec {
  /// Reads the field `tools`.
  func tools(_ fields: inout FieldReader) throws(RequestError) -> [Tool]? {
    guard let list = try fields.array("tools") else { return nil }
    var tools: [Tool] = []
    var names: Set<String> = []
    for (index, element) in list.enumerated() {
      let tool = try tool(element, at: "tools.\(index)")
      guard names.insert(tool.name).inserted else {
        let field = "tools.\(index).function.name"
        throw RequestError(
          .invalidRequest, "\(field) is \"\(tool.name)\" a second time, but names of tools have to be unique",
          field: field)
      }
      tools.append(tool)
    }
    return tools
  }

  private func tool(_ value: JSONValue, at path: String) throws(RequestError) -> Tool {
    var fields = try FieldReader(value, at: path)
    _ = try fields.requiredWord("type", of: ["function"])
    guard var function = try fields.fields("function") else { throw fields.wrong("function", expected: "an object") }
    let name = try function.requiredString("name")
    guard Tool.isName(name) else {
      throw function.wrong("name", expected: "1 to \(Tool.maximumNameLength) letters, digits, _ or -")
    }
    var tool = Tool(name: name, description: try function.string("description"))
    tool.inputSchema = function.value("parameters")
    if let schema = tool.inputSchema, schema.objectValue == nil {
      throw function.wrong("parameters", expected: "a JSON Schema, which is an object")
    }
    tool.isStrict = try function.bool("strict")
    tool.cacheControl = try MessagesCodec().cacheControl(&fields)
    tool.unknown = fields.rest
    let rest = function.rest
    if !rest.isEmpty { tool.unknown["function"] = .object(rest) }
    return tool
  }

  /// Reads the fields `tool_choice` and `parallel_tool_calls`.
  func toolChoice(
    _ fields: inout FieldReader, tools: [Tool]?, _ spelling: inout JSONObject
  ) throws(RequestError) -> ToolChoice? {
    let allowsParallelUse = try fields.bool("parallel_tool_calls")
    guard let value = fields.value("tool_choice") else {
      guard let allowsParallelUse else { return nil }
      // The choice is implied, so it is not written.
      spelling["tool_choice"] = .null
      return ToolChoice(.automatic, allowsParallelUse: allowsParallelUse)
    }
    var choice: ToolChoice
    if case .object = value {
      choice = try namedTool(value, tools: tools)
    } else {
      switch try fields.requiredWord("tool_choice", of: ["none", "auto", "required"]) {
      case "none": choice = ToolChoice(.none)
      case "auto": choice = ToolChoice(.automatic)
      default:
        guard tools?.isEmpty == false else {
          throw RequestError(
            .invalidRequest, "tool_choice is \"required\", but the request has no tools to choose from",
            field: "tool_choice")
        }
        choice = ToolChoice(.any)
      }
    }
    choice.allowsParallelUse = allowsParallelUse
    return choice
  }

  private func namedTool(_ value: JSONValue, tools: [Tool]?) throws(RequestError) -> ToolChoice {
    var fields = try FieldReader(value, at: "tool_choice")
    _ = try fields.requiredWord("type", of: ["function"])
    guard var function = try fields.fields("function") else { throw fields.wrong("function", expected: "an object") }
    let name = try function.requiredName("name")
    guard tools?.contains(where: { $0.name == name }) == true else {
      throw function.wrong("name", expected: "the name of one of the request's tools")
    }
    var choice = ToolChoice(.tool(name: name))
    choice.unknown = fields.rest
    let rest = function.rest
    if !rest.isEmpty { choice.unknown["function"] = .object(rest) }
    return choice
  }
}
