/// The words that stories are told in. No word is in two lists that could stand in the same place, so that a sentence can be
/// read in one way only.
enum StoryWords {
  static let firstNames = list(
    """
    Ada Ben Cleo Dan Eva Finn Gwen Hugo Ida Jack Kira Leo Mia Ned Olga Paul Ruth Sam Tess Uli Vera Will Yara
    Zack Anna Boris Clara David Ella Felix Greta Henry Irma Jonas Karla Lukas Marta Nils Oda Peter Rosa Simon
    Tilda Urban Viola Walter Ylva Anton
    """)
  static let surnames = list(
    """
    Marsh Hale Brook Stone Field Wood Hill Lake Frost Snow Rain West North East Moon Star Reed Thorn Birch Ash
    Elm Rowan Heath Moor Glen Dale Ford Bridge Well Cliff Sands Shore Holm Byrd Fox Wolf Hart Swan Crane Finch
    Lamb Hawk Drake Otter Badger Pike Carp Trout
    """)
  static let jobs = list(
    """
    baker farmer teacher sailor miller painter gardener tailor doctor cook carpenter singer hunter weaver
    potter smith shepherd writer driver builder nurse clerk dancer judge
    """)
  static let towns = list(
    """
    Arden Belmont Corby Dunmore Elston Farley Grafton Harwick Ilton Jarrow Kelby Langley Milton Norwell Oakham
    Penley Quorn Ripley Selby Tarlton Upton Vale Weston Yarm Ashby Barrow Clifton Denby Eaton Fenwick Garston
    Helmsley
    """)
  static let places = list(
    """
    kitchen garden cellar attic hall barn office bedroom library workshop yard stable bathroom tower pantry
    garage
    """)
  static let things = list(
    """
    ball book lamp cup key hat coat box apple knife letter map coin rope basket bottle candle mirror clock drum
    flute spoon plate pillow shoe glove ring brush ladder bucket hammer kettle
    """)
  static let colours = ["red", "blue", "green", "black", "white", "yellow", "brown", "old", "new", "small"]
  /// How one goes somewhere; all of them take "to the".
  static let manners = ["walks", "runs", "goes", "hurries", "returns", "wanders"]

  private static func list(_ words: String) -> [String] {
    words.split { $0.isWhitespace }.map(String.init)
  }
}
