/// What errors call the schemas of a request, in the words of the API that it came through.
public struct SchemaPaths: Sendable {
  /// The schema of a tool's arguments, by the tool's place in the request.
  public var tool: @Sendable (Int) -> String
  /// The schema of the answer.
  public var output: String

  /// Names of one's own.
  public init(tool: @escaping @Sendable (Int) -> String, output: String) {
    self.tool = tool
    self.output = output
  }

  /// The Messages API's: `tools.3.input_schema` and `output_config.format.schema`.
  public static let messages = SchemaPaths(
    tool: { "tools.\($0).input_schema" }, output: "output_config.format.schema")
  /// OpenAI's: `tools.3.function.parameters` and `response_format.json_schema.schema`.
  public static let chatCompletions = SchemaPaths(
    tool: { "tools.\($0).function.parameters" }, output: "response_format.json_schema.schema")
}
