import MosoFormats
import MosoModel
import MosoTensor

/// A tensor of the file to be written, and where its rows come from.
struct ExportTensor: Sendable {
  /// Rows that lie together in the source.
  struct Part: Sendable {
    /// The tensor of the source, and which of its rows.
    var source: TensorSource
    /// Within how many rows the halves become adjacent pairs, where they do: the size of a head.
    var pairedRows: Int?

    /// Row `row` of the part, as the source counts it: rows of halves `0 … n/2` and `n/2 … n` take turns.
    func sourceRow(_ row: Int) -> Int {
      guard let pairedRows else { return source.firstRow + row }
      let (head, inside) = row.quotientAndRemainder(dividingBy: pairedRows)
      return source.firstRow + head * pairedRows + inside % 2 * (pairedRows / 2) + inside / 2
    }
  }

  /// Where a tensor's values come from.
  enum Content: Sendable {
    /// Rows of the source's tensors, under each other.
    case parts([Part])
    /// A tensor of the source as a whole, rows of its innermost dimension.
    case whole(String)
    /// Numbers that the source's configuration holds.
    case numbers([Float])
  }

  var tensor: GGUFWriter.Tensor
  var content: Content
}

extension ExportTensor {
  /// The tensors that hold an architecture's roles in the order that the table has them, once all parts are found.
  ///
  /// - Parameters:
  ///   - table: The names to write.
  ///   - source: Where each role is now.
  ///   - pairsAdjacent: Whether queries and keys are to turn in adjacent pairs, where they turn in halves now.
  static func tensors(
    _ architecture: Architecture, named table: TensorTable, from source: ResolvedTensors, pairsAdjacent: Bool,
    recipe: QuantizationRecipe
  ) throws(TensorTableError) -> [ExportTensor] {
    var names: [String] = []
    var groups: [String: [(place: TensorSource, role: TensorRole, part: Part)]] = [:]
    var isWritten: Set<TensorRole> = []
    for entry in table.entries {
      guard let found = source[entry.role] else {
        guard entry.isRequired else { continue }
        throw .missing(role: entry.role, names: entry.candidates.map(\.name))
      }
      let place = entry.candidates[0]
      let isPaired = pairsAdjacent && [.query, .key].contains(entry.role.module)
      let part = Part(source: found, pairedRows: isPaired ? architecture.attention.headSize : nil)
      if groups[place.name] == nil { names.append(place.name) }
      groups[place.name, default: []].append((place, entry.role, part))
      isWritten.insert(entry.role)
    }
    let homeless = source.sources.filter { !isWritten.contains($0.key) }.map(\.value.name)
    guard homeless.isEmpty else { throw .unexpected(names: homeless.sorted()) }
    return names.map { name in
      let group = (groups[name] ?? []).sorted { $0.place.firstRow < $1.place.firstRow }
      let shape = group[0].place.fileShape
      let rows = group.reduce(0) { $0 + $1.place.shape[0] }
      let isVector = shape.count == 1
      precondition(rows == (isVector ? shape[0] : shape.dropLast().reduce(1, *)), "\(name) is not filled by its parts")
      let type = recipe.elementType(of: group.map(\.role), rowLength: shape.last ?? 1, in: architecture)
      return ExportTensor(
        tensor: .init(name: name, shape: shape, elementType: type), content: .parts(group.map(\.part)))
    }
  }
}
