/// The eight looks that series have, one after the other: a colour for light and one for dark ground, dashes and a
/// marker.
///
/// The colours stay apart for readers who do not see red, green or blue, and from the ground by a contrast of at least
/// 3 to 1; the tests compute both. Dashes and markers differ too, so that a chart can be read in grey.
enum ChartPalette {
  struct Look {
    /// On white or nearly white.
    var light: String
    /// On black or nearly black.
    var dark: String
    /// Lengths of dashes and gaps in pixels; empty for an unbroken line.
    var dashes: [Double]
    var marker: ChartMarker
    /// What the series is drawn with on a terminal without UTF-8.
    var letter: Character
    /// The colour's Select Graphic Rendition parameter, one of the theme's own.
    var terminalColour: Int
  }

  /// The pages' ground, which the colours are made for.
  static let ground = (light: "#fcfcfa", dark: "#171a18")

  static let looks = [
    Look(light: "#226ae7", dark: "#427cea", dashes: [], marker: .disc, letter: "*", terminalColour: 34),
    Look(light: "#d6770d", dark: "#df7b00", dashes: [8, 2.5], marker: .square, letter: "+", terminalColour: 33),
    Look(light: "#00573d", dark: "#87f0c3", dashes: [2.5, 2], marker: .triangle, letter: "o", terminalColour: 32),
    Look(
      light: "#a74193", dark: "#b06f8e", dashes: [9, 2.5, 2.5, 2.5], marker: .diamond, letter: "x", terminalColour: 35),
    Look(
      light: "#5b0082", dark: "#d0b7ff", dashes: [15, 3], marker: .fallingTriangle, letter: "#", terminalColour: 36),
    Look(light: "#826f0c", dark: "#f0d75c", dashes: [4.5, 2.5], marker: .cross, letter: "@", terminalColour: 93),
    Look(
      light: "#9e0208", dark: "#f39994", dashes: [9, 2, 2, 2, 2, 2], marker: .saltire, letter: "%", terminalColour: 31),
    Look(light: "#0b9aca", dark: "#01a8d1", dashes: [15, 3, 4, 3], marker: .hexagon, letter: "&", terminalColour: 96),
  ]

  static func look(_ index: Int) -> Look {
    looks[(index % looks.count + looks.count) % looks.count]
  }
}

/// The shape of a point.
enum ChartMarker: CaseIterable {
  case disc, square, triangle, diamond, fallingTriangle, cross, saltire, hexagon

  /// The corners of the shape around the origin, for a disc of radius 1; `nil` for the disc itself. All look equally
  /// large.
  var corners: [(x: Double, y: Double)]? {
    switch self {
    case .disc: nil
    case .square: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    case .triangle: [(0, -1.25), (1.15, 0.8), (-1.15, 0.8)]
    case .diamond: [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]
    case .fallingTriangle: [(0, 1.25), (1.15, -0.8), (-1.15, -0.8)]
    case .cross: Self.plus
    case .saltire: Self.plus.map { (($0.x - $0.y) * 0.7071, ($0.x + $0.y) * 0.7071) }
    case .hexagon: [(0, -1.15), (1, -0.58), (1, 0.58), (0, 1.15), (-1, 0.58), (-1, -0.58)]
    }
  }

  private static let plus: [(x: Double, y: Double)] = [
    (-0.42, -1.3), (0.42, -1.3), (0.42, -0.42), (1.3, -0.42), (1.3, 0.42), (0.42, 0.42),
    (0.42, 1.3), (-0.42, 1.3), (-0.42, 0.42), (-1.3, 0.42), (-1.3, -0.42), (-0.42, -0.42),
  ]
}
