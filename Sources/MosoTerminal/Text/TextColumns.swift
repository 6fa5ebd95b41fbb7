/// Arranges short items in as many equal columns as fit, read downwards like the output of `ls`.
enum TextColumns {
  static func rows(_ items: [String], width: Int) -> [String] {
    guard let widest = items.map(\.displayWidth).max() else { return [] }
    let gap = 2
    let columnCount = max(1, min(items.count, (width + gap) / (max(1, widest) + gap)))
    let rowCount = (items.count + columnCount - 1) / columnCount
    return (0..<rowCount).map { row in
      var line = ""
      for index in stride(from: row, to: items.count, by: rowCount) {
        let isLast = index + rowCount >= items.count
        line += isLast ? items[index] : items[index].padded(toWidth: widest + gap)
      }
      return line
    }
  }
}

extension String {
  /// The text with spaces after it up to `width` columns.
  func padded(toWidth width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }
}
