import Testing

@testable import MosoReports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Colours of series")
struct ChartPaletteTests {
  /// Red, green and blue in linear light.
  private typealias Light = [Double]

  private func light(_ code: String) throws -> Light {
    try (0..<3).map { channel in
      let digits = code.dropFirst(1 + 2 * channel).prefix(2)
      let value = Double(try #require(UInt8(digits, radix: 16))) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  /// The contrast of the Web Content Accessibility Guidelines 2.2.
  private func contrast(_ one: Light, _ other: Light) -> Double {
    let luminances = [one, other].map { 0.2126 * $0[0] + 0.7152 * $0[1] + 0.0722 * $0[2] }.sorted()
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
  }

  /// What readers see: all, and those without cones for long, middle or short waves (Machado et al. 2009, severity 1).
  private static let eyes: [(name: String, matrix: [[Double]])] = [
    ("all cones", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "no long waves",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "no middle waves",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    (
      "no short waves",
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
  ]

  private func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The place of a colour in Ottosson's Oklab (2020), in which distances are about as large as they look.
  private func oklab(_ light: Light) -> [Double] {
    let cones = product(
      [
        [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ], light)
    return product(
      [
        [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
      ], cones.map { cbrt($0) })
  }

  @Test("every one stands out from its ground, three to one at least")
  func contrastWithGround() throws {
    for look in ChartPalette.looks {
      #expect(contrast(try light(look.light), try light(ChartPalette.ground.light)) >= 3, "\(look.light)")
      #expect(contrast(try light(look.dark), try light(ChartPalette.ground.dark)) >= 4, "\(look.dark)")
    }
  }

  @Test("any two differ for every kind of eye, the first four clearly", arguments: [0, 1, 2, 3])
  func distances(_ eye: Int) throws {
    for colours in [ChartPalette.looks.map(\.light), ChartPalette.looks.map(\.dark)] {
      let seen = try colours.map { colour in
        oklab(product(Self.eyes[eye].matrix, try light(colour)).map { min(max($0, 0), 1) })
      }
      for first in seen.indices {
        for second in 0..<first {
          let distance = zip(seen[first], seen[second]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
          let least = first < 4 ? 0.1 : 0.07
          #expect(distance >= least, "\(colours[first]) and \(colours[second]) to eyes with \(Self.eyes[eye].name)")
        }
      }
    }
  }

  @Test("dashes, markers and letters differ as well, and no number of series is too high")
  func looks() {
    let looks = ChartPalette.looks
    #expect(looks.count == 8 && Set(looks.map(\.dashes)).count == 8 && Set(looks.map(\.letter)).count == 8)
    #expect(looks.map(\.marker) == ChartMarker.allCases && Set(looks.map(\.terminalColour)).count == 8)
    #expect(ChartPalette.look(17).light == looks[1].light && ChartPalette.look(-1).light == looks[7].light)
  }
}
