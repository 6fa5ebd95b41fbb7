/// Recipes that come with Moso, by name.
public enum BuiltInRecipe: String, Sendable, Hashable, CaseIterable {
  /// Small stories about people, places and things, with questions whose answers follow from them.
  case storyworld

  /// The recipe.
  public var yaml: String {
    switch self {
    case .storyworld:
      """
      data:
        - stories: 50K
          seed: 1
          people: 2000
      tokenizer:
        vocabulary: 1024
        bytes: 8M
      model:
        layers: 4
        width: 128
        heads: 8
        context: 512
      training:
        tokens: 8M
      """
    }
  }
}

extension RecipeNode {
  /// Sets what is trained on to the texts of files and folders.
  public mutating func setFiles(_ paths: [String]) throws(RecipeError) {
    guard case .map(var entries) = value else { return }
    let files = RecipeNode(.list(paths.map { RecipeNode(.scalar($0), place: place) }), place: place)
    let source = RecipeNode(.map([Entry(key: "files", place: place, node: files)]), place: place)
    entries.removeAll { $0.key == "data" }
    entries.append(Entry(key: "data", place: place, node: RecipeNode(.list([source]), place: place)))
    value = .map(entries)
  }
}
