/// Studies that come with Moso, by name.
public enum BuiltInStudy: String, Sendable, Hashable, CaseIterable {
  /// Small stories about people, places and things.
  case storyworld
  /// Spike trains of a patch of retina that sees moving stimuli.
  case retina

  /// The recipe.
  public var yaml: String {
    switch self {
    case .storyworld:
      """
      data:
        - stories: 100K
          seed: 1
          people: 2000
      tokenizer:
        vocabulary: 1024
        bytes: 8M
      model:
        layers: 4
        context: 512
      study:
        minutes: 35
        tokens_per_parameter: 8
      """
    case .retina:
      """
      data:
        - recordings: 40K
          seed: 1
          part: training
        - recordings: 400
          seed: 2
          part: validation
      model:
        layers: 4
        context: 512
      study:
        minutes: 35
        tokens_per_parameter: 8
      """
    }
  }
}
