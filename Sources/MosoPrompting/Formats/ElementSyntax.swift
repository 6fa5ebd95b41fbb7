import MosoFormats

/// What stands around the arguments of a call that are elements of their own, one for each.
struct ElementSyntax: Sendable, Hashable {
  /// What stands before the name of an argument, and after it.
  var keyOpening: String
  var keyClosing: String
  /// What stands before its value, after white space; empty where nothing does.
  var valueOpening: String
  var valueClosing: String
  /// Whether a line break before and after the value does not belong to it.
  var padsValues: Bool
  /// What ends the arguments.
  var ending: String

  /// As Qwen 3 Coder and its successors write them.
  static let qwenCoder = ElementSyntax(
    keyOpening: "<parameter=", keyClosing: ">", valueOpening: "", valueClosing: "</parameter>", padsValues: true,
    ending: "</function>")
  /// As GLM 4.5 and its successors write them.
  static let glm = ElementSyntax(
    keyOpening: "<arg_key>", keyClosing: "</arg_key>", valueOpening: "<arg_value>", valueClosing: "</arg_value>",
    padsValues: false, ending: "</tool_call>")

  /// What stands before the value of an argument.
  func beginning(of key: String) -> String {
    keyOpening + key + keyClosing + (valueOpening.isEmpty ? "" : "\n" + valueOpening) + padding
  }

  /// The line break around a value.
  var padding: String { padsValues ? "\n" : "" }

  /// The arguments as elements, one a line.
  func text(of arguments: JSONValue) -> String {
    (arguments.objectValue ?? [:]).map { key, value in
      beginning(of: key) + (value.stringValue ?? value.serialized()) + padding + valueClosing + "\n"
    }.joined() + ending
  }
}
