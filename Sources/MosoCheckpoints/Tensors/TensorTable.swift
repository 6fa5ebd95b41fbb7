public import MosoFormats
import MosoModel

/// The names between a file's tensors and an architecture's roles.
public struct TensorTable: Sendable {
  private let expansion: TensorNaming.Expansion
  /// How all names may begin otherwise: the same model is saved bare, or inside one that also sees.
  private let prefixes: [[TensorNaming.Prefix]]
  /// Which tensors without a role are no reason for alarm.
  private let ignorable: TensorNaming.Ignorable

  init(_ architecture: Architecture, naming: TensorNaming) {
    expansion = TensorNaming.Expansion(architecture, naming)
    prefixes = naming.prefixes
    var ignorable = naming.ignorable
    if architecture.hasTiedHead { ignorable.names.append(contentsOf: naming.patterns(of: .head).map(\.tiedName)) }
    self.ignorable = ignorable
  }

  /// Every role of the architecture with its places, embedding first, then layer by layer.
  ///
  /// A file may begin all its names otherwise; these are the names to write.
  public var entries: [TensorEntry] {
    (0..<expansion.groupCount).flatMap { expansion.entries(ofGroup: $0) }
  }

  /// Where a file that is written anew has every role that the architecture must have.
  public var written: ResolvedTensors {
    var resolved = ResolvedTensors()
    for entry in entries where entry.isRequired { resolved.sources[entry.role] = entry.candidates[0] }
    return resolved
  }

  /// Finds every role among the tensors of a file.
  ///
  /// The roles are worked out layer by layer, so that a file that only claims to have many layers costs nothing.
  ///
  /// - Parameter shapes: The shape of each tensor, outermost dimension first.
  /// - Throws: `TensorTableError` when a role is missing, a shape is not the architecture's, or a tensor has no role.
  public func resolve(_ shapes: [String: [Int]]) throws(TensorTableError) -> ResolvedTensors {
    let rename = renaming(for: shapes)
    var resolved = ResolvedTensors()
    var used: Set<String> = []
    for group in 0..<expansion.groupCount {
      for entry in expansion.entries(ofGroup: group) {
        guard let source = try source(of: entry, in: shapes, rename) else { continue }
        used.insert(source.name)
        resolved.sources[entry.role] = source
      }
    }
    let unused = shapes.keys.filter { !used.contains($0) }.sorted()
    resolved.ignored = unused.filter { ignorable.contains($0) }
    if resolved.ignored.count < unused.count {
      throw .unexpected(names: unused.filter { !ignorable.contains($0) })
    }
    return resolved
  }

  /// Finds every role among the tensors of a file.
  ///
  /// - Throws: `TensorTableError` when a role is missing, a shape is not the architecture's, or a tensor has no role.
  public func resolve(_ file: some WeightFile) throws(TensorTableError) -> ResolvedTensors {
    do throws(TensorTableError) {
      return try resolve(file.shapes)
    } catch {
      guard let path = file.shards.first?.path else { throw error }
      throw .inFile(path: path, error)
    }
  }

  /// The way this file begins its names: that under which it has an embedding.
  private func renaming(for shapes: [String: [Int]]) -> [TensorNaming.Prefix] {
    let embeddings = expansion.entries(ofGroup: 0).first?.candidates ?? []
    return prefixes.first { rename in
      embeddings.contains { shapes[TensorNaming.Prefix.apply(rename, to: $0.name)] != nil }
    } ?? []
  }

  private func source(
    of entry: TensorEntry, in shapes: [String: [Int]], _ rename: [TensorNaming.Prefix]
  ) throws(TensorTableError) -> TensorSource? {
    for var candidate in entry.candidates {
      candidate.name = TensorNaming.Prefix.apply(rename, to: candidate.name)
      guard let found = shapes[candidate.name] else { continue }
      guard found == candidate.fileShape else {
        throw .shape(name: candidate.name, role: entry.role, found: found, expected: candidate.fileShape)
      }
      return candidate
    }
    if entry.isRequired {
      throw .missing(
        role: entry.role, names: entry.candidates.map { TensorNaming.Prefix.apply(rename, to: $0.name) })
    }
    return nil
  }
}

/// Where each role of an architecture is in one file.
public struct ResolvedTensors: Sendable, Hashable {
  /// The place of each role; optional ones may be absent.
  public internal(set) var sources: [TensorRole: TensorSource] = [:]
  /// The names of tensors that have no role and need none, in order.
  public internal(set) var ignored: [String] = []

  /// Where the role was found, if the file has it.
  public subscript(role: TensorRole) -> TensorSource? { sources[role] }
}

extension WeightFile {
  /// The shape of each tensor by its name, outermost dimension first.
  var shapes: [String: [Int]] {
    Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
  }
}
