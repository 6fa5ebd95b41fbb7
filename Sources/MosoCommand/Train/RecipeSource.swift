import MosoFormats
import MosoTraining

/// Where the recipe of a run comes from.
enum RecipeSource {
  /// A recipe that is built in.
  case named(BuiltInRecipe)
  /// A file in YAML.
  case file(String)
  /// Text, with all else as usual.
  case text(String)

  init(_ argument: String) {
    if let recipe = BuiltInRecipe(rawValue: argument) {
      self = .named(recipe)
    } else if argument.hasSuffix(".yaml") || argument.hasSuffix(".yml") {
      self = .file(argument)
    } else {
      self = .text(argument)
    }
  }

  func recipe() throws -> RecipeNode {
    switch self {
    case .named(let recipe): return try RecipeNode(yaml: recipe.yaml, file: "the recipe \(recipe.rawValue)")
    case .file(let path):
      return try RecipeNode(yaml: String(decoding: try InputFile.bytes(of: path), as: UTF8.self), file: path)
    case .text(let path):
      var recipe = try RecipeNode(yaml: "data: []", file: "the recipe for \(path)")
      try recipe.setFiles([path])
      return recipe
    }
  }
}
