/// A point of a picture in pixels, counted from its upper left corner.
struct Pixel: Equatable {
  var x: Double
  var y: Double
}

/// A rectangle of a picture in pixels.
struct PixelFrame: Equatable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  /// The pixel of a place on the chart whose plot this frame is.
  func pixel(_ position: PlotPosition) -> Pixel {
    Pixel(x: x(position.x), y: y(position.y))
  }

  func x(_ fraction: Double) -> Double { left + fraction * width }
  func y(_ fraction: Double) -> Double { bottom - fraction * height }

  func contains(_ pixel: Pixel) -> Bool {
    (left...max(left, right)).contains(pixel.x) && (top...max(top, bottom)).contains(pixel.y)
  }

  func contains(_ other: PixelFrame) -> Bool {
    other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom
  }

  func overlaps(_ other: PixelFrame) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  func expanded(by margin: Double) -> PixelFrame {
    PixelFrame(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }
}
