extension [Message] {
  /// The same messages with neighbours of the same role made into one, as both APIs understand them.
  ///
  /// The merged message has the blocks of all; fields that nobody here knows are kept from the first that has them.
  public func mergingNeighbours() -> [Message] {
    var merged: [Message] = []
    merged.reserveCapacity(count)
    for message in self {
      guard let last = merged.indices.last, merged[last].role == message.role else {
        merged.append(message)
        continue
      }
      merged[last].content.append(contentsOf: message.content)
      merged[last].prefersString = false
      merged[last].unknown.merge(message.unknown)
    }
    return merged
  }
}
